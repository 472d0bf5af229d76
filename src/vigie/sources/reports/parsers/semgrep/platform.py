"""Findings of the Semgrep AppSec Platform: `GET /deployments/{slug}/findings`."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Signals,
    Stance,
)
from vigie.ports.reports import Report
from vigie.sources.reports.parsers.semgrep.local import is_direct, semgrep_severity
from vigie.sources.reports.places import clean_path, cwe_ids
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_REACHABLE = {
    "reachable": True,
    "always reachable": True,
    "unreachable": False,
    "no reachability analysis": None,
}


def read_findings(root: Node) -> Report:
    """One page of findings. Each names its own repository."""
    tally = Tally()
    tally.read_all(root.need_items("findings"), _observe)
    return Report(
        tool="semgrep",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
    )


def _observe(node: Node) -> Observation:
    finding = node.record()
    rule = finding.text("rule_name") or finding.text("rule", "name")
    if not rule:
        raise RecordError("has no rule_name")
    severity = finding.text("severity")
    kind = _kind(finding, rule)
    repository = finding.text("repository", "name")
    return Observation(
        tool="semgrep",
        kind=kind,
        rule=_rule(rule, finding),
        record=finding.pointer,
        severity=semgrep_severity(severity),
        severity_said=severity,
        # A secret rule's message is the rule's own text; the matched code is not in it.
        message=finding.text("rule_message") or finding.text("rule", "message"),
        component=_component(finding),
        locations=(_location(finding),),
        fix=_fix(finding),
        signals=_signals(finding),
        claim=platform_claim(
            tuple(finding.text(name) for name in ("triage_state", "status", "state")),
            finding.first("triage_reason", "triage_comment"),
        ),
        asset=Asset(AssetKind.REPOSITORY, repository) if repository else None,
    )  # fmt: skip


def _kind(finding: Record, rule: str) -> Kind:
    if finding.child("found_in_dependency"):
        return Kind.VULNERABILITY
    named = rule.lower().split(".")
    categories = [c.lower() for c in (*finding.texts("categories"), finding.text("type"))]
    if "secrets" in named or {"secret", "secrets"} & set(categories):
        return Kind.SECRET
    return Kind.SECRET if finding.text("validation_state") else Kind.WEAKNESS


def _rule(name: str, finding: Record) -> Rule:
    rule = finding.child("rule")
    identity = finding.text("vulnerability_identifier")
    return Rule(
        id=identity or name,
        aliases=(name,) if identity else (),
        title=name.rpartition(".")[2],
        weaknesses=cwe_ids(*rule.texts("cwe_names")),
    )


def _component(finding: Record) -> Component | None:
    found = finding.child("found_in_dependency")
    if not found.text("package"):
        return None
    return Component(
        name=found.text("package"),
        version=found.text("version"),
        type=package_type(found.text("ecosystem")),
        direct=is_direct(found.text("transitivity")),
    )


def _location(finding: Record) -> Location:
    place = finding.child("location")
    identity = finding.first("match_based_id", "syntactic_id")
    return Location(
        path=clean_path(place.text("file_path")),
        start_line=place.line("line"),
        end_line=place.line("end_line"),
        start_column=place.line("column"),
        url=finding.text("line_of_code_url"),
        anchor=anchor(identity),
    )


def _fix(finding: Record) -> Fix:
    versions = tuple(dict.fromkeys(_recommended(finding)))
    return Fix(FixState.FIXED, versions) if versions else Fix()


def _recommended(finding: Record) -> Iterator[str]:
    package = finding.text("found_in_dependency", "package")
    for advice in finding.children("fix_recommendations"):
        if advice.text("version") and advice.text("package") in ("", package):
            yield advice.text("version")


def _signals(finding: Record) -> Signals:
    return Signals(
        epss=finding.number("epss_score", "score"),
        epss_percentile=finding.number("epss_score", "percentile"),
        reachable=_REACHABLE.get(finding.text("reachability").lower()),
        confidence=finding.text("confidence").lower(),
    )


def platform_claim(states: tuple[str, ...], reason: str) -> Claim | None:
    """What somebody, or the next scan, decided on the platform."""
    words = {state.lower() for state in states}
    if words & {"fixed", "removed", "resolved"}:
        return Claim(Stance.FIXED, statement=reason, author="semgrep")
    dismissed = sorted(words & {"ignored", "muted", "closed", "provisionally_ignored"})
    if dismissed:
        return Claim(Stance.SUPPRESSED, statement=reason or dismissed[0], author="semgrep")
    return None
