"""One finding as one readable row: what it is called, where it is, what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.model.findings import Finding
from vigie.model.text import T, Words
from vigie.outlets.phrases.figures import decimal, line
from vigie.outlets.phrases.labels import SEVERITY, STATUS, decision_of, decision_text
from vigie.outlets.phrases.subjects import fix_of, spots_of, title_of

_LONGEST_FIX = 160


@dataclass(frozen=True, slots=True)
class StaticRow:
    """A row of the table that is there without JavaScript and on paper."""

    decision: str
    decision_word: str
    score: str
    severity: str
    severity_word: str
    rule: str
    title: str
    component: str
    version: str
    fix: str
    place: str
    more: str
    sources: str
    reasons: tuple[str, ...]
    counts: bool
    status: str
    settled: str


def static_row(finding: Finding, asset: str, words: Words) -> StaticRow:
    """The row in words; `asset` is its name."""
    priority, component = finding.priority, finding.component
    spots = spots_of(finding)
    more = len(spots) - 1
    return StaticRow(
        decision=priority.decision.name.lower() if priority else "undecided",
        decision_word=words(decision_text(decision_of(finding))),
        score=decimal(priority.score, words.lang, 0) if priority else "?",
        severity=finding.severity.value,
        severity_word=words(SEVERITY[finding.severity]),
        rule=finding.rule.id,
        title=title_of(finding),
        component=component.name if component else "",
        version=component.version if component else "",
        fix=_fix(finding, words),
        place=spots[0] if spots else asset,
        more=words(T("+{count} more", count=more)) if more > 0 else "",
        sources=", ".join(finding.sources),
        reasons=tuple(words(reason.text) for reason in priority.reasons) if priority else (),
        counts=finding.status.counts,
        status=words(STATUS[finding.status]),
        settled=settled(finding, words),
    )


def _fix(finding: Finding, words: Words) -> str:
    """The version that mends it, or why there is none, or the advice."""
    if finding.fix.versions:
        return finding.fix.versions[0]
    return fix_of(finding, words) or line(finding.fix.advice, _LONGEST_FIX)


def settled(finding: Finding, words: Words) -> str:
    """Why it does not count, who says so and until when; "" when nobody set it aside."""
    said = finding.suppression
    if said is None:
        return ""
    parts = [said.reason or said.statement]
    if said.owner:
        parts.append(words(T("owner: {name}", name=said.owner)))
    if said.expires:
        parts.append(words(T("expires {date}", date=said.expires)))
    return " · ".join(part for part in parts if part)
