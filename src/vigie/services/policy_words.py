"""What a policy asks, in words: for people who read it before they keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vigie.model.policy import Condition, Policy, ToolSuppressions, Unknown
from vigie.model.text import T, Text
from vigie.outlets.phrases.labels import DECISION, KIND, SEVERITY


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A finding is blocked when all of `conditions` hold; without any, every finding is."""

    name: str
    conditions: tuple[Text, ...]


def rules_in_words(policy: Policy) -> tuple[RuleInWords, ...]:
    """Each rule of the gate, in the policy's order."""
    return tuple(RuleInWords(rule.name, tuple(_conditions(rule.when))) for rule in policy.rules)


def terms_in_words(policy: Policy) -> tuple[Text, ...]:
    """What else has to be so before the gate says yes."""
    return tuple(_terms(policy))


def _conditions(when: Condition) -> Iterator[Text]:
    if when.decisions:
        yield T("its decision is {names}", names=[DECISION[one] for one in when.decisions])
    if when.kinds:
        yield T("it is a {names}", names=[KIND[one] for one in when.kinds])
    if when.severity is not None:
        yield T("its severity is {severity} or higher", severity=SEVERITY[when.severity])
    if when.fix is not None:
        yield T("a fix exists") if when.fix else T("no fix exists")
    if when.kev is not None:
        yield T("it is known to be exploited") if when.kev else T("it is not known to be exploited")
    if when.epss is not None:
        yield T("its EPSS is {share} % or higher", share=round(when.epss * 100, 2))
    if when.older_than_days is not None:
        yield T("it was first seen more than {days} days ago", days=when.older_than_days)
    if when.new is not None:
        yield T("it is new since the baseline") if when.new else T("it stood in the baseline")
    if when.licences:
        yield T("its licence is one of {names}", names=list(when.licences))


def _terms(policy: Policy) -> Iterator[Text]:
    if policy.require.scanners:
        yield T("{names} must have looked, and finished", names=list(policy.require.scanners))
    if policy.require.complete:
        yield T("every scanner that ran must have finished")
    if policy.require.database_age_days is not None:
        days = policy.require.database_age_days
        yield T("vulnerability databases may be at most {days} days old", days=days)
    if policy.unknown is Unknown.BLOCK:
        yield T("what cannot be decided for want of data is blocked")
    elif policy.unknown is Unknown.INCOMPLETE:
        yield T("what cannot be decided for want of data leaves the verdict incomplete")
    else:
        yield T("what cannot be decided for want of data is let through")
    if policy.tool_suppressions is ToolSuppressions.ACCEPT:
        yield T("what only the scanners suppress is let through")
    else:
        yield T("what only the scanners suppress counts as open")
    if policy.waivers:
        yield T(
            "{count} waiver in the policy lets findings through",
            "{count} waivers in the policy let findings through",
            count=len(policy.waivers),
        )
