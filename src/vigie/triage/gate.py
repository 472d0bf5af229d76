"""The gate: may this ship? Every answer names the finding, the rule and the waiver.

It fails closed. A condition that cannot be decided, a required scanner that did not finish
and a database that is too old are never a yes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vigie.model.findings import Finding, Status
from vigie.model.observations import FixState, Kind
from vigie.model.policy import Condition, GateRule, Policy, ToolSuppressions, Unknown
from vigie.model.results import GateOutcome, GateResult, Result, Ruling
from vigie.model.severity import Severity
from vigie.triage.claims import rule_fits
from vigie.triage.licences import is_listed
from vigie.triage.requirements import REQUIRED, unmet
from vigie.triage.rulings import UNDECIDED, accepted, blocked, licence_rulings, undecided, waived


def judge(result: Result, policy: Policy, today: str) -> GateResult:
    """The verdict on a result. `today` is an ISO date.

    A scanner that the policy requires and that did not look is INCOMPLETE whatever else was
    found: the list is not whole. Otherwise a blocking finding is FAIL, because nothing more
    could turn it into a yes; any other requirement or question left open is INCOMPLETE.
    """
    missing = tuple(unmet(result, policy, today))
    decided = tuple(_judge_findings(result, policy, today))
    if any(r.rule == REQUIRED for r in missing):
        outcome = GateOutcome.INCOMPLETE
    elif any(r.blocks and not r.rule.endswith(UNDECIDED) for r in decided):
        outcome = GateOutcome.FAIL
    elif any(r.blocks for r in (*missing, *decided)):
        outcome = GateOutcome.INCOMPLETE
    else:
        outcome = GateOutcome.PASS
    return GateResult(outcome, policy.name, (*missing, *decided))


def _judge_findings(result: Result, policy: Policy, today: str) -> Iterator[Ruling]:
    for finding in result.findings:
        if not _is_settled(finding, today):
            ruling = _judge_one(finding, policy, today)
            if ruling is not None:
                yield ruling
    yield from licence_rulings(result, policy, today)


def _is_settled(finding: Finding, today: str) -> bool:
    """True when somebody has answered for it, and the answer still holds.

    A saved result may be judged after a suppression in it has expired.
    """
    if finding.status.counts or _is_by_tool_alone(finding):
        return False
    expires = finding.suppression.expires if finding.suppression is not None else ""
    return not expires or expires > today[:10]


def _is_by_tool_alone(finding: Finding) -> bool:
    said = finding.suppression
    return finding.status is Status.SUPPRESSED and (said is None or not said.expires)


def _judge_one(finding: Finding, policy: Policy, today: str) -> Ruling | None:
    accepts = policy.tool_suppressions is ToolSuppressions.ACCEPT and _is_by_tool_alone(finding)
    question: Ruling | None = None
    for rule in policy.rules:
        holds = _holds(rule.when, finding, today)
        if holds is False:
            continue
        if holds is None:
            if policy.unknown is Unknown.INCOMPLETE and question is None and not accepts:
                question = _unless_waived(undecided(rule, finding), rule, finding, policy, today)
            if policy.unknown is not Unknown.BLOCK:
                continue
        return accepted(rule, finding) if accepts else _blocked(rule, finding, policy, today)
    return question


def _holds(when: Condition, finding: Finding, today: str) -> bool | None:
    """True, False, or None when it depends on something that is not known."""
    answers = list(_answers(when, finding, today))
    if not answers or False in answers:
        return False  # a rule without conditions blocks nothing
    return None if None in answers else True


def _answers(when: Condition, finding: Finding, today: str) -> Iterator[bool | None]:
    if when.kinds:
        yield finding.kind in when.kinds
    if when.decisions:
        priority = finding.priority
        yield None if priority is None else priority.decision in when.decisions
    if when.severity is not None:
        unknown = finding.severity is Severity.UNKNOWN
        yield None if unknown else finding.severity.rank >= when.severity.rank
    if when.fix is not None:
        state = finding.fix.state
        yield None if state is FixState.UNKNOWN else (state is FixState.FIXED) is when.fix
    if when.new is not None:
        yield None if finding.new is None else finding.new is when.new
    if when.licences:
        yield finding.kind is Kind.LICENCE and is_listed(finding.rule.id, when.licences)
    yield from _exploitation(when, finding)
    if when.older_than_days is not None:
        age = _age(finding, today)
        yield None if age is None else age > when.older_than_days


def _exploitation(when: Condition, finding: Finding) -> Iterator[bool | None]:
    if when.kev is None and when.epss is None:
        return
    if finding.kind is not Kind.VULNERABILITY:
        yield False
        return
    if when.kev is not None:
        yield None if finding.signals.kev is None else finding.signals.kev is when.kev
    if when.epss is not None:
        yield None if finding.signals.epss is None else finding.signals.epss >= when.epss


def _age(finding: Finding, today: str) -> int | None:
    """Days since it was first seen; unknown without a baseline that has seen it."""
    if finding.new is None:
        return None
    try:
        return (date.fromisoformat(today[:10]) - date.fromisoformat(finding.first_seen[:10])).days
    except ValueError:
        return None


def _blocked(rule: GateRule, finding: Finding, policy: Policy, today: str) -> Ruling:
    fitting = [w for w in policy.waivers if rule_fits(w, finding)]
    expired = next((w for w in fitting if w.expires <= today[:10]), None)
    return _unless_waived(blocked(rule, finding, expired), rule, finding, policy, today)


def _unless_waived(
    ruling: Ruling, rule: GateRule, finding: Finding, policy: Policy, today: str
) -> Ruling:
    holding = (w for w in policy.waivers if w.expires > today[:10] and rule_fits(w, finding))
    waiver = next(holding, None)
    return ruling if waiver is None else waived(rule, finding, waiver)
