"""The few sentences that formats for programs carry for the people behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind
from vigie.model.results import Result
from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.model.text import T, Text, Words
from vigie.outlets.phrases.subjects import title_of

_STATES = {
    FixState.NOT_FIXED: T("There is no fix yet."),
    FixState.WILL_NOT_FIX: T("The maintainers will not fix it."),
    FixState.DEFERRED: T("The maintainers have put the fix off."),
    FixState.END_OF_LIFE: T("This version is no longer maintained: move to one that is."),
}
_OUTCOMES = {
    Outcome.PARTIAL: T("{tool} did not look at everything: {why}"),
    Outcome.FAILED: T("{tool} failed: {why}"),
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that was not looked at: which tool, whether it gave nothing at all, and why."""

    tool: str
    failed: bool
    text: str


def title(finding: Finding) -> str:
    """What it is, on one line: the title, or else the start of a description, or the id."""
    return title_of(finding, longest=0) or finding.rule.id


def subject(finding: Finding) -> str:
    """ "CVE-2024-1 in openssl 3.0.1"; the id and the title where no package is meant."""
    part = finding.component
    if part is None:
        head = title(finding)
        return head if finding.rule.id in head else f"{finding.rule.id}: {head}"
    named = " ".join(filter(None, (part.name, part.version)))
    return f"{finding.rule.id} ({named})"


def remedy(finding: Finding, words: Words) -> str:
    """What mends it, in words; "" when nobody knows."""
    part = finding.component
    said = finding.fix.advice
    if finding.fix.versions and part is not None:
        versions = " / ".join(finding.fix.versions)
        upgrade = T("Upgrade {name} to version {versions}.", name=part.name, versions=versions)
        return " ".join(filter(None, (words(upgrade), said)))
    state = _STATES.get(finding.fix.state)
    return " ".join(filter(None, (words(state) if state is not None else "", said)))


def set_aside(finding: Finding, words: Words) -> str:
    """Why a finding does not count, by whom and how long; "" when it counts."""
    decision = finding.suppression
    if decision is None:
        return ""
    said = [decision.reason, decision.statement]
    if decision.owner:
        said.append(words(T("Decided by {name}.", name=decision.owner)))
    if decision.expires:
        said.append(words(T("Expires on {date}.", date=decision.expires)))
    return "\n".join(filter(None, said))


def shortfalls(
    result: Result, words: Words, kinds: frozenset[Kind] | None = None
) -> list[Shortfall]:
    """Runs that did not look at everything, of tools that may see one of the kinds."""
    if not result.runs:
        return [Shortfall("vigie", True, words(T("Nothing was looked at.")))]
    return [
        Shortfall(run.tool, run.outcome is Outcome.FAILED, words(_shortfall(run)))
        for run in result.runs
        if run.outcome is not Outcome.COMPLETE and _concerns(run, kinds)
    ]


def _concerns(run: Run, kinds: frozenset[Kind] | None) -> bool:
    # A tool of which nobody knows what it sees may have seen this.
    return kinds is None or run.coverage is None or bool(run.coverage.kinds & kinds)


def _shortfall(run: Run) -> Text:
    why = tuple(p.message for p in run.problems if p.code is not ProblemCode.NOTE)
    said = why or (T("it gives no reason"),)
    return T(_OUTCOMES[run.outcome].template, tool=run.tool, why=said)


def left_out(result: Result, kinds: frozenset[Kind]) -> Iterator[Finding]:
    """Findings of other kinds, for which a format has no place."""
    return (finding for finding in result.findings if finding.kind not in kinds)
