"""The small reports we wrote ourselves: `tests/golden/reports/<format>/<case>.<ending>`."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from vigie.ports.reports import Report
from vigie.wiring.plugs import REPORTS, Plugs

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "reports"
PARSERS = Plugs(REPORTS)


def samples(format_name: str) -> list[Path]:
    """Our own reports in this format, without the files that hold what is expected."""
    folder = GOLDEN / format_name
    return sorted(p for p in folder.glob("*") if not p.name.endswith(".golden"))


def all_samples() -> list[Path]:
    return [path for name in PARSERS for path in samples(name)]


def plain(value: Any) -> Any:
    """A dataclass tree as plain JSON, without what is empty or unknown, for golden files."""
    if is_dataclass(value) and not isinstance(value, type):
        if type(value).__name__ == "Text":
            return str(value)
        pairs = ((field.name, plain(getattr(value, field.name))) for field in fields(value))
        return {name: item for name, item in pairs if item not in ("", None, [], {}, "unknown")}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (frozenset, set)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def spell(reports: list[Report]) -> str:
    return json.dumps([plain(report) for report in reports], indent=1, ensure_ascii=False) + "\n"
