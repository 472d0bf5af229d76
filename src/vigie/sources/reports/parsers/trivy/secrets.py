"""Trivy's secrets (`SecretFinding`). Trivy hides the value with asterisks; we trust but look."""

from __future__ import annotations

from vigie.model.identity import anchor
from vigie.model.observations import Kind, Location, Observation, Rule
from vigie.model.severity import severity_from_word
from vigie.sources.reports.parsers.trivy.target import Target
from vigie.sources.reports.records import Record


def observe_secret(record: Record, target: Target) -> Observation:
    """One secret at one place. The line is kept only where the value in it is hidden."""
    severity = record.text("Severity")
    match = record.text("Match")
    return Observation(
        tool="trivy",
        kind=Kind.SECRET,
        rule=Rule(record.need("RuleID"), title=record.text("Title")),
        record=record.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        message=record.text("Category"),
        locations=(
            Location(
                path=target.name,
                start_line=record.line("StartLine"),
                end_line=record.line("EndLine"),
                layer=record.text("Layer", "DiffID"),
                anchor=anchor(match),
                snippet=match if "***" in match else "",
            ),
        ),
    )
