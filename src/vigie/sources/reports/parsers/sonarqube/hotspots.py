"""Security hotspots: code that a person must review before anyone knows whether it is a flaw."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.model.identity import anchor
from vigie.model.observations import Location, Observation, Rule
from vigie.sources.reports.parsers.sonarqube.issues import resolution_claim
from vigie.sources.reports.parsers.sonarqube.words import (
    component_path,
    sonar_kind,
    sonar_severity,
)
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node


@dataclass(frozen=True, slots=True)
class HotspotReader:
    """Makes an observation of one hotspot, with the paths the report came with."""

    components: dict[str, str]

    def __call__(self, node: Node) -> Observation:
        hotspot = node.record()
        rule = hotspot.first("ruleKey", "rule", "securityCategory")
        if not rule:
            raise RecordError("has no ruleKey")
        likelihood = hotspot.text("vulnerabilityProbability")
        return Observation(
            tool="sonarqube",
            kind=sonar_kind(rule),
            rule=Rule(id=rule, title=hotspot.text("securityCategory").replace("-", " ")),
            record=hotspot.pointer,
            severity=sonar_severity(likelihood),
            severity_said=likelihood,
            message=hotspot.text("message"),
            locations=(_location(hotspot, self.components),),
            claim=resolution_claim(hotspot),
        )


def _location(hotspot: Record, components: dict[str, str]) -> Location:
    column = hotspot.integer("textRange", "startOffset")
    return Location(
        path=component_path(hotspot, components),
        start_line=hotspot.line("line") or hotspot.line("textRange", "startLine"),
        end_line=hotspot.line("textRange", "endLine"),
        start_column=column + 1 if column is not None and column >= 0 else None,
        anchor=anchor(hotspot.text("key")),  # follows the hotspot through shifts
    )
