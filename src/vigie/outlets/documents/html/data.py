"""The findings as data: rows for the table, details for the drawer, in blocks of JSON.

A row is an array in the order of `ROW`; the script reads them all when the page opens. The
details of a finding are an array in the order of `details.DETAIL`; the script reads a block
of them when a drawer needs it. Numbers marked "ref" point into the table of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vigie.model.findings import Decision, Finding, Status
from vigie.model.observations import FixState, Kind
from vigie.model.results import Result
from vigie.model.severity import Severity
from vigie.model.text import Text, Words
from vigie.outlets.documents.html.details import Details
from vigie.outlets.documents.html.labels import STANCE, spoken, templates_of
from vigie.outlets.documents.html.script_words import SCRIPT
from vigie.outlets.documents.html.values import NOTHING, Values, embed
from vigie.outlets.phrases.labels import DECISION, FIX, KIND, SEVERITY, STATUS, UNDECIDED
from vigie.outlets.phrases.subjects import asset_names, spots_of, title_of
from vigie.outlets.stream import encode

# The order of a row: what the table shows, sorts, filters and searches.
ROW = (
    "fingerprint", "kind", "severity", "decision", "score", "rule", "title", "component",
    "version", "place", "places", "sources", "status", "fix", "fixVersion", "asset", "flags",
    "epss", "words", "type",
)  # fmt: skip

_KINDS = {kind: index for index, kind in enumerate(Kind)}
_SEVERITIES = {severity: index for index, severity in enumerate(Severity)}
_DECISIONS = {decision: index for index, decision in enumerate(Decision)}
_STATUSES = {status: index for index, status in enumerate(Status)}
_FIXES = {state: index for index, state in enumerate(FixState)}
_UNDECIDED = len(_DECISIONS)

_ROWS_PER_BLOCK = 2_000
_DETAILS_PER_BLOCK = 250
_PLACES_SEARCHED = 20

_EXPLOITED, _NOT_EXPLOITED, _RANSOMWARE, _NEW, _NOT_NEW = 1, 2, 4, 8, 16


def blocks(result: Result, findings: Sequence[Finding], words: Words) -> Iterator[bytes]:
    """Script elements with everything the page's script reads, made one at a time."""
    values = Values()
    tools = _tools(result, findings)
    yield block("meta", encode(_meta(result, findings, tools, words)))
    assets = {asset.id: index for index, asset in enumerate(result.assets)}
    rows = _Rows(values, {tool: index for index, tool in enumerate(tools)}, assets)
    for start in range(0, len(findings), _ROWS_PER_BLOCK):
        made = [rows.row(finding) for finding in findings[start : start + _ROWS_PER_BLOCK]]
        yield from _flushed(values)
        yield block("rows", encode(made))
    details = Details(values, words)
    for start in range(0, len(findings), _DETAILS_PER_BLOCK):
        some = findings[start : start + _DETAILS_PER_BLOCK]
        spelled = [details.detail(finding) for finding in some]
        yield from _flushed(values)
        yield block("details", encode(spelled), start)


def block(name: str, data: bytes, start: int = 0) -> bytes:
    """One data block; a browser neither runs nor fetches `application/json`."""
    opening = f'<script type="application/json" data-block="{name}" data-start="{start}">'
    return opening.encode() + embed(data) + b"</script>\n"


def _flushed(values: Values) -> Iterator[bytes]:
    if values.waiting:
        start, data = values.flush()
        yield block("values", data, start)


def _tools(result: Result, findings: Sequence[Finding]) -> list[str]:
    named = {run.tool for run in result.runs}
    for finding in findings:
        named.update(finding.sources)
    return sorted(named)


def _meta(
    result: Result, findings: Sequence[Finding], tools: list[str], words: Words
) -> dict[str, Any]:
    decisions = [*_options(DECISION, words), ["undecided", words(UNDECIDED)]]
    return {
        "lang": words.lang,
        "created": result.created,
        "count": len(findings),
        "row": ROW,
        "words": templates_of(SCRIPT, words),
        "stances": spoken({key.value: text for key, text in STANCE.items()}, words),
        "kind": _options(KIND, words),
        "severity": _options(SEVERITY, words),
        "decision": decisions,
        "status": _options(STATUS, words),
        "fix": _options(FIX, words),
        "source": [[tool, tool] for tool in tools],
        "asset": [[id_, name] for id_, name in asset_names(result, words).items()],
    }


def _options(texts: Mapping[Any, Text], words: Words) -> list[list[str]]:
    return [[key.value, words(text)] for key, text in texts.items()]


class _Rows:
    """Makes rows; keeps what repeats from one to the next."""

    def __init__(self, values: Values, tools: dict[str, int], assets: dict[str, int]) -> None:
        self._values = values
        self._tools = tools
        self._assets = assets

    def row(self, finding: Finding) -> list[Any]:
        """One row in the order of `ROW`."""
        text = self._values.text
        component, priority = finding.component, finding.priority
        epss = finding.signals.epss
        return [
            finding.fingerprint,
            _KINDS[finding.kind],
            _SEVERITIES[finding.severity],
            _DECISIONS[priority.decision] if priority else _UNDECIDED,
            round(priority.score, 1) if priority else None,
            text(finding.rule.id),
            text(title_of(finding)),
            text(component.name) if component else NOTHING,
            text(component.version) if component else NOTHING,
            text(next(iter(spots_of(finding)), "")),
            len(finding.instances),
            [self._tools[source] for source in finding.sources],
            _STATUSES[finding.status],
            _FIXES[finding.fix.state],
            text(finding.fix.versions[0]) if finding.fix.versions else NOTHING,
            self._assets.get(finding.asset, -1),
            _flags(finding),
            None if epss is None else round(epss, 5),
            text(self._words(finding)),
            text(component.type) if component else NOTHING,
        ]

    @staticmethod
    def _words(finding: Finding) -> str:
        """What a search finds besides what the row shows."""
        rule = finding.rule
        found = [*rule.aliases, *rule.weaknesses]
        if len(finding.instances) > 1:
            for instance in finding.instances[:_PLACES_SEARCHED]:
                if instance.name:
                    found.append(instance.name)
                if instance.location is not None:
                    found.append(instance.location.path or instance.location.resource)
        return " ".join(dict.fromkeys(word for word in found if word))


def _flags(finding: Finding) -> int:
    signals = finding.signals
    flags = 0
    if signals.kev is not None:
        flags |= _EXPLOITED if signals.kev else _NOT_EXPLOITED
    if signals.ransomware:
        flags |= _RANSOMWARE
    if finding.new is not None:
        flags |= _NEW if finding.new else _NOT_NEW
    return flags
