"""CSV (RFC 4180), one row for each finding, for programs: the columns are stable English.

No byte order mark: programs would take it for a part of the first column's name, and the
spreadsheet has a format of its own. Several values in one cell are joined by "; ". A cell
that a spreadsheet would run as a formula starts with an apostrophe (OWASP, CSV Injection).
Empty is unknown. Only `reasons` are in the reader's language.

A run that is not complete stands before the findings in a row of kind "run": no row at all
would say that nothing was found where nothing was looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from vigie.model.findings import Finding
from vigie.model.results import Result
from vigie.model.runs import Outcome
from vigie.model.text import T, Words
from vigie.outlets.phrases.caveats import reasons
from vigie.outlets.phrases.figures import clean
from vigie.outlets.phrases.subjects import places_of, title_of
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_ROWS_IN_A_CHUNK = 500

Cell = str | int | float | bool | None


class CsvOutlet:
    format = "csv"
    label = "CSV"
    suffix = ".csv"
    media_type = "text/csv; charset=utf-8; header=present"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(_chunks(result, view.words))


OUTLET = CsvOutlet()


def _joined(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


def _names(finding: Finding) -> str:
    return _joined(f"{i.name} {i.version}".strip() for i in finding.instances)


def _absent(finding: Finding, *, could_know: bool) -> str:
    return _joined(a.tool for a in finding.agreement.absences if a.could_know is could_know)


def _best_score(finding: Finding) -> float | None:
    return max((s.value for s in finding.scores if s.value is not None), default=None)


# Column, and what stands in it. New columns go to the end: programs may count.
COLUMNS: dict[str, Callable[[Finding, Words], Cell]] = {
    "fingerprint": lambda f, _: f.fingerprint,
    "kind": lambda f, _: f.kind.value,
    "rule_id": lambda f, _: f.rule.id,
    "aliases": lambda f, _: _joined(f.rule.aliases),
    "title": lambda f, _: f.rule.title or f.message or title_of(f),
    "weaknesses": lambda f, _: _joined(f.rule.weaknesses),
    "status": lambda f, _: f.status.value,
    "decision": lambda f, _: f.priority.decision.value if f.priority else None,
    "score": lambda f, _: f.priority.score if f.priority else None,
    "score_low": lambda f, _: f.priority.low if f.priority else None,
    "score_high": lambda f, _: f.priority.high if f.priority else None,
    "severity": lambda f, _: f.severity.value,
    "severity_source": lambda f, _: f.severity_source,
    "severities": lambda f, _: _joined(f"{source}: {word}" for source, word in f.severities),
    "cvss": lambda f, _: _best_score(f),
    "epss": lambda f, _: f.signals.epss,
    "kev": lambda f, _: f.signals.kev,
    "asset": lambda f, _: f.asset,
    "component": lambda f, _: f.component.name if f.component else None,
    "component_version": lambda f, _: f.component.version if f.component else None,
    "component_type": lambda f, _: f.component.type if f.component else None,
    "purl": lambda f, _: f.component.purl if f.component else None,
    "instances": lambda f, _: len(f.instances),
    "instance_names": lambda f, _: _names(f),
    "places": lambda f, _: _joined(places_of(f)),
    "fix_state": lambda f, _: f.fix.state.value,
    "fix_versions": lambda f, _: _joined(f.fix.versions),
    "fix_advice": lambda f, _: f.fix.advice,
    "sources": lambda f, _: _joined(f.sources),
    "silent": lambda f, _: _absent(f, could_know=True),
    "could_not_know": lambda f, _: _absent(f, could_know=False),
    "new": lambda f, _: f.new,
    "first_seen": lambda f, _: f.first_seen,
    "last_seen": lambda f, _: f.last_seen,
    "reasons": lambda f, words: (
        _joined(words(r.text) for r in f.priority.reasons) if f.priority else None
    ),
    "suppression_source": lambda f, _: f.suppression.source if f.suppression else None,
    "suppression_reason": lambda f, _: f.suppression.reason if f.suppression else None,
    "suppression_owner": lambda f, _: f.suppression.owner if f.suppression else None,
    "suppression_expires": lambda f, _: f.suppression.expires if f.suppression else None,
    "reference": lambda f, _: f.rule.references[0] if f.rule.references else None,
}


def _incomplete(result: Result, words: Words) -> Iterator[dict[str, Cell]]:
    """Runs that did not look at everything: tool, outcome, reasons."""
    for run in result.runs:
        if run.outcome is not Outcome.COMPLETE:
            yield {
                "kind": "run",
                "rule_id": run.tool,
                "status": run.outcome.value,
                "asset": run.asset,
                "reasons": _joined(reasons(run.problems, words, most=20, tool=run.tool)),
            }
    if not result.runs:
        yield {"kind": "run", "status": "missing", "reasons": words(T("Nothing was looked at."))}


def _chunks(result: Result, words: Words) -> Iterator[bytes]:
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for told in _incomplete(result, words):
        writer.writerow([_cell(told.get(column)) for column in COLUMNS])
    for index, finding in enumerate(result.findings, 1):
        writer.writerow([_cell(value(finding, words)) for value in COLUMNS.values()])
        if index % _ROWS_IN_A_CHUNK == 0:
            yield _taken(page)
    yield _taken(page)


def _taken(page: io.StringIO) -> bytes:
    data = page.getvalue().encode("utf-8", "replace")
    page.seek(0)
    page.truncate()
    return data


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return format(value, ".10g")
    value = clean(value)
    # A line inside a cell may become a cell of its own when somebody pastes it.
    return "\n".join(_defused(part) for part in value.split("\n"))


def _defused(text: str) -> str:
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
