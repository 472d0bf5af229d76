"""The charts: marks beside words and numbers, so that each is its own text alternative.

A chart is a table or a list that reads well without its marks; the marks are inline SVG of
relative width. Bars link to the findings they count, through the address's hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.findings import Decision
from vigie.model.results import Plan, Step
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.html.tally import EPSS_BANDS, SCORE_BINS, Tally
from vigie.outlets.phrases.figures import decimal, number
from vigie.outlets.phrases.labels import DECISION, SEVERITY, UNDECIDED

COUNTING = "status=open,under_investigation"
_TOP = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` is 0–100 of the longest bar; `hatched` marks what is unknown."""

    label: str
    value: str
    share: float
    href: str = ""
    hatched: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix; `side` is the side of its square in hundredths."""

    value: str
    side: float
    href: str
    severity: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Charts:
    severities: tuple[tuple[str, str], ...]
    matrix: tuple[Row, ...]
    cleared: tuple[Bar, ...]
    cleared_rest: str
    agreement: tuple[Bar, ...]
    agreement_rest: str
    scores: tuple[Bar, ...]
    unscored: str
    epss: tuple[Bar, ...]


def charts(counts: Tally, plan: Plan, words: Words) -> Charts:
    """Every chart of a result."""
    upgrades = _upgrades(plan)
    return Charts(
        severities=tuple((severity.value, words(SEVERITY[severity])) for severity in Severity),
        matrix=_matrix(counts, words),
        cleared=_cleared(upgrades, words),
        cleared_rest=_rest(
            len(upgrades),
            words,
            T("and {count} more component", "and {count} more components", count=0),
        ),
        agreement=_agreement(counts, words),
        agreement_rest=_rest(
            len(counts.together),
            words,
            T("and {count} more combination", "and {count} more combinations", count=0),
        ),
        scores=_scores(counts, words),
        unscored=_unscored(counts, words),
        epss=_epss(counts, words),
    )


def link(**filters: str) -> str:
    """The address of a filtered list: `#decision=act%20now&status=open,…`."""
    pairs = [f"{key}={quote(value, safe=',')}" for key, value in filters.items()]
    return "#" + "&".join((*pairs, COUNTING))


def _matrix(counts: Tally, words: Words) -> tuple[Row, ...]:
    most = max(counts.matrix.values(), default=1)
    names: list[tuple[Decision | None, Text]] = list(DECISION.items())
    if counts.decided(None):
        names.append((None, UNDECIDED))
    rows = []
    for decision, name in names:
        word = decision.value if decision else "undecided"
        cells = tuple(
            Cell(
                number(counts.matrix[decision, severity], words.lang),
                _side(counts.matrix[decision, severity], most),
                link(decision=word, severity=severity.value),
                severity.value,
            )
            for severity in Severity
        )
        rows.append(Row(words(name), cells, number(counts.decided(decision), words.lang)))
    return tuple(rows)


def _side(count: int, most: int) -> float:
    """The square's area follows the count; the smallest one can still be seen."""
    return round(max(22.0, 100 * (count / most) ** 0.5), 1) if count else 0.0


def _bars(items: Iterable[tuple[str, int, str, bool, str]], words: Words) -> tuple[Bar, ...]:
    listed = list(items)
    most = max((count for _, count, *_ in listed), default=0) or 1
    return tuple(
        Bar(label, number(count, words.lang), _share(count, most), href, hatched, note)
        for label, count, href, hatched, note in listed
    )


def _share(count: int, most: int) -> float:
    return round(max(0.8, 100 * count / most), 1) if count else 0.0


def _cleared(groups: Sequence[Sequence[Step]], words: Words) -> tuple[Bar, ...]:
    return _bars(
        (
            (
                steps[0].component.name,
                _clears(steps),
                "#q=" + quote(f'component:"{steps[0].component.name}"'),
                False,
                _versions(steps),
            )
            for steps in groups[:_TOP]
        ),
        words,
    )


def _upgrades(plan: Plan) -> list[list[Step]]:
    """The steps of each component, in all assets together, the most useful first."""
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in plan.steps:
        groups.setdefault((step.component.name, step.component.type), []).append(step)
    return sorted(groups.values(), key=lambda steps: -_clears(steps))


def _clears(steps: Sequence[Step]) -> int:
    return len({fingerprint for step in steps for fingerprint in step.clears})


def _versions(steps: Sequence[Step]) -> str:
    """From and to, as far as all assets have them in common."""
    old = {step.component.version for step in steps}
    new = {step.version for step in steps}
    return f"{min(old) if len(old) == 1 else '…'} → {min(new) if len(new) == 1 else '…'}"


def _agreement(counts: Tally, words: Words) -> tuple[Bar, ...]:
    groups = sorted(counts.together.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    most = groups[0][1] if groups else 1
    return tuple(
        Bar(
            _only(group, words),
            number(count, words.lang),
            _share(count, most),
            link(q="only:" + "+".join(group)),
        )
        for group, count in groups
    )


def _only(group: tuple[str, ...], words: Words) -> str:
    if len(group) == 1:
        return words(T("{tool} alone", tool=group[0]))
    return " + ".join(group)


def _rest(count: int, words: Words, text: Text) -> str:
    left = count - _TOP
    if left <= 0:
        return ""
    return words(Text(text.template, {"count": left}, text.plural))


def _scores(counts: Tally, words: Words) -> tuple[Bar, ...]:
    if not counts.scores:
        return ()
    most = max(counts.scores.values())
    width = 100 // SCORE_BINS
    return tuple(
        Bar(
            f"{index * width}–{(index + 1) * width}",
            number(counts.scores[index], words.lang),
            _share(counts.scores[index], most),
        )
        for index in range(SCORE_BINS)
    )


def _unscored(counts: Tally, words: Words) -> str:
    if not counts.unscored:
        return ""
    return words(
        T(
            "{count} finding without a score",
            "{count} findings without a score",
            count=counts.unscored,
        )
    )


def _epss(counts: Tally, words: Words) -> tuple[Bar, ...]:
    if not counts.epss:
        return ()
    rows = []
    above = 1.0
    for band in EPSS_BANDS:
        low, high = (
            decimal(100 * edge, words.lang, int(0 < edge < 0.01)) for edge in (band, above)
        )
        space = "\u202f" if words.lang == "fr" else " "
        rows.append((f"{low}–{high}{space}%", counts.epss[band], "", False, ""))
        above = band
    if counts.epss[None]:
        rows.append((words(T("unknown")), counts.epss[None], "", True, ""))
    return _bars(rows, words)
