"""The top of the report: what needs somebody today, and what this report cannot promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.findings import Decision, Finding
from vigie.model.results import Result, Step
from vigie.model.text import T, Words
from vigie.outlets.documents.html.charts import link
from vigie.outlets.documents.html.figures import requirement
from vigie.outlets.documents.html.tally import Tally
from vigie.outlets.phrases.figures import number
from vigie.outlets.phrases.labels import DECISION, DECISION_MEANING
from vigie.outlets.phrases.subjects import asset_names, spots_of, title_of
from vigie.outlets.phrases.upgrades import new_of, old_of

_MOST_THINGS = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do today: an upgrade that clears findings, or a finding to mend by hand."""

    title: str
    subtitle: str
    reason: str
    reach: str
    action: str
    copy: str
    href: str
    severity: str


@dataclass(frozen=True, slots=True)
class Card:
    """One decision with its count and its way to the findings."""

    decision: str
    word: str
    meaning: str
    count: str
    href: str
    empty: bool


def cards(counts: Tally, words: Words) -> list[Card]:
    """One card for each decision."""
    return [
        Card(
            decision.name.lower(),
            words(DECISION[decision]),
            words(DECISION_MEANING[decision]),
            number(counts.decided(decision), words.lang),
            link(decision=decision.value),
            counts.decided(decision) == 0,
        )
        for decision in Decision
    ]


def things(findings: Sequence[Finding], result: Result) -> list[list[Finding]]:
    """The findings to act on now, gathered by what settles them together, in their order."""
    step_of: dict[str, int] = {}
    for index, step in enumerate(result.plan.steps):
        for fingerprint in step.clears:
            step_of.setdefault(fingerprint, index)
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        if not finding.status.counts or finding.priority is None:
            continue
        if finding.priority.decision is Decision.ACT:
            component = finding.component.name if finding.component else ""
            alone = (finding.kind, finding.rule.id, component, finding.asset)
            groups.setdefault(step_of.get(finding.fingerprint, alone), []).append(finding)
    return list(groups.values())


def shown_things(groups: Sequence[list[Finding]], result: Result, words: Words) -> list[Thing]:
    """The first of them, as cards."""
    step_of = {fp: step for step in reversed(result.plan.steps) for fp in step.clears}
    names = asset_names(result, words)
    return [
        _thing(
            group,
            step_of.get(group[0].fingerprint),
            names.get(group[0].asset, group[0].asset),
            words,
        )
        for group in groups[:_MOST_THINGS]
    ]


def _thing(group: list[Finding], step: Step | None, asset: str, words: Words) -> Thing:
    first = group[0]
    reasons = first.priority.reasons if first.priority else ()
    places = sum(max(1, len(finding.instances)) for finding in group)
    reach = [
        words(T("{count} finding", "{count} findings", count=len(group))),
        words(T("{count} place", "{count} places", count=places)),
        asset,
    ]
    if step is None:
        where = next(iter(spots_of(first)), "")
        name, action, copy = title_of(first) or first.rule.id, first.fix.advice, ""
        subtitle = " · ".join(part for part in (first.rule.id, where) if part)
    else:
        name, subtitle = step.component.name, title_of(first) or first.rule.id
        action = words(T("Upgrade {old} to {new}", old=old_of(step) or "?", new=new_of(step)))
        copy = requirement(step.component, step.version)
    return Thing(
        title=name,
        subtitle=subtitle if subtitle != name else "",
        reason=" · ".join(words(reason.text) for reason in reasons[:2]),
        reach=" · ".join(part for part in reach if part),
        action=action,
        copy=copy,
        href=f"#f={quote(first.fingerprint)}",
        severity=first.severity.value,
    )


def left_out(groups: Sequence[object], words: Words) -> str:
    """How many things to do now have no card; "" for none."""
    left = len(groups) - _MOST_THINGS
    if left <= 0:
        return ""
    return words(T("and {count} more in the list below", count=left))
