"""What did the person hand us: a saved result, reports of scanners, or targets to scan?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Form, ReportParser, Sketch
from vigie.sources.reports.document import Limits, open_document

# A file with such an ending that nobody recognises is a report we cannot read, not a target.
_REPORTS = frozenset({".json", ".jsonl", ".ndjson", ".sarif", ".xml", ".csv"})
_RESULT = frozenset({"schema_version", "target", "runs", "findings", "summary"})


class Given(StrEnum):
    RESULT = "result"
    REPORTS = "reports"
    TARGETS = "targets"


def sort_out(
    arguments: Sequence[str], parsers: Mapping[str, ReportParser], limits: Limits | None = None
) -> Given:
    """Which of the three all arguments are. Raises UserError for a mixture or two results."""
    kinds = {argument: _kind(argument, parsers, limits) for argument in arguments}
    if len(set(kinds.values())) > 1:
        parts = tuple(f"{argument}: {kind.value}" for argument, kind in kinds.items())
        raise UserError(
            T("these do not go together: {parts}", parts=parts),
            T("Give one result, or reports only, or targets only."),
        )
    (kind,) = set(kinds.values())
    if kind is Given.RESULT and len(arguments) > 1:
        raise UserError(
            T("only one result can be judged at a time"),
            T("Merge the reports behind them with `vigie merge`, then judge that."),
        )
    return kind


def _kind(argument: str, parsers: Mapping[str, ReportParser], limits: Limits | None) -> Given:
    path = Path(argument)
    if not path.is_file():
        return Given.TARGETS
    try:
        sketch = open_document(path, limits).sketch
    except UserError:
        broken = path.suffix.lower() in _REPORTS or _looks_like_a_report(path)
        return Given.REPORTS if broken else Given.TARGETS
    if _is_result(sketch):
        return Given.RESULT
    if path.suffix.lower() in _REPORTS or any(parsers[n].recognises(sketch) for n in parsers):
        return Given.REPORTS
    return Given.REPORTS if _looks_like_a_report(path) else Given.TARGETS


def _looks_like_a_report(path: Path) -> bool:
    """True for what a tool that died leaves behind: nothing, or the start of JSON or XML.

    Taken for a target it would be scanned, and its emptiness pass for innocence.
    """
    try:
        with path.open("rb") as file:
            head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return True
    return not head or head.startswith((b"{", b"[{", b"<?xml"))


def _is_result(sketch: Sketch) -> bool:
    return sketch.form is Form.JSON_OBJECT and sketch.keys >= _RESULT
