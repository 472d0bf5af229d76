"""Runs every benchmark in this folder and writes `bench/results.md`.

`python -m bench.run` runs all; with names it runs those (`python -m bench.run order startup`).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import NotMeasured, Row, machine

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table; columns in the order of the first row."""
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *([str(r.get(c, "")) for c in columns] for r in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(name: str) -> str:
    """One benchmark's title, what it does, and its rows or why there are none."""
    module = importlib.import_module(f"bench.bench_{name}")
    try:
        body = table(list(module.measure()))
    except NotMeasured as reason:
        body = f"Not measured: {reason}."
    return f"## {module.TITLE}\n\n{module.ABOUT}\n\n{body}\n"


def main(wanted: Sequence[str]) -> int:
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    parts = []
    for name in wanted or names():
        parts.append(section(name))
        print(parts[-1], flush=True)
    if not wanted:
        head = f"# Measured\n\nOn {machine()}, {datetime.now(UTC):%Y-%m-%d}, by `make bench`.\n"
        (HERE / "results.md").write_text("\n".join([head, *parts]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
