"""The gate: may this ship? Every answer names the finding, the rule and the waiver.

It fails closed. A condition that cannot be decided, a required scanner that did not finish
and a database that is too old are never a yes.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from datetime import date

from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind
from vigie.model.policy import Condition, GateRule, Policy, Unknown, Waiver
from vigie.model.results import GateOutcome, GateResult, Result, Ruling
from vigie.model.severity import Severity
from vigie.model.text import T, Text
from vigie.triage.claims import rule_fits
from vigie.triage.requirements import REQUIRED, unmet


def judge(result: Result, policy: Policy, today: str) -> GateResult:
    """The verdict on a result. `today` is an ISO date.

    A scanner that the policy requires and that did not look is INCOMPLETE whatever else was
    found: the list is not whole. Otherwise a blocking finding is FAIL, because nothing more
    could turn it into a yes; any other requirement or question left open is INCOMPLETE.
    """
    missing = list(unmet(result, policy.require, today))
    rulings = [*missing, *_judge_findings(result, policy, today)]
    blocking = [r for r in rulings if r.blocks]
    unmet_ids = set(map(id, missing))
    if any(r.rule == REQUIRED for r in missing):
        outcome = GateOutcome.INCOMPLETE
    elif any(id(r) not in unmet_ids and not _is_undecided(r) for r in blocking):
        outcome = GateOutcome.FAIL
    elif blocking:
        outcome = GateOutcome.INCOMPLETE
    else:
        outcome = GateOutcome.PASS
    return GateResult(outcome, policy.name, tuple(rulings))


_UNDECIDED = ":undecided"


def _is_undecided(ruling: Ruling) -> bool:
    return ruling.rule.endswith(_UNDECIDED)


def _judge_findings(result: Result, policy: Policy, today: str) -> Iterator[Ruling]:
    for finding in result.findings:
        if finding.status.counts:
            ruling = _judge_one(finding, policy, today)
            if ruling is not None:
                yield ruling
    yield from _judge_licences(result, policy)


def _judge_one(finding: Finding, policy: Policy, today: str) -> Ruling | None:
    undecided: Ruling | None = None
    for rule in policy.rules:
        holds = _holds(rule.when, finding, today)
        if holds is False:
            continue
        if holds is None:
            if policy.unknown is Unknown.INCOMPLETE and undecided is None:
                undecided = _undecided(rule, finding)
            if policy.unknown is not Unknown.BLOCK:
                continue
        return _blocked(rule, finding, policy, today)
    return undecided


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
        yield finding.kind is Kind.LICENCE and _is_listed(finding.rule.id, when.licences)
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
    valid = next((w for w in fitting if w.expires > today[:10]), None)
    if valid is not None:
        return Ruling(
            rule.name, finding.fingerprint, False, _waived(finding, valid), waiver=valid.id
        )
    expired = next(iter(fitting), None)
    text = T("{rule_id} in {what} is blocked by {rule}", rule_id=finding.rule.id,
             what=_what(finding), rule=rule.name)  # fmt: skip
    if expired is not None:
        text = T("{text}; waiver {id} expired on {date}", text=text, id=expired.id,
                 date=expired.expires)  # fmt: skip
    return Ruling(rule.name, finding.fingerprint, True, text, remedy=_remedy(finding))


def _waived(finding: Finding, waiver: Waiver) -> Text:
    return T(
        "{rule_id} in {what} is waived by {id} until {date}: {reason} ({owner})",
        rule_id=finding.rule.id,
        what=_what(finding),
        id=waiver.id,
        date=waiver.expires,
        reason=waiver.reason,
        owner=waiver.owner,
    )


def _undecided(rule: GateRule, finding: Finding) -> Ruling:
    return Ruling(
        f"{rule.name}{_UNDECIDED}",
        finding.fingerprint,
        True,
        T("{rule_id} in {what}: {rule} cannot be decided", rule_id=finding.rule.id,
          what=_what(finding), rule=rule.name),
        remedy=_missing_input(rule.when, finding),
    )  # fmt: skip


def _missing_input(when: Condition, finding: Finding) -> Text:
    if (when.new is not None or when.older_than_days is not None) and finding.new is None:
        return T("give the earlier result with --baseline")
    if when.kev is not None and finding.signals.kev is None:
        return T("give the KEV catalogue with --kev")
    if when.epss is not None and finding.signals.epss is None:
        return T("give the EPSS scores with --epss")
    if when.severity is not None and finding.severity is Severity.UNKNOWN:
        return T("no source gives a severity; decide it by a waiver or set unknown: in the policy")
    return T("decide it by a waiver, or set unknown: in the policy")


def _remedy(finding: Finding) -> Text:
    if finding.fix.state is FixState.FIXED and finding.fix.versions:
        return T(
            "upgrade {name} to {version}", name=_what(finding), version=finding.fix.versions[0]
        )
    if finding.kind is Kind.SECRET:
        return T("revoke the secret and take it out of {what}", what=_what(finding))
    if finding.kind is Kind.VULNERABILITY:
        return T("there is no fix: remove {name} or waive it with an expiry", name=_what(finding))
    return T("mend it in {what}, or waive it with an expiry", what=_what(finding))


def _what(finding: Finding) -> str:
    if finding.component is not None:
        return finding.component.name
    place = next((i.location for i in finding.instances if i.location is not None), None)
    if place is None:
        return finding.asset
    line = f":{place.start_line}" if place.path and place.start_line else ""
    return (place.path or place.resource or place.url or finding.asset) + line


def _judge_licences(result: Result, policy: Policy) -> Iterator[Ruling]:
    """Licence rules also look at components that no scanner complained about."""
    for rule in policy.rules:
        if not rule.when.licences or (rule.when.kinds and Kind.LICENCE not in rule.when.kinds):
            continue
        for item in result.components:
            listed = [x for x in item.component.licences if _is_listed(x, rule.when.licences)]
            if listed:
                name = f"{item.component.name} {item.component.version}".strip()
                yield Ruling(
                    rule.name,
                    item.component.purl or name,
                    True,
                    T("{name} is under {licence}, blocked by {rule}", name=name,
                      licence=listed[0], rule=rule.name),
                    remedy=T("replace {name}, or agree its licence with whoever decides",
                             name=item.component.name),
                )  # fmt: skip


def _is_listed(licence: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(licence.lower(), pattern.lower()) for pattern in patterns)
