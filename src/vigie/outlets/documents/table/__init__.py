"""The terminal: one sentence, what keeps you from relying on it, and the most urgent findings.

Below 120 columns a finding takes two lines, so that nothing that somebody would copy is cut.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text as Line

from vigie.model.findings import Finding
from vigie.model.results import GateOutcome, Result
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.outlets.documents.table.rows import INK, grid, groups
from vigie.outlets.phrases import caveats, sentences, upgrades
from vigie.outlets.phrases.figures import line, local, number
from vigie.outlets.phrases.labels import OUTCOME, SEVERITY, SHAPES
from vigie.outlets.phrases.subjects import ranked, short
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

MOST_ROWS = 50
_MOST_STEPS = 5
_MOST_RULINGS = 8
_WIDE = 120
_NARROWEST = 60

_GATE_INK = {
    GateOutcome.PASS: INK[Severity.NONE],
    GateOutcome.FAIL: INK[Severity.CRITICAL],
    GateOutcome.INCOMPLETE: INK[Severity.HIGH],
}
_GATE_SHAPE = {GateOutcome.PASS: "✓", GateOutcome.FAIL: "✗", GateOutcome.INCOMPLETE: "?"}


class TableOutlet:
    format = "table"
    label = "Terminal"
    suffix = ".txt"
    media_type = "text/plain"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        screen = io.StringIO()
        console = Console(
            file=screen,
            width=max(_NARROWEST, view.width),
            color_system="256" if view.colour else None,
            force_terminal=view.colour,
            no_color=not view.colour,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )
        console.print(Group(*_page(result, view.words, console.width)))
        page = "".join(f"{row.rstrip()}\n" for row in screen.getvalue().splitlines())
        yield Part([page.encode("utf-8", "replace")])


OUTLET = TableOutlet()


def _page(result: Result, words: Words, width: int) -> Iterator[RenderableType]:
    headline = sentences.headline(result, words)
    if sentences.is_whole(result):
        yield Line(headline, style="bold")
    else:
        yield _marked("⚠", headline, INK[Severity.HIGH])
    second = " ".join(sentences.second(result, words))
    if second:
        yield Line(second)
    about = (short(result.target), local(result.created))
    yield Line(" · ".join(filter(None, about)), style="dim")
    tally = sentences.tally(result, words)
    if tally:
        yield Line(tally, style="dim")
    yield from _caveats(result, words)
    yield from _gate(result, words)
    findings = [finding for finding in ranked(result.findings) if finding.status.counts]
    if findings:
        yield Line()
        yield _severities(findings, words)
        yield from groups(findings, MOST_ROWS, words, width, wide=width >= _WIDE)
        yield from _more(len(findings) - MOST_ROWS, words)
    yield from _plan(result, words)
    yield from _closing(result, words)


def _caveats(result: Result, words: Words) -> Iterator[RenderableType]:
    found = caveats.caveats_of(result, words)
    if not found:
        return
    yield Line()
    rows = grid()
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    for caveat in found:
        ink = INK[Severity.CRITICAL if caveat.outcome is Outcome.FAILED else Severity.HIGH]
        outcome = words(OUTCOME[caveat.outcome]) if caveat.outcome else ""
        for index, reason in enumerate(caveat.reasons or ("",)):
            first = index == 0
            rows.add_row(
                Line(caveat.subject if first else "", style="bold"),
                Line(outcome if first else "", style=Style(color=ink)),
                Line(reason),
            )
    yield Padding(rows, (0, 0, 0, 2))


def _gate(result: Result, words: Words) -> Iterator[RenderableType]:
    if result.gate is None:
        return
    ink = _GATE_INK[result.gate.outcome]
    yield Line()
    yield _marked(_GATE_SHAPE[result.gate.outcome], sentences.verdict(result, words), ink)
    blocking = sentences.rulings(result, blocks=True)
    for ruling in blocking[:_MOST_RULINGS]:
        yield Padding(Line(sentences.ruling_line(ruling, words)), (0, 0, 0, 2))
    left = len(blocking) - _MOST_RULINGS
    if left > 0:
        yield Padding(Line(words(T("… and {count} more", count=left)), style="dim"), (0, 0, 0, 2))
    waived = sum(bool(r.waiver) for r in sentences.rulings(result, blocks=False))
    if waived:
        passed = T("{count} has a waiver", "{count} have a waiver", count=waived)
        yield Padding(Line(words(passed), style="dim"), (0, 0, 0, 2))


def _severities(findings: Sequence[Finding], words: Words) -> Line:
    counts = Counter(finding.severity for finding in findings)
    said = Line()
    for severity in Severity:
        if counts[severity]:
            said.append(f"{SHAPES[severity]} ", Style(color=INK[severity]))
            said.append(f"{words(SEVERITY[severity])} {number(counts[severity], words.lang)}   ")
    said.rstrip()
    return said


def _more(left: int, words: Words) -> Iterator[RenderableType]:
    if left <= 0:
        return
    yield Line()
    yield Line(
        words(
            T(
                "… and {count} more finding; --format html=report.html shows it.",
                "… and {count} more findings; --format html=report.html shows them all.",
                count=left,
            )
        )
    )


def _plan(result: Result, words: Words) -> Iterator[RenderableType]:
    steps = result.plan.steps
    if not steps:
        return
    yield Line()
    yield Line(words(T("UPGRADES")), style="bold")
    rows = grid()
    rows.add_column(justify="right", no_wrap=True)
    rows.add_column(overflow="fold")
    rows.add_column(no_wrap=True)
    for index, step in enumerate(steps[:_MOST_STEPS], 1):
        jump = upgrades.jump_of(step, words)
        said = ", ".join(filter(None, (upgrades.clears_line(step, words), jump)))
        rows.add_row(f"{index}.", upgrades.step_line(step, words), Line(said, "dim"))
    yield rows
    left = len(steps) - _MOST_STEPS
    if left > 0:
        more = T("… and {count} more step", "… and {count} more steps", count=left)
        yield Line(words(more), style="dim")
    after = upgrades.outlook_line(result.plan, words)
    if after:
        yield Line(after)


def _closing(result: Result, words: Words) -> Iterator[RenderableType]:
    fresh = sentences.new_line(result, words)
    if fresh:
        yield Line()
        yield Line(fresh)
    looked = [run for run in result.runs if run.outcome is not Outcome.FAILED]
    if not looked:
        return
    counts = Counter(_run(run.tool, run.version, run.database_date) for run in looked)
    runs = ", ".join(f"{run} ×{count}" if count > 1 else run for run, count in counts.items())
    yield Line()
    yield Line(words(T("Looked at by: {runs}", runs=runs)), style="dim")


def _run(tool: str, version: str, database: str) -> str:
    said = line(f"{tool} {version}")
    return f"{said} ({line(database)[:10]})" if database else said


def _marked(mark: str, said: str, ink: str) -> Line:
    return Line.assemble((f"{mark} ", Style(color=ink, bold=True)), (said, "bold"))
