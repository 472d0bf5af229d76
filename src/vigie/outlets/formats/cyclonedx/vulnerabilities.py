"""One finding as a CycloneDX vulnerability."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.findings import Finding, Status
from vigie.model.observations import Score
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.sentences import remedy, set_aside
from vigie.outlets.formats._wire.times import rfc3339
from vigie.outlets.formats._wire.vex import cyclonedx_justification, is_false_positive
from vigie.outlets.formats.cyclonedx.inventory import Inventory
from vigie.outlets.stream import filled

_METHODS = {"2.0": "CVSSv2", "3.0": "CVSSv3", "3.1": "CVSSv31", "4.0": "CVSSv4"}
_SEVERITIES = {Severity.NONE: "info"}
_STATES = {
    Status.UNDER_INVESTIGATION: "in_triage",
    Status.NOT_AFFECTED: "not_affected",
    Status.FIXED: "resolved",
}


def vulnerability(finding: Finding, inventory: Inventory, words: Words) -> dict[str, Any]:
    """The vulnerability object of the 1.6 schema."""
    rule = finding.rule
    return filled({
        "bom-ref": f"finding:{finding.fingerprint}",
        "id": rule.id,
        "references": [
            {"id": name, "source": {"name": name.partition("-")[0]}}
            for name in dict.fromkeys(rule.aliases)
            if name not in ("", rule.id)
        ],
        "ratings": list(_ratings(finding)),
        "cwes": list(dict.fromkeys(_numbers(rule.weaknesses))),
        "description": rule.description or rule.title or finding.message,
        "recommendation": remedy(finding, words),
        "advisories": [{"url": url} for url in dict.fromkeys(rule.references) if _is_link(url)],
        "published": rfc3339(rule.published),
        "analysis": _analysis(finding, words),
        "affects": [
            filled({
                "ref": reference,
                "versions": [{"version": part.version, "status": _state(finding)}]
                if part.version
                else [],
            })
            for reference, part in inventory.references(finding)
        ],
        "properties": list(_properties(finding)),
    })  # fmt: skip


def _ratings(finding: Finding) -> Iterator[dict[str, Any]]:
    """Vigie's own severity first, then every score with its source."""
    word = _SEVERITIES.get(finding.severity, finding.severity.value)
    yield {"source": {"name": "Vigie"}, "severity": word}
    for score in finding.scores:
        if score.vector or score.value is not None:
            yield _rating(score)


def _rating(score: Score) -> dict[str, Any]:
    return filled({
        "source": filled({"name": score.source}),
        "score": score.value,
        "method": _METHODS.get(score.version, "other"),
        "vector": score.vector,
    })  # fmt: skip


def _numbers(weaknesses: tuple[str, ...]) -> Iterator[int]:
    for name in weaknesses:
        number = name.removeprefix("CWE-")
        if number.isascii() and number.isdigit() and int(number) > 0:
            yield int(number)


def _is_link(url: str) -> bool:
    return "://" in url and not any(mark in url for mark in ' <>"{}|\\^`\n\t')


def _state(finding: Finding) -> str:
    settled = finding.status in (Status.NOT_AFFECTED, Status.FIXED)
    return "unaffected" if settled or is_false_positive(finding) else "affected"


def _analysis(finding: Finding, words: Words) -> dict[str, Any]:
    """What somebody decided; nothing where nobody did. An accepted risk stays exploitable."""
    if finding.status is Status.OPEN:
        return {}
    detail = set_aside(finding, words)
    state = _STATES.get(finding.status, "")
    if state:
        justification = cyclonedx_justification(finding) if state == "not_affected" else ""
        return filled({"state": state, "justification": justification, "detail": detail})
    if is_false_positive(finding):
        return filled({"state": "false_positive", "detail": detail})
    detail = detail or words(T("The risk has been accepted."))
    return {"state": "exploitable", "response": ["will_not_fix"], "detail": detail}


def _properties(finding: Finding) -> Iterator[dict[str, str]]:
    yield {"name": "vigie:fingerprint", "value": finding.fingerprint}
    yield {"name": "vigie:status", "value": finding.status.value}
    if finding.priority is not None:
        yield {"name": "vigie:decision", "value": finding.priority.decision.value}
        yield {"name": "vigie:score", "value": f"{finding.priority.score:g}"}
    yield {"name": "vigie:fix-state", "value": finding.fix.state.value}
    for version in finding.fix.versions:
        yield {"name": "vigie:fixed-version", "value": version}
    for source in finding.sources:
        yield {"name": "vigie:source", "value": source}
