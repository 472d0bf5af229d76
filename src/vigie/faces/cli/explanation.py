"""An explanation as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.findings import Finding
from vigie.model.observations import Location, Observation
from vigie.model.results import Result
from vigie.model.text import T, Words
from vigie.triage.explain import Evidence, Explanation


def lines_of(explanation: Explanation, result: Result, say: Words) -> Iterator[str]:
    """What was found, why it matters, and the evidence, one statement a line."""
    finding = explanation.finding
    yield f"{finding.rule.id}  {finding.rule.title}".rstrip()
    yield f"  {say(T('fingerprint: {fingerprint}', fingerprint=finding.fingerprint))}"
    if finding.rule.aliases:
        yield f"  {say(T('also known as: {names}', names=finding.rule.aliases))}"
    yield f"  {say(explanation.identity)}"
    yield f"  {say(T('severity: {what}', what=explanation.severity))}"
    yield f"  {say(T('fix: {what}', what=explanation.fix))}"
    yield from _decided(finding, say)
    yield ""
    yield say(T("Evidence"))
    for number, evidence in enumerate(explanation.evidence, 1):
        yield from _evidence(number, evidence, say)
    yield from _absences(finding, say)
    if not result.complete:
        yield ""
        yield say(T("Not every scanner looked at everything: the result is partial."))


def _decided(finding: Finding, say: Words) -> Iterator[str]:
    priority = finding.priority
    if priority is not None:
        words = T(
            "decision: {decision}, score {score} ({low} to {high})",
            decision=T(priority.decision.value),
            score=round(priority.score),
            low=round(priority.low),
            high=round(priority.high),
        )
        yield f"  {say(words)}"
        for reason in priority.reasons:
            yield f"    - {say(reason.text)}"
    suppression = finding.suppression
    if suppression is not None:
        words = T(
            "set aside ({source}): {reason}", source=suppression.source, reason=suppression.reason
        )
        yield f"  {say(words)}"


def _evidence(number: int, evidence: Evidence, say: Words) -> Iterator[str]:
    observation = evidence.observation
    run = evidence.run
    tool = " ".join(filter(None, (observation.tool, run.version if run is not None else "")))
    yield f"  {number}. {tool}: {observation.rule.id} {_subject(observation)}".rstrip()
    place = " ".join(filter(None, (run.file if run is not None else "", evidence.record)))
    yield f"     {say(T('record: {place}', place=place))}"
    yield f"     {say(T('joined because: {why}', why=evidence.reason))}"
    said = observation.severity_said or T("unknown")
    words = T("it says: severity {severity}, fix {fix}", severity=said, fix=_fix(observation))
    yield f"     {say(words)}"
    for location in observation.locations[:5]:
        yield f"     {say(T('at: {place}', place=_place(location)))}"


def _absences(finding: Finding, say: Words) -> Iterator[str]:
    for absence in finding.agreement.absences:
        text = (
            T("{tool} looked and does not say it: {reason}", tool=absence.tool,
              reason=absence.reason)
            if absence.could_know
            else T("{tool} could not have known: {reason}", tool=absence.tool,
                   reason=absence.reason)
        )  # fmt: skip
        yield f"  - {say(text)}"


def _subject(observation: Observation) -> str:
    component = observation.component
    return f"{component.name} {component.version}".strip() if component is not None else ""


def _fix(observation: Observation) -> str:
    return ", ".join(observation.fix.versions) or observation.fix.state.value.replace("_", " ")


def _place(location: Location) -> str:
    line = f":{location.start_line}" if location.start_line is not None else ""
    return f"{location.path or location.url or location.resource}{line}"
