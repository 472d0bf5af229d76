"""The gate's answers in words: what blocks, what was let through and by whose leave."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from vigie.model.findings import Finding, Status
from vigie.model.observations import FixState, Kind
from vigie.model.policy import Condition, GateRule, Policy, Unknown, Waiver
from vigie.model.results import InventoryItem, Result, Ruling
from vigie.model.severity import Severity
from vigie.model.text import T, Text
from vigie.triage.licences import is_listed
from vigie.triage.packages import purl_matches

UNDECIDED = ":undecided"  # ends the rule's name in a ruling that nobody could make


def blocked(rule: GateRule, finding: Finding, expired: Waiver | None) -> Ruling:
    """The rule holds and nothing lets the finding through."""
    text = T("{rule_id} in {what} is blocked by {rule}", rule_id=finding.rule.id,
             what=_what(finding), rule=rule.name)  # fmt: skip
    text = _with_its_suppression(text, finding)
    if expired is not None:
        text = T("{text}; waiver {id} expired on {date}", text=text, id=expired.id,
                 date=expired.expires)  # fmt: skip
    return Ruling(rule.name, finding.fingerprint, True, text, remedy=_remedy(finding))


def _with_its_suppression(text: Text, finding: Finding) -> Text:
    said = finding.suppression
    if finding.status.counts or said is None:
        return text
    if said.expires:
        return T("{text}; its suppression expired on {date}", text=text, date=said.expires)
    return T("{text}; only {source} itself suppresses it", text=text, source=said.source)


def waived(rule: GateRule, finding: Finding, waiver: Waiver) -> Ruling:
    """A waiver that holds lets it through."""
    text = _leave(finding.rule.id, _what(finding), waiver)
    return Ruling(rule.name, finding.fingerprint, False, text, waiver=waiver.id)


def _leave(rule_id: str, what: str, waiver: Waiver) -> Text:
    return T(
        "{rule_id} in {what} is waived by {id} until {date}: {reason} ({owner})",
        rule_id=rule_id,
        what=what,
        id=waiver.id,
        date=waiver.expires,
        reason=waiver.reason,
        owner=waiver.owner,
    )


def accepted(rule: GateRule, finding: Finding) -> Ruling:
    """The tools suppress it, and the policy accepts that."""
    said = finding.suppression
    text = T("{rule_id} in {what} is suppressed by {source}: {reason}", rule_id=finding.rule.id,
             what=_what(finding), source=said.source if said is not None else "?",
             reason=said.reason if said is not None else "?")  # fmt: skip
    return Ruling(rule.name, finding.fingerprint, False, text)


def undecided(rule: GateRule, finding: Finding) -> Ruling:
    """Something that the rule asks for is not known."""
    return Ruling(
        f"{rule.name}{UNDECIDED}",
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
    if finding.status is Status.SUPPRESSED:
        return T("mend it, or answer for it in a suppression file or a waiver")
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


def licence_rulings(result: Result, policy: Policy, today: str) -> Iterator[Ruling]:
    """Licence rules also look at components that no scanner complained about."""
    for rule in policy.rules:
        if not rule.when.licences or (rule.when.kinds and Kind.LICENCE not in rule.when.kinds):
            continue
        for item in result.components:
            listed = [x for x in item.component.licences if is_listed(x, rule.when.licences)]
            if listed:
                yield _of_component(item, listed[0], rule, policy, today)
        if policy.unknown is not Unknown.IGNORE:
            yield from _unknown_licences(result, rule, policy)


def _of_component(
    item: InventoryItem, licence: str, rule: GateRule, policy: Policy, today: str
) -> Ruling:
    name = f"{item.component.name} {item.component.version}".strip()
    subject = item.component.purl or name
    fitting = [w for w in policy.waivers if _waives(w, item, licence)]
    valid = next((w for w in fitting if w.expires > today[:10]), None)
    if valid is not None:
        return Ruling(rule.name, subject, False, _leave(licence, name, valid), waiver=valid.id)
    text = T("{name} is under {licence}, blocked by {rule}", name=name, licence=licence,
             rule=rule.name)  # fmt: skip
    if fitting:
        text = T("{text}; waiver {id} expired on {date}", text=text, id=fitting[0].id,
                 date=fitting[0].expires)  # fmt: skip
    remedy = T("replace {name}, or agree its licence with whoever decides and waive it",
               name=item.component.name)  # fmt: skip
    return Ruling(rule.name, subject, True, text, remedy=remedy)


def _waives(waiver: Waiver, item: InventoryItem, licence: str) -> bool:
    component = item.component
    is_it = component.name == waiver.component or purl_matches(waiver.component, component.purl)
    checks = [
        (waiver.fingerprint, False),  # an inventory has neither
        (waiver.path, False),
        (waiver.rule, waiver.rule.upper() == licence.upper()),
        (waiver.component, is_it),
        (waiver.asset, fnmatch.fnmatchcase(item.asset, waiver.asset)),
    ]
    given = [fits for selector, fits in checks if selector]
    return bool(given) and all(given)


def _unknown_licences(result: Result, rule: GateRule, policy: Policy) -> Iterator[Ruling]:
    count = sum(not item.component.licences for item in result.components)
    looked = any(r.coverage is not None and Kind.LICENCE in r.coverage.kinds for r in result.runs)
    if count:
        text = T("{rule}: the licence of {count} component is unknown",
                 "{rule}: the licence of {count} components is unknown",
                 rule=rule.name, count=count)  # fmt: skip
    elif not result.components and not looked:
        text = T("{rule}: nobody looked at licences", rule=rule.name)
    else:
        return
    name = rule.name if policy.unknown is Unknown.BLOCK else f"{rule.name}{UNDECIDED}"
    remedy = T("add a bill of materials that names licences, or set unknown: ignore in the policy")
    yield Ruling(name, "", True, text, remedy=remedy)
