"""A hundred thousand findings: merged, prioritised, written as JSON and HTML."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Row, corpus, run_python
from bench.replicate import replicate

TITLE = "From 1,000 to 100,000 findings"
ABOUT = (
    "A real Grype report replicated with distinct packages, through `vigie merge` to JSON and "
    "HTML: wall clock and peak memory of the whole process. Aim: 100,000 in under 30 s and 1 GiB."
)

_CODE = """
import sys
from vigie.faces.cli.main import main
sys.argv = ["vigie", *sys.argv[1:]]
try:
    main()
except SystemExit as stop:
    assert stop.code in (0, None), stop.code
"""


def measure() -> Iterator[Row]:
    source = corpus("pairs", "debian12-python", "grype-results.json")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (1_000, 10_000, 100_000):
            report = folder / "report.json"
            replicate(source, report, count)
            out, page = folder / "out.json", folder / "out.html"
            cost = run_python(
                _CODE, "merge", str(report), "--format", f"json={out}", "--format", f"html={page}"
            )
            yield {
                "matches": f"{count:,}",
                "report": f"{report.stat().st_size / 1024**2:.1f} MiB",
                "seconds": f"{cost.seconds:.1f}",
                "per 1,000": f"{cost.seconds * 1000 / count:.2f} s",
                "peak memory": f"{cost.memory:.0f} MiB",
                "JSON": f"{out.stat().st_size / 1024**2:.0f} MiB",
                "HTML": f"{page.stat().st_size / 1024**2:.0f} MiB",
            }
