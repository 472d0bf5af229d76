"""One finding as a SARIF result."""

from __future__ import annotations

from typing import Any, Protocol

from vigie.model.assets import Asset
from vigie.model.findings import Finding, Instance, Status
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.places import asset_of, instances_of, relative_uri
from vigie.outlets.formats._wire.sentences import remedy, set_aside, subject, title
from vigie.outlets.formats.sarif.rules import level_of
from vigie.outlets.stream import filled

_LOCATIONS = 100  # 1,000 are accepted, of which 100 are shown


class RuleIndex(Protocol):
    def index(self, finding: Finding) -> int: ...


def sarif_result(
    finding: Finding, rules: RuleIndex, assets: dict[str, Asset], words: Words
) -> dict[str, Any]:
    """The result object of section 3.27."""
    asset = asset_of(finding, assets)
    score = finding.priority.score if finding.priority is not None else None
    return filled({
        "ruleId": finding.rule.id,
        "ruleIndex": rules.index(finding),
        "level": level_of(finding.severity),
        "message": {"text": _message(finding, words)},
        "locations": _locations(finding, asset),
        # GitHub follows a finding by the first of these alone, and only by this name.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "vigie/v1": finding.fingerprint,
        },
        "rank": score,
        "baselineState": {True: "new", False: "unchanged", None: ""}[finding.new],
        "properties": _properties(finding, asset),
    }) | {"suppressions": _suppressions(finding, words)}  # fmt: skip


def _message(finding: Finding, words: Words) -> str:
    said = [subject(finding)]
    if finding.component is not None and (plain := title(finding)) not in said[0]:
        said.append(plain)
    mend = remedy(finding, words)
    if mend:
        said.append(mend)
    return "\n".join(_literal(text) for text in said)


def _literal(text: str) -> str:
    """Square brackets make links in a SARIF message (section 3.11.6)."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _locations(finding: Finding, asset: Asset) -> list[dict[str, Any]]:
    places = [_location(instance, asset) for instance in instances_of(finding)[:_LOCATIONS]]
    unique: list[dict[str, Any]] = []
    for place in places:
        if place not in unique:
            unique.append(place)
    return unique


def _location(instance: Instance, asset: Asset) -> dict[str, Any]:
    place = instance.location
    region: dict[str, Any] = {}
    if place is not None and place.start_line is not None:
        region["startLine"] = place.start_line
        if place.end_line is not None and place.end_line >= place.start_line:
            region["endLine"] = place.end_line
        if place.start_column is not None and place.start_column > 0:
            region["startColumn"] = place.start_column
        if place.snippet:
            region["snippet"] = {"text": place.snippet}
    physical: dict[str, Any] = {"artifactLocation": {"uri": relative_uri(place, asset)}}
    # GitHub needs a line to show a result at all; that it is not a real one is said beside it.
    physical["region"] = region or {"startLine": 1, "properties": {"lineKnown": False}}
    logical = [
        {"fullyQualifiedName": name, "kind": kind}
        for name, kind in (
            (instance.purl, "package"),
            (place.url if place is not None else "", "url"),
            (place.resource if place is not None else "", "resource"),
        )
        if name
    ]
    return filled({"physicalLocation": physical, "logicalLocations": logical})


def _suppressions(finding: Finding, words: Words) -> list[dict[str, Any]]:
    """Empty where nobody suppressed it, which is another thing than not knowing (3.27.23)."""
    if finding.status.counts:
        return []
    why = set_aside(finding, words) or words(T("The finding has been set aside."))
    return [{
        "kind": "external",
        "status": "accepted",
        "justification": why,
        "properties": filled({
            "status": finding.status.value,
            "source": finding.suppression.source if finding.suppression is not None else "",
        }),
    }]  # fmt: skip


def _properties(finding: Finding, asset: Asset) -> dict[str, Any]:
    part = finding.component
    decision = finding.priority.decision.value if finding.priority is not None else ""
    return filled({
        "kind": finding.kind.value,
        "asset": asset.name,
        "severity": finding.severity.value,
        "decision": decision,
        "status": finding.status.value if finding.status is not Status.OPEN else "",
        "aliases": list(finding.rule.aliases),
        "component": part.name if part is not None else "",
        "version": part.version if part is not None else "",
        "purl": part.purl if part is not None else "",
        "fixState": finding.fix.state.value,
        "fixVersions": list(finding.fix.versions),
        "sources": list(finding.sources),
    })  # fmt: skip
