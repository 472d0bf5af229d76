"""OCSF 1.5 events: a JSON array with one event for each finding, one event on each line.

Vulnerabilities are Vulnerability Findings (2002), misconfigurations and controls Compliance
Findings (2003), the others Detection Findings (2004). When there is no finding but something
was not looked at, each shortfall is a Scan Activity (6007), so that an empty stream never
reads as safety; otherwise every event says so in `unmapped`.
Source: OCSF schema 1.5.0, category 'Findings' and class 'Scan Activity'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.assets import Asset
from vigie.model.findings import Finding, Instance, Status
from vigie.model.observations import Kind, Score
from vigie.model.results import Result
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.outlets.formats._wire.places import asset_of, assets_of, instances_of
from vigie.outlets.formats._wire.sentences import Shortfall, remedy, set_aside, shortfalls, title
from vigie.outlets.formats._wire.times import milliseconds
from vigie.outlets.stream import filled, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

VERSION = "1.5.0"
_VULNERABILITY, _COMPLIANCE, _DETECTION, _SCAN = 2002, 2003, 2004, 6007
_NAMES = {
    _VULNERABILITY: "Vulnerability Finding",
    _COMPLIANCE: "Compliance Finding",
    _DETECTION: "Detection Finding",
    _SCAN: "Scan Activity",
}
_CLASSES = {
    Kind.VULNERABILITY: _VULNERABILITY,
    Kind.MISCONFIGURATION: _COMPLIANCE,
    Kind.CONTROL: _COMPLIANCE,
}
_SEVERITIES = {
    Severity.UNKNOWN: (0, "Unknown"),
    Severity.NONE: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_STATUSES = {
    Status.OPEN: (1, "New"),
    Status.UNDER_INVESTIGATION: (2, "In Progress"),
    Status.NOT_AFFECTED: (3, "Suppressed"),
    Status.SUPPRESSED: (3, "Suppressed"),
    Status.FIXED: (4, "Resolved"),
}
_ACTIVITIES = {1: "Create", 2: "Update", 3: "Close"}


class OcsfOutlet:
    format = "ocsf"
    label = "OCSF"
    suffix = ".ocsf.json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(gathered(_pieces(result, view)))


OUTLET = OcsfOutlet()


def _pieces(result: Result, view: View) -> Iterator[bytes]:
    missing = shortfalls(result, view.words)
    if result.findings:
        assets = assets_of(result)
        yield from listed(
            _event(f, asset_of(f, assets), result, view, missing) for f in result.findings
        )
    else:
        yield from listed(_scan(one, result, view) for one in missing)
    yield b"\n"


def _event(
    finding: Finding, asset: Asset, result: Result, view: View, missing: list[Shortfall]
) -> dict[str, Any]:
    kind = _CLASSES.get(finding.kind, _DETECTION)
    activity = 3 if not finding.status.counts else 2 if finding.new is False else 1
    status, status_name = _STATUSES[finding.status]
    mend = remedy(finding, view.words)
    event = _head(kind, activity, finding.severity, result, view)
    event |= filled({
        "activity_name": _ACTIVITIES[activity],
        "message": finding.message or title(finding),
        "status_id": status,
        "status": status_name,
        "status_detail": set_aside(finding, view.words),
        "finding_info": _finding_info(finding),
        "resources": [_resource(finding, asset)],
    })  # fmt: skip
    fix = filled({"desc": mend})
    if kind == _VULNERABILITY:
        event["vulnerabilities"] = [_vulnerability(finding, mend)]
    elif kind == _COMPLIANCE:
        # The rule set that was checked against is known by the tool that brings it.
        compliance = {"control": finding.rule.id, "standards": list(finding.sources),
                      "status": "Fail", "status_id": 3}  # fmt: skip
        event |= filled({"compliance": compliance, "remediation": fix})
    else:
        event |= filled({"remediation": fix, "evidences": list(_evidences(finding))})
    return event | {"unmapped": _unmapped(finding, missing)}


def _head(
    kind: int, activity: int, severity: Severity, result: Result, view: View
) -> dict[str, Any]:
    number, name = _SEVERITIES[severity]
    category = kind // 1000
    return {
        "class_uid": kind,
        "class_name": _NAMES[kind],
        "category_uid": category,
        "category_name": {2: "Findings", 6: "Application Activity"}[category],
        "activity_id": activity,
        "type_uid": kind * 100 + activity,
        "severity_id": number,
        "severity": name,
        "time": milliseconds(result.created) or 0,
        "metadata": {
            "version": VERSION,
            "product": filled({"name": "Vigie", "vendor_name": "Vigie", "version": view.version}),
        },
    }


def _finding_info(finding: Finding) -> dict[str, Any]:
    return filled({
        "uid": finding.fingerprint,
        "title": title(finding),
        "desc": finding.rule.description,
        "types": [finding.kind.value],
        "src_url": next(iter(finding.rule.references), ""),
        "data_sources": list(finding.sources),
        "first_seen_time": milliseconds(finding.first_seen),
        "last_seen_time": milliseconds(finding.last_seen),
        "analytic": {"type_id": 1, "type": "Rule", "uid": finding.rule.id,
                     "name": finding.rule.title or finding.rule.id},
    })  # fmt: skip


def _resource(finding: Finding, asset: Asset) -> dict[str, Any]:
    places = (i.location.resource for i in finding.instances if i.location is not None)
    return filled({
        "uid": next(filter(None, places), "") or asset.name,
        "name": asset.name,
        "type": asset.kind.value,
        "labels": list(asset.tags),
    })  # fmt: skip


def _vulnerability(finding: Finding, mend: str) -> dict[str, Any]:
    rule = finding.rule
    named = [name for name in (rule.id, *rule.aliases) if name.startswith("CVE-")]
    weaknesses = [{"uid": name} for name in rule.weaknesses]
    signals = finding.signals
    epss = filled({
        "score": str(signals.epss) if signals.epss is not None else "",
        "percentile": signals.epss_percentile,
    })  # fmt: skip
    cve = filled({
        "uid": named[0] if named else "",
        "cvss": [_cvss(s) for s in finding.scores if s.value is not None],
        "epss": epss if "score" in epss else {},
        "related_cwes": weaknesses,
    })  # fmt: skip
    return filled({
        "cve": cve if named else {},
        # One of the two must be there: an advisory where no CVE is known.
        "advisory": {} if named else {"uid": rule.id},
        "title": title(finding),
        "desc": rule.description,
        "severity": _SEVERITIES[finding.severity][1],
        "references": list(rule.references),
        "related_vulnerabilities": [n for n in (rule.id, *rule.aliases) if n not in named[:1]],
        "affected_packages": [_package(finding, i) for i in instances_of(finding)],
        "is_fix_available": bool(finding.fix.versions) or None,
        "is_exploit_available": True if signals.kev or signals.exploit in _EXPLOITED else None,
        "remediation": filled({"desc": mend}),
    })  # fmt: skip


_EXPLOITED = frozenset({"active", "weaponised", "poc"})


def _cvss(score: Score) -> dict[str, Any]:
    return filled({
        "version": score.version,
        "base_score": score.value,
        "vector_string": score.vector,
        "vendor_name": score.source,
    })  # fmt: skip


def _package(finding: Finding, instance: Instance) -> dict[str, Any]:
    part = finding.component
    name = instance.name or (part.name if part is not None else "")
    version = instance.version or (part.version if part is not None else "")
    return filled({
        "name": name or "unknown",
        "purl": instance.purl or (part.purl if part is not None else ""),
        "package_manager": part.type if part is not None else "",
        "path": instance.location.path if instance.location is not None else "",
        "fixed_in_version": next(iter(finding.fix.versions), ""),
    }) | {"version": version}  # fmt: skip


def _evidences(finding: Finding) -> Iterator[dict[str, Any]]:
    for instance in finding.instances:
        place = instance.location
        if place is not None:
            seen = filled({
                "file": place.path, "line": place.start_line, "url": place.url,
                "resource": place.resource, "commit": place.commit,
            })  # fmt: skip
            if seen:
                yield {"data": seen}


def _unmapped(finding: Finding, missing: list[Shortfall]) -> dict[str, Any]:
    priority = finding.priority
    return filled({
        "kind": finding.kind.value,
        "asset": finding.asset,
        "decision": priority.decision.value if priority is not None else "",
        "score": priority.score if priority is not None else None,
        "component": finding.component.purl if finding.component is not None else "",
        "kev": finding.signals.kev,
        "scan_complete": not missing,
        "not_looked_at": [one.text for one in missing],
    })  # fmt: skip


def _scan(missing: Shortfall, result: Result, view: View) -> dict[str, Any]:
    """A scan that ended in an error (activity 6) or did not look at everything (99, other)."""
    activity = 6 if missing.failed else 99
    return _head(_SCAN, activity, Severity.UNKNOWN, result, view) | {
        "activity_name": "Error" if missing.failed else view.words(T("incomplete")),
        "message": missing.text,
        "status_id": 2,
        "status": "Failure",
        "scan": {"name": missing.tool, "type_id": 99, "type": "security"},
        "unmapped": {"scan_complete": False, "not_looked_at": [missing.text]},
    }
