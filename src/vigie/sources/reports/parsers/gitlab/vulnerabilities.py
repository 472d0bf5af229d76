"""One vulnerability of a GitLab report, whatever its report's type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.model.assets import Asset
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Observation,
    Rule,
    Score,
    Signals,
)
from vigie.model.severity import severity_from_word
from vigie.sources.reports.manifests import manifest_system
from vigie.sources.reports.parsers.gitlab.identifiers import Names, names_of
from vigie.sources.reports.parsers.gitlab.locations import locations_of
from vigie.sources.reports.parsers.gitlab.scans import KINDS, Scan, image_asset, scanner_id
from vigie.sources.reports.places import clean_path, plain_message
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import endpoint

_CONFIDENCES = {"confirmed": "high", "high": "high", "medium": "medium", "low": "low",
                "experimental": "low"}  # fmt: skip
_UPGRADE = re.compile(r"\b(?:upgrade|update)\b.*?\bto\s+(?:versions?\s+)?(?P<rest>.+)",
                      re.IGNORECASE | re.DOTALL)  # fmt: skip
_VERSION = re.compile(r"^v?\d[\w.+:~-]*$")
_NO_SOLUTION = re.compile(r"no (?:solution|fix|patch)\b.*\b(?:yet|available)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VulnerabilityReader:
    """Makes an observation of one vulnerability, with what the report says of its scan."""

    scan: Scan

    def __call__(self, node: Node) -> Observation:
        vulnerability = node.record()
        location = vulnerability.child("location")
        kind = self._kind(vulnerability, location)
        names = names_of(vulnerability, kind is Kind.VULNERABILITY)
        if not names.id and not vulnerability.first("name", "message", "cve", "id"):
            raise RecordError("has neither identifiers nor a name")
        severity = vulnerability.text("severity")
        secret = vulnerability.text("raw_source_code_extract") if kind is Kind.SECRET else ""
        message = vulnerability.first("description", "message", "name")
        return Observation(
            tool=self._tool(vulnerability),
            kind=kind,
            rule=_rule(names, vulnerability),
            record=vulnerability.pointer,
            severity=severity_from_word(severity),
            severity_said=severity,
            scores=_scores(vulnerability),
            message=plain_message(message, secret),
            component=self._component(location),
            locations=locations_of(vulnerability, kind),
            fix=self._fix(vulnerability),
            signals=Signals(confidence=_confidence(vulnerability)),
            asset=self._asset(location),
        )

    def _tool(self, vulnerability: Record) -> str:
        from_old = vulnerability.text("scanner", "id")
        return scanner_id(from_old) or self.scan.tool

    def _kind(self, vulnerability: Record, location: Record) -> Kind:
        if self.scan.kind is not None:
            return self.scan.kind
        known = KINDS.get(vulnerability.text("category").lower())
        if known is not None:
            return known
        if "raw_source_code_extract" in vulnerability.data and "commit" in location.data:
            return Kind.SECRET
        return Kind.VULNERABILITY if location.child("dependency") else Kind.WEAKNESS

    def _component(self, location: Record) -> Component | None:
        dependency = location.child("dependency")
        name = dependency.text("package", "name")
        if not name:
            return None
        system = location.text("operating_system")
        path = clean_path(location.text("file"))
        kind = self.scan.managers.get(path) or manifest_system(path)
        kind = kind or _system_packages(system)
        return Component(
            # GitLab writes a Maven package as "group/artifact".
            name=name.replace("/", ":") if kind == "maven" else name,
            version=dependency.text("version"),
            type=kind,
            distro=re.sub(r"[\s:]+", "-", system.lower()),
            direct=dependency.flag("direct"),
        )

    def _fix(self, vulnerability: Record) -> Fix:
        advice = vulnerability.text("solution") or next(
            (self.scan.solutions[key] for key in (vulnerability.text("id"),
             vulnerability.text("cve")) if key in self.scan.solutions), "")  # fmt: skip
        versions = _versions(advice)
        if versions:
            return Fix(FixState.FIXED, versions, advice)
        return Fix(FixState.NOT_FIXED if _NO_SOLUTION.search(advice) else FixState.UNKNOWN,
                   advice=advice)  # fmt: skip

    def _asset(self, location: Record) -> Asset | None:
        """The image or host, where it is another than the report's."""
        asset = endpoint(location.text("hostname")) or image_asset(location.text("image"))
        return None if asset == self.scan.asset else asset


def _system_packages(system: str) -> str:
    """The purl type of "debian 12.4", "rocky linux 9", "alpine:3.19"; "" if unknown."""
    name = re.split(r"[\s:-]+v?\d", system)[0]
    return package_type(name) or package_type(name.partition(" ")[0])


def _rule(names: Names, vulnerability: Record) -> Rule:
    title = vulnerability.first("name", "message") or names.title
    return Rule(
        # GitLab draws a new `id` for each scan: it is the last thing to know a flaw by.
        id=names.id
        or title
        or vulnerability.text("location", "crash_type").partition("\n")[0]
        or next(iter(names.weaknesses), "")
        or vulnerability.first("cve", "id"),
        aliases=names.aliases,
        title=title,
        references=names.references,
        weaknesses=names.weaknesses,
        related=names.related,
    )


def _scores(vulnerability: Record) -> tuple[Score, ...]:
    found = []
    for said in vulnerability.children("cvss_vectors"):
        vector = said.text("vector")
        version = re.match(r"CVSS:(\d\.\d)/", vector)
        if vector:
            number = version[1] if version else "2.0"
            found.append(Score(said.text("vendor").lower(), number, vector))
    return tuple(found)


def _confidence(vulnerability: Record) -> str:
    """The word of reports until version 14; later ones flag likely false positives."""
    for flag in vulnerability.children("flags"):
        if flag.text("type") == "flagged-as-likely-false-positive":
            return "low"
    return _CONFIDENCES.get(vulnerability.text("confidence").lower(), "")


def _versions(advice: str) -> tuple[str, ...]:
    """Versions in "Upgrade curl from 7.64 to 7.79", "Upgrade to versions 1.2, 1.3 or above."."""
    found = _UPGRADE.search(advice)
    if found is None:
        return ()
    versions = []
    for word in re.split(r"[,\s]+", found["rest"]):
        word = word.rstrip(".;")  # noqa: PLW2901
        if _VERSION.match(word):
            versions.append(word)
        elif word not in ("or", "and", ""):
            break
    return tuple(dict.fromkeys(versions))
