"""tfsec JSON, from the rules named "AWS018" to those named "AVD-AWS-0086".

Source: `tfsec -f json`; `FlatResult` in aquasecurity/defsec `pkg/scan/flat.go`, where a status
is a number: 0 failed, 1 passed, 2 ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage
from vigie.model.severity import Severity, severity_from_word
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

# Until 0.39 tfsec had three severities of its own.
_OLD_SEVERITIES = {"error": Severity.HIGH, "warning": Severity.MEDIUM}

# Before it had a field of its own, the resource stood in the description.
_RESOURCE = re.compile(r"^Resource '([^']+)'")


class TfsecParser:
    format = "tfsec"
    tool = "tfsec"
    label = "tfsec"
    coverage = Coverage(frozenset({Kind.MISCONFIGURATION}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.keys == {"results"} and sketch.at("results") is None:
            return sketch.form is Form.JSON_OBJECT  # how tfsec writes that it found nothing
        first = sketch.at("results", 0) if "results" in sketch.keys else None
        return isinstance(first, dict) and "rule_id" in first and "location" in first

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if "results" not in root.members():
            raise RecordError("has no results")
        tally = Tally()
        tally.read_all(root.items("results"), _observe)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
        )


def _observe(node: Node) -> Observation:
    result = node.record()
    severity = result.text("severity")
    status = result.text("status").lower()
    passed = status in ("passed", "1") or result.flag("passed") is True
    ignored = status in ("ignored", "2")
    return Observation(
        tool="tfsec",
        kind=Kind.MISCONFIGURATION,
        rule=_rule(result),
        record=result.pointer,
        verdict=Verdict.PASS if passed else Verdict.FAIL,
        severity=_OLD_SEVERITIES.get(severity.lower(), severity_from_word(severity)),
        severity_said=severity,
        message=result.text("description"),
        locations=(_location(result),),
        fix=Fix(advice=result.text("resolution")),
        claim=Claim(Stance.SUPPRESSED, statement="ignored by a comment", author="tfsec")
        if ignored
        else None,
    )


def _rule(result: Record) -> Rule:
    identity = result.need("rule_id")
    names = (result.text("long_id"), result.text("legacy_rule_id"))
    impact = result.text("impact")
    words = (result.text("rule_description"), impact)
    return Rule(
        id=identity,
        aliases=tuple(dict.fromkeys(name for name in names if name not in ("", identity))),
        title=result.text("rule_description"),
        description="\n".join(filter(None, words)),
        references=tuple(dict.fromkeys((*result.texts("links"), *result.texts("link")))),
    )


def _location(result: Record) -> Location:
    place = result.child("location")
    said = _RESOURCE.match(result.text("description"))
    return Location(
        path=place.text("filename"),
        start_line=place.line("start_line"),
        end_line=place.line("end_line"),
        resource=result.text("resource") or (said[1] if said else ""),
    )


PARSER = TfsecParser()
