"""The findings as rows, in groups by decision whose columns line up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text as Line

from vigie.model.findings import Decision, Finding
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.phrases import sentences
from vigie.outlets.phrases.figures import decimal, line, number, sentence
from vigie.outlets.phrases.labels import SEVERITY, SHAPES, decision_of, decision_text
from vigie.outlets.phrases.subjects import (
    agreement_of,
    fix_of,
    named,
    reasons_of,
    title_of,
    where_of,
)

_MOST_REASONS = 3
_LONGEST_PLACE = 44

# SCREENS' hues at a lightness with 4:1 or more on black and on white: nobody knows which it is.
# They survive the 256 colours that every terminal has.
INK = {
    Severity.CRITICAL: "#D80B28",
    Severity.HIGH: "#D0450E",
    Severity.MEDIUM: "#A66A12",
    Severity.LOW: "#3577BE",
    Severity.NONE: "#2F855A",
    Severity.UNKNOWN: "#6F7680",
}


def grid() -> Table:
    """A table without lines."""
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def groups(
    findings: Sequence[Finding], shown: int, words: Words, width: int, *, wide: bool
) -> Iterator[RenderableType]:
    """The first `shown` of the ranked findings under their decisions, each with its count."""
    counts = sentences.counted(findings)
    columns = _Columns(words, width)
    for index, (decision, group) in enumerate(groupby(findings[:shown], decision_of)):
        table = columns.wide(list(group)) if wide else columns.narrow(list(group))
        table.show_header = index == 0
        title = words(decision_text(decision)).upper()
        yield Line()
        yield Line(f"{title} · {number(counts[decision], words.lang)}", style="bold")
        yield table


class _Columns:
    """The rows of one group, in columns that line up with those of the other groups."""

    def __init__(self, words: Words, width: int) -> None:
        self.words = words
        self.width = width
        self.severity_width = 2 + max(len(words(text)) for text in SEVERITY.values())

    def narrow(self, findings: Sequence[Finding]) -> Table:
        table = self._table()
        table.add_column(self._head(T("Finding")), ratio=1, overflow="fold")
        table.add_column(self._head(T("Found by")), no_wrap=True, width=self._agreement_width)
        for finding in findings:
            about = self._title(finding, self._two_lines - len(finding.rule.id))
            second, why = self._second(finding), self._why(finding)
            about.append(f"\n{second}" if second else "")
            about.append(f"\n{why}" if why else "", "dim")
            table.add_row(*self._start(finding), about, agreement_of(finding, self.words))
        return table

    def wide(self, findings: Sequence[Finding]) -> Table:
        table = self._table()
        table.add_column(self._head(T("Finding")), ratio=4, overflow="fold")
        table.add_column(self._head(T("Component")), ratio=3, overflow="fold")
        table.add_column(self._head(T("Fix")), ratio=2, overflow="fold")
        table.add_column(self._head(T("Where")), ratio=3, overflow="fold")
        table.add_column(self._head(T("Found by")), ratio=2, overflow="fold")
        for finding in findings:
            about = self._title(finding, 100)
            why = self._why(finding)
            if why:
                about.append(f"\n{why}", "dim")
            table.add_row(
                *self._start(finding),
                about,
                named(finding.component),
                fix_of(finding, self.words),
                where_of(finding, self.words),
                f"{agreement_of(finding, self.words)} ({line(', '.join(finding.sources))})",
            )
        return table

    def _why(self, finding: Finding) -> str:
        reasons = reasons_of(finding, self.words, _MOST_REASONS)
        if not reasons or decision_of(finding) is not Decision.ACT:
            return ""
        return self.words(T("why: {reasons}", reasons=reasons))

    def _second(self, finding: Finding) -> str:
        """ "requests 2.31.0 → 2.32.0 · requirements.txt:3"."""
        component, fix = named(finding.component), fix_of(finding, self.words)
        if component and finding.fix.versions:
            component, fix = f"{component} {fix}", ""
        where = where_of(finding, self.words, _LONGEST_PLACE)
        return " · ".join(filter(None, (component, fix, where)))

    def _table(self) -> Table:
        table = grid()
        table.expand = True
        table.add_column(self._head(T("Score")), justify="right", no_wrap=True, width=5)
        table.add_column(self._head(T("Severity")), no_wrap=True, width=self.severity_width)
        return table

    def _start(self, finding: Finding) -> tuple[Line, Line]:
        score = decimal(finding.priority.score, self.words.lang) if finding.priority else "?"
        ink = Style(color=INK[finding.severity], bold=finding.severity.rank >= 4)
        severity = f"{SHAPES[finding.severity]} {self.words(SEVERITY[finding.severity])}"
        return Line(score), Line(severity, ink)

    def _title(self, finding: Finding, longest: int) -> Line:
        said = Line.assemble((line(finding.rule.id, 80), "bold"))
        title = title_of(finding)
        if title:
            said.append(f": {sentence(title, longest)}")
        if finding.new:
            said.append(f" {self.words(T('new'))}", "italic")
        return said

    @property
    def _two_lines(self) -> int:
        """About as many characters as two lines of a narrow table's titles hold."""
        others = 5 + self.severity_width + self._agreement_width + 3 * 2
        return max(64, 2 * (self.width - others) - 8)  # words do not fill a line to its end

    @property
    def _agreement_width(self) -> int:
        sample = self.words(T("{said} of {able}", said=9, able=9))
        return max(len(sample), len(self.words(T("Found by"))))

    def _head(self, text: Text) -> Line:
        return Line(self.words(text), "dim")
