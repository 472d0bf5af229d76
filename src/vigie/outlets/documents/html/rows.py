"""One finding as one readable row: what it is called, where it is, what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.model.findings import Finding
from vigie.model.observations import FixState
from vigie.model.text import T, Words
from vigie.outlets.documents.html.figures import decimal, number, where
from vigie.outlets.documents.html.labels import (
    DECISION,
    FIX,
    KIND,
    SEVERITY,
    STATUS,
    UNDECIDED,
)

_TITLE = 200


@dataclass(frozen=True, slots=True)
class StaticRow:
    """A row of the table that is there without JavaScript and on paper."""

    decision: str
    decision_word: str
    score: str
    severity: str
    severity_word: str
    kind: str
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


def title_of(finding: Finding) -> str:
    """The rule's title, else the first line of what was said; "" when there is only an id."""
    rule = finding.rule
    if rule.title and rule.title != rule.id:
        return rule.title
    said = (finding.message or rule.description).strip()
    line = said.split("\n", 1)[0]
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…"


def place_of(finding: Finding) -> str:
    """Where its first instance with a place is."""
    return next((place for place in map(where, finding.instances) if place), "")


def static_row(finding: Finding, asset: str, words: Words) -> StaticRow:
    """The row in words; `asset` is its name."""
    priority, component = finding.priority, finding.component
    more = len(finding.instances) - 1
    return StaticRow(
        decision=priority.decision.name.lower() if priority else "undecided",
        decision_word=words(DECISION[priority.decision] if priority else UNDECIDED),
        score=decimal(priority.score, words.lang, 0) if priority else "?",
        severity=finding.severity.value,
        severity_word=words(SEVERITY[finding.severity]),
        kind=words(KIND[finding.kind]),
        rule=finding.rule.id,
        title=title_of(finding),
        component=component.name if component else "",
        version=component.version if component else "",
        fix=fix_of(finding, words),
        place=place_of(finding) or asset,
        more=words(T("+{count} more", count=number(more, words.lang))) if more > 0 else "",
        sources=", ".join(finding.sources),
        reasons=tuple(words(reason.text) for reason in priority.reasons) if priority else (),
        counts=finding.status.counts,
        status=words(STATUS[finding.status]),
        settled=settled(finding, words),
    )


def fix_of(finding: Finding, words: Words) -> str:
    """The version that mends it, or why there is none."""
    fix = finding.fix
    if fix.state is FixState.FIXED and fix.versions:
        return fix.versions[0]
    if fix.state is FixState.UNKNOWN and fix.advice:
        return fix.advice
    return words(FIX[fix.state])


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
