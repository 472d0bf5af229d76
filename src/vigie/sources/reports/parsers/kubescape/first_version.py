"""Version 1 of Kubescape's JSON: frameworks with control reports.

One rule response is one record; so is a control without any, which passed.
Source: `FrameworkReport` in kubescape/opa-utils `reporthandling/datastructures.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Claim, Fix, Kind, Location, Observation, Rule, Stance, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.parsers.kubescape.severity import severity_of_factor
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node


def read_first_version(root: Node) -> Iterator[Report]:
    """The reports of frameworks side by side: one report over all of them."""
    tally = Tally()
    frameworks = [root] if root.first == b"{" else list(root.items())
    for framework in frameworks:
        if framework.get("controlReports") is None:
            raise RecordError("has no controlReports")
        for control in framework.items("controlReports"):
            _read_control_report(control, tally)
    yield Report(
        tool="kubescape",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
    )


def _read_control_report(control: Node, tally: Tally) -> None:
    responses = [
        response
        for rule in control.items("ruleReports")
        for response in rule.items("ruleResponses")
        if response.first == b"{"
    ]
    if not responses:
        tally.read(control, lambda node: _observe_response(node, Record({}), Verdict.PASS))
    for response in responses:
        tally.read(
            response,
            lambda node: _observe_response(control, node.record(), _old_verdict(node.record())),
        )


def _old_verdict(response: Record) -> Verdict:
    word = response.text("ruleStatus").lower()
    words = {"": Verdict.FAIL, "failed": Verdict.FAIL, "warning": Verdict.FAIL}
    return words.get(word, Verdict.PASS if word in ("success", "passed") else Verdict.UNKNOWN)


def _observe_response(control: Node, response: Record, verdict: Verdict) -> Observation:
    name = control.text("name")
    identity = control.text("controlID") or control.text("id") or name
    if not identity:
        raise RecordError("has no name")
    score = control.get("baseScore")
    factor = score.value() if score is not None else None
    things = response.children("alertObject", "k8sApiObjects")
    exception = response.child("exception")
    return Observation(
        tool="kubescape",
        kind=Kind.MISCONFIGURATION,
        rule=Rule(identity, title=name, description=control.text("description")),
        record=response.pointer or control.pointer,
        verdict=verdict,
        severity=severity_of_factor(factor if isinstance(factor, (int, float)) else None),
        message=response.text("alertMessage") or name,
        locations=tuple(Location(resource=_named_record(thing)) for thing in things),
        fix=Fix(advice=control.text("remediation")),
        claim=Claim(Stance.SUPPRESSED, statement=exception.text("name"), author="kubescape")
        if exception
        else None,
    )


def _named_record(thing: Record) -> str:
    names = (thing.text("kind"), thing.text("metadata", "namespace") or thing.text("namespace"),
             thing.text("metadata", "name") or thing.text("name"))  # fmt: skip
    return "/".join(filter(None, names))
