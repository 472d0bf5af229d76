"""A GitLab security report, version 15.0.7.

Source: gitlab-org/security-products/security-report-schemas, v15, and GitLab documentation
'Security scanner integration'. 15.0.7 is taken by every GitLab since 15.4; the newer 15.x
add nothing that is written here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from vigie.model.assets import Asset
from vigie.model.findings import Finding
from vigie.model.observations import Kind, Score
from vigie.model.results import Result
from vigie.model.severity import Severity
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.places import asset_of, assets_of
from vigie.outlets.formats._wire.sentences import remedy, set_aside, shortfalls, title
from vigie.outlets.formats._wire.times import span, zoneless
from vigie.outlets.stream import document, filled, gathered, listed
from vigie.ports.outlets import Part, View

VERSION = "15.0.7"
Place = Callable[[Finding, Asset], dict[str, Any]]

_SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.NONE: "Info",
    Severity.UNKNOWN: "Unknown",
}
_TYPES = re.compile(r"(CVE|CWE|GHSA|USN|OSVDB|RHSA|ELSA|DSA|DLA|WASC)-", re.IGNORECASE)
_LINK = re.compile(r"(https?|ftp)://\S+\Z")
# The schema takes complete v2 and v3 vectors in their own order and nothing else.
_V2 = re.compile(r"AV:[NAL]/AC:[LMH]/Au:[MSN]/C:[NPC]/I:[NPC]/A:[NPC](/[A-Za-z]+:[A-Z]+)*\Z")
_V3 = re.compile(
    r"CVSS:3[.][01]/AV:[NALP]/AC:[LH]/PR:[NLH]/UI:[NR]/S:[UC]/C:[NLH]/I:[NLH]/A:[NLH]"
    r"(/(E|RL|RC|CR|IR|AR|MAV|MAC|MPR|MUI|MS|MC|MI|MA):[A-Z])*\Z"
)
_VECTORS = 10
_NAME, _DESCRIPTION, _SOLUTION, _VECTOR = 255, 1_000_000, 7_000, 128


def report(
    result: Result, view: View, scan: str, kinds: frozenset[Kind],
    belongs: Callable[[Finding, Asset], bool], place: Place,
    more: Iterable[tuple[str, Any]] = (),
) -> Iterator[Part]:  # fmt: skip
    """One report of the type `scan` ("sast"…) with the findings that belong to it."""
    assets = assets_of(result)
    own = (f for f in result.findings if belongs(f, asset_of(f, assets)))
    entries = (vulnerability(f, place(f, asset_of(f, assets)), view.words) for f in own)
    members = [
        ("version", VERSION),
        ("scan", _scan(result, view, scan, kinds)),
        ("vulnerabilities", listed(entries)),
        *more,
        ("remediations", []),
    ]
    yield Part(gathered(document(members)))


def vulnerability(finding: Finding, place: dict[str, Any], words: Words) -> dict[str, Any]:
    """One finding. Its first identifier is the one GitLab tells findings apart by."""
    aside = set_aside(finding, words)
    said = finding.rule.description or finding.message or title(finding)
    flag = {
        "type": "flagged-as-likely-false-positive",
        "origin": finding.suppression.source if finding.suppression else "vigie",
        "description": aside or words(T("The finding has been set aside.")),
    }
    return filled({
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"vigie:{finding.fingerprint}")),
        "name": title(finding)[:_NAME],
        "description": said[:_DESCRIPTION],
        "severity": _SEVERITIES[finding.severity],
        "solution": remedy(finding, words)[:_SOLUTION],
        "identifiers": [_identifier(name) for name in _names(finding)],
        "cvss_vectors": list(_vectors(finding.scores)),
        "links": [{"url": url} for url in finding.rule.references if _LINK.match(url)],
        "flags": [] if finding.status.counts else [flag],
        "details": _details(finding, words),
    }) | {"location": place}  # fmt: skip


def lines(finding: Finding) -> dict[str, int]:
    """First and last line of the first place that has them."""
    for instance in finding.instances:
        place = instance.location
        if place is not None and place.start_line is not None:
            end = place.end_line if place.end_line is not None else place.start_line
            return {"start_line": place.start_line, "end_line": max(end, place.start_line)}
    return {}


def path(finding: Finding) -> str:
    """The first file it is in, "" when it is in none."""
    paths = (i.location.path for i in finding.instances if i.location is not None)
    return next((name.lstrip("/") for name in paths if name.strip("/")), "")


def _names(finding: Finding) -> list[str]:
    rule = finding.rule
    return list(dict.fromkeys(filter(None, (rule.id, *rule.aliases, *rule.weaknesses))))


def _identifier(name: str) -> dict[str, str]:
    known = _TYPES.match(name)
    if known is None:
        return {"type": "vigie", "name": name, "value": name}
    kind = known.group(1).lower()
    # A weakness is known by its number alone, anything else by its whole name.
    return {"type": kind, "name": name, "value": name[4:] if kind == "cwe" else name}


def _vectors(scores: tuple[Score, ...]) -> Iterator[dict[str, str]]:
    fitting = [s for s in scores if _V3.match(s.vector) or _V2.match(s.vector)]
    fitting = [score for score in fitting if len(score.vector) <= _VECTOR]
    for score in fitting[:_VECTORS]:
        yield {"vendor": score.source or "unknown", "vector": score.vector}


def _details(finding: Finding, words: Words) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if finding.priority is not None:
        decision = words(finding.priority.decision.value)
        value = f"{decision} ({finding.priority.score:.0f}/100)"
        said["decision"] = {"name": words(T("Decision")), "type": "text", "value": value}
        reasons = [{"type": "text", "value": words(r.text)} for r in finding.priority.reasons]
        if reasons:
            said["reasons"] = {"name": words(T("Reasons")), "type": "list", "items": reasons}
    if finding.sources:
        value = ", ".join(finding.sources)
        said["sources"] = {"name": words(T("Said by")), "type": "text", "value": value}
    return said


def _scan(result: Result, view: View, scan: str, kinds: frozenset[Kind]) -> dict[str, Any]:
    """Not a success while something was not looked at; the messages say what."""
    missing = shortfalls(result, view.words, kinds)
    begun, ended = span(result)
    tool = {"id": "vigie", "name": "Vigie", "version": view.version or "0",
            "vendor": {"name": "Vigie"}}  # fmt: skip
    return filled({
        "type": scan,
        "status": "failure" if missing else "success",
        "start_time": zoneless(begun),
        "end_time": zoneless(ended),
        "analyzer": tool,
        "scanner": tool,
        "messages": [{"level": "warn", "value": one.text} for one in missing],
    })  # fmt: skip
