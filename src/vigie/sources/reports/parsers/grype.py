"""Grype JSON: reports of the old database (until 0.86) and of the v6 database.

Source: `grype -o json`, anchore/grype `grype/presenter/models`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
)
from vigie.model.runs import Coverage
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_ECOSYSTEMS = frozenset(
    {"apk", "cargo", "composer", "conan", "deb", "gem", "golang", "hex", "maven", "npm", "nuget",
     "pub", "pypi", "rpm", "swift"}
)  # fmt: skip

# Grype's artifact types that are not purl types already.
_TYPES = {
    "python": "pypi",
    "java-archive": "maven",
    "jenkins-plugin": "maven",
    "go-module": "golang",
    "rust-crate": "cargo",
    "dotnet": "nuget",
    "php-composer": "composer",
    "dart-pub": "pub",
}

_FIX_STATES = {
    "fixed": FixState.FIXED,
    "not-fixed": FixState.NOT_FIXED,
    "wont-fix": FixState.WILL_NOT_FIX,
}

_KINDS = {"image": AssetKind.IMAGE, "directory": AssetKind.REPOSITORY, "file": AssetKind.REPOSITORY}


class GrypeParser:
    format = "grype"
    tool = "grype"
    label = "Grype"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}), _ECOSYSTEMS)

    def recognises(self, sketch: Sketch) -> bool:
        return "matches" in sketch.keys and (
            sketch.at("descriptor", "name") == "grype"
            or isinstance(sketch.at("matches", 0, "artifact"), dict)
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        tally = Tally()
        tally.read_all(root.items("matches"), _observe)
        tally.read_all(root.items("ignoredMatches"), _observe_ignored)
        descriptor = _section(root, "descriptor")
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tuple(tally.observations),
            problems=tuple(tally.problems),
            version=descriptor.text("version"),
            database_date=descriptor.text("db", "built")
            or descriptor.text("db", "status", "built"),
            ended=descriptor.text("timestamp"),
            asset=_asset(_section(root, "source"), _section(root, "distro")),
        )


def _section(root: Node, name: str) -> Record:
    node = root.get(name)
    return node.record() if node is not None and node.first == b"{" else Record({})


def _asset(source: Record, distro: Record) -> Asset | None:
    if not source:
        return None
    target = source.at("target")
    distribution = "-".join(filter(None, (distro.text("name"), distro.text("version"))))
    if isinstance(target, str):
        kind = _KINDS.get(source.text("type"), AssetKind.UNKNOWN)
        return Asset(kind, target, distro=distribution)
    image = source.child("target")
    digests = {
        f"{kind}:{value}"
        for kind, name in (("manifest", "manifestDigest"), ("config", "imageID"))
        if (value := image.text(name))
    }
    digests.update(
        f"manifest:{repo.rpartition('@')[2]}" for repo in image.texts("repoDigests") if "@" in repo
    )
    return Asset(
        _KINDS.get(source.text("type"), AssetKind.UNKNOWN),
        image.text("userInput"),
        frozenset(digests),
        (*image.texts("tags"), *image.texts("repoDigests")),
        distribution,
    )


def _observe(node: Node) -> Observation:
    match = node.record()
    vulnerability = match.child("vulnerability")
    identity = vulnerability.need("id")
    return Observation(
        tool="grype",
        kind=Kind.VULNERABILITY,
        rule=_rule(identity, match),
        record=match.pointer,
        severity=severity_from_word(vulnerability.text("severity")),
        severity_said=vulnerability.text("severity"),
        severities=tuple(
            (related.text("namespace") or related.text("id"), related.text("severity"))
            for related in match.children("relatedVulnerabilities")
            if related.text("severity")
        ),
        scores=tuple(_scores(match)),
        message=vulnerability.text("description"),
        component=_component(match),
        locations=tuple(_locations(match)),
        fix=_fix(vulnerability),
        signals=_signals(match),
    )


def _observe_ignored(node: Node) -> Observation:
    """A match that a rule in Grype's configuration left out: kept, with Grype's reason."""
    seen = _observe(node)
    rules = node.record().children("appliedIgnoreRules")
    reasons = [
        rule.first("vex-justification", "reason", "vex-status", "vulnerability") for rule in rules
    ]
    statement = "; ".join(filter(None, reasons)) or "ignored by a rule in Grype's configuration"
    claim = Claim(Stance.SUPPRESSED, statement=statement, author="grype")
    return replace(seen, claim=claim)


def _rule(identity: str, match: Record) -> Rule:
    vulnerability = match.child("vulnerability")
    related = list(match.children("relatedVulnerabilities"))
    description = vulnerability.text("description") or next(
        (r.text("description") for r in related if r.text("description")), ""
    )
    references = (vulnerability.text("dataSource"), *vulnerability.texts("urls"),
                  *vulnerability.texts("links"))  # fmt: skip
    return Rule(
        id=identity,
        # Grype relates a match to the NVD records of the very same flaw.
        aliases=tuple(r.text("id") for r in related if r.text("id") not in ("", identity)),
        description=description,
        references=tuple(dict.fromkeys(filter(None, references))),
        weaknesses=tuple(
            dict.fromkeys(c.text("cwe") for c in vulnerability.children("cwes") if c.text("cwe"))
        ),
        related=tuple(a.text("id") for a in vulnerability.children("advisories") if a.text("id")),
    )


def _scores(match: Record) -> Iterator[Score]:
    entries = [match.child("vulnerability"), *match.children("relatedVulnerabilities")]
    for entry in entries:
        source = entry.text("namespace") or "grype"
        for cvss in entry.children("cvss"):
            yield Score(
                source=cvss.text("source") or source,
                version=cvss.text("version"),
                vector=cvss.text("vector"),
                value=cvss.number("metrics", "baseScore"),
            )
        for name, version in (("cvssV2", "2.0"), ("cvssV3", "3.1")):  # before 0.10
            old = entry.child(name)
            if old:
                yield Score(source, version, old.text("vector"), old.number("baseScore"))


def _component(match: Record) -> Component:
    artifact = match.child("artifact")
    upstream = next(artifact.children("upstreams"), Record({}))
    version = artifact.text("version")
    kind = artifact.text("type")
    distro = match.child("matchDetails", 0, "searchedBy", "distro")
    return Component(
        name=artifact.need("name"),
        version=version,
        type=_TYPES.get(kind, kind if kind in _ECOSYSTEMS else ""),
        purl=artifact.text("purl"),
        source_name=upstream.text("name"),
        source_version=upstream.text("version") or (version if upstream else ""),
        distro="-".join(filter(None, (distro.text("type"), distro.text("version")))),
        licences=artifact.texts("licenses"),
    )


def _locations(match: Record) -> Iterator[Location]:
    for place in match.children("artifact", "locations"):
        if place.text("path"):
            yield Location(path=place.text("path"), layer=place.text("layerID"))


def _fix(vulnerability: Record) -> Fix:
    fix = vulnerability.child("fix")
    if fix:
        state = _FIX_STATES.get(fix.text("state"), FixState.UNKNOWN)
        return Fix(state, fix.texts("versions"))
    old = vulnerability.texts("fixedInVersion")
    return Fix(FixState.FIXED, old) if old else Fix()


def _signals(match: Record) -> Signals:
    vulnerability = match.child("vulnerability")
    entries = [vulnerability, *match.children("relatedVulnerabilities")]
    epss = next((e for entry in entries for e in entry.children("epss")), Record({}))
    known = [k for entry in entries for k in entry.children("knownExploited")]
    ransomware = [k.text("knownRansomwareCampaignUse").lower() for k in known]
    return Signals(
        epss=epss.number("epss"),
        epss_percentile=epss.number("percentile"),
        kev=True if known else None,
        ransomware=True if "known" in ransomware else None,
        exploit="active" if known else "",
        tool_risk=vulnerability.number("risk"),
    )


PARSER = GrypeParser()
