"""The top of the report: what needs somebody today, and what this report cannot promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from vigie.model.findings import Decision, Finding
from vigie.model.results import Result, Step
from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.text import T, Text, Words
from vigie.outlets.documents.html.charts import link
from vigie.outlets.documents.html.figures import number, requirement
from vigie.outlets.documents.html.labels import DECISION, DECISION_MEANING, OUTCOME
from vigie.outlets.documents.html.rows import place_of, title_of
from vigie.outlets.documents.html.tally import Tally

_MOST_THINGS = 5
_NUMBERS = (
    T("One"), T("Two"), T("Three"), T("Four"), T("Five"), T("Six"),
    T("Seven"), T("Eight"), T("Nine"), T("Ten"), T("Eleven"), T("Twelve"),
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Caveat:
    """A run or an input that does not let the reader rely on the whole."""

    outcome: str
    word: str
    title: str
    problems: tuple[tuple[str, str], ...]  # what, and what to do


def complete(result: Result) -> bool:
    """True when something looked, and everything that was asked for looked at everything."""
    return bool(result.runs) and result.complete


def headline(result: Result, counts: Tally, things: Sequence[object], words: Words) -> list[str]:
    """The first sentence a reader sees, and the second."""
    whole = complete(result)
    if counts.total == 0:
        return [words(text) for text in _nothing_found(result, counts, whole)]
    urgent = len(things)
    if urgent:
        sentences = [words(_needs(urgent, words))]
    else:
        sentences = [words(T("Nothing needs you today."))]
        later = counts.decided(Decision.PLAN)
        if later:
            sentences.append(
                words(
                    T(
                        "{count} finding belongs in the next cycle.",
                        "{count} findings belong in the next cycle.",
                        count=later,
                    )
                )
            )
    if not whole:
        sentences.append(words(T("Not everything was looked at: the rest is unknown, not safe.")))
    return sentences


def _nothing_found(result: Result, counts: Tally, whole: bool) -> list[Text]:
    if not result.runs:
        return [
            T("Nothing was looked at."),
            T("No scanner ran and no report was read, so this is not safe: it is unknown."),
        ]
    if not whole:
        return [
            T("No findings, but this is not safe."),
            T("Not everything was looked at: the rest is unknown, not safe."),
        ]
    if counts.settled:
        return [T("Nothing is open."), T("Every finding was set aside or fixed; they are below.")]
    return [T("No findings."), T("Everything that was asked for was looked at.")]


def _needs(count: int, words: Words) -> Text:
    said: object = _NUMBERS[count - 1] if count <= len(_NUMBERS) else number(count, words.lang)
    if count == 1:
        return T("{number} thing needs you today.", number=said)
    return T("{number} things need you today.", number=said)


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
    names = asset_names(result)
    return [
        _thing(
            group,
            step_of.get(group[0].fingerprint),
            names.get(group[0].asset, group[0].asset),
            words,
        )
        for group in groups[:_MOST_THINGS]
    ]


def asset_names(result: Result) -> dict[str, str]:
    """How people call each asset, by its id."""
    return {item.id: item.asset.name or item.id for item in result.assets}


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
        where = place_of(first)
        name, action, copy = title_of(first) or first.rule.id, first.fix.advice, ""
        subtitle = " · ".join(part for part in (first.rule.id, where) if part)
    else:
        name, subtitle = step.component.name, title_of(first) or first.rule.id
        action = words(
            T("Upgrade {old} to {new}", old=step.component.version or "?", new=step.version)
        )
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


def caveats(result: Result, words: Words, most: int = 12) -> list[Caveat]:
    """Runs that are not complete, and problems of the whole, the worst first."""
    runs = sorted(
        (run for run in result.runs if run.outcome is not Outcome.COMPLETE),
        key=lambda run: run.outcome is not Outcome.FAILED,
    )
    names = asset_names(result)
    found = [
        Caveat(
            run.outcome.value,
            words(OUTCOME[run.outcome]),
            " · ".join(part for part in (run.tool, run.file or names.get(run.asset, "")) if part),
            spoken_problems(run.problems, words, most),
        )
        for run in runs
    ]
    loose = [problem for problem in result.problems if problem.code is not ProblemCode.NOTE]
    if loose:
        heading = words(T("Around the scan"))
        found.append(Caveat("input", "", heading, spoken_problems(loose, words, most)))
    return found


def spoken_problems(
    problems: Sequence[Problem], words: Words, most: int
) -> tuple[tuple[str, str], ...]:
    """What and what to do, one pair for each; what is left out is counted."""
    said = [
        (
            " · ".join(part for part in (words(p.message), p.where or p.record) if part),
            words(p.hint) if p.hint else "",
        )
        for p in problems[:most]
    ]
    left = len(problems) - most
    if left > 0:
        more = T(
            "and {count} more problem; the JSON result lists it",
            "and {count} more problems; the JSON result lists them",
            count=left,
        )
        said.append((words(more), ""))
    return tuple(said)
