"""Grype JSON: reports of the old database (until 0.86) and of the v6 database.

Source: `grype -o json`, anchore/grype `grype/presenter/models`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES, package_type
from vigie.model.identity import layers_digest
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
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.packages import purl_type
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_ECOSYSTEMS = frozenset(
    {"apk", "cargo", "composer", "conan", "deb", "gem", "generic", "golang", "hex", "maven",
     "npm", "nuget", "pub", "pypi", "rpm", "swift"}
)  # fmt: skip

_FIX_STATES = {
    "fixed": FixState.FIXED,
    "not-fixed": FixState.NOT_FIXED,
    "wont-fix": FixState.WILL_NOT_FIX,
}

_STANCES = {
    "not_affected": Stance.NOT_AFFECTED,
    "fixed": Stance.FIXED,
    "under_investigation": Stance.UNDER_INVESTIGATION,
    "affected": Stance.AFFECTED,
}

# Organisations that rate under an id; the others give an address ("nvd@nist.gov").
_RATERS = {"134c704f-9b21-4f2e-91b3-4a467353bcc0": "cisa-adp"}

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
        if "matches" not in document.sketch.keys:
            return
        tally = Tally()
        asset = _asset(_section(root, "source"), _section(root, "distro"))
        distro = asset.distro if asset is not None else ""
        folder = asset.name if asset is not None and asset.kind is AssetKind.REPOSITORY else ""
        tally.read_all(root.items("matches"), partial(_observe, distro, folder))
        tally.read_all(root.items("ignoredMatches"), partial(_observe_ignored, distro, folder))
        descriptor = _section(root, "descriptor")
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=descriptor.text("version"),
            database_date=descriptor.text("db", "built")
            or descriptor.text("db", "status", "built"),
            ended=descriptor.text("timestamp"),
            asset=asset,
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
    layers = [layer.text("digest") for layer in image.children("layers") if layer.text("digest")]
    if layers:
        digests.add(layers_digest(layers))  # Syft names layers by their diff ids
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


def _observe(distro: str, folder: str, node: Node) -> Observation:
    match = node.record()
    vulnerability = match.child("vulnerability")
    identity = vulnerability.need("id")
    related = list(match.children("relatedVulnerabilities"))
    severity = vulnerability.text("severity")
    return Observation(
        tool="grype",
        kind=Kind.VULNERABILITY,
        rule=_rule(identity, vulnerability, related),
        record=match.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        severities=tuple(
            (entry.text("namespace") or entry.text("id"), word)
            for entry in related
            if (word := entry.text("severity"))
        ),
        scores=tuple(_scores((vulnerability, *related))),
        component=_component(match, distro),
        locations=tuple(_locations(match, folder)),
        fix=_fix(vulnerability),
        signals=_signals((vulnerability, *related)),
    )


def _observe_ignored(distro: str, folder: str, node: Node) -> Observation:
    """A match that a rule or a VEX document took out: kept, with who said so and why."""
    seen = _observe(distro, folder, node)
    rules = list(node.record().children("appliedIgnoreRules"))
    vex = next((rule for rule in rules if rule.text("vex-status")), Record({}))
    claim = Claim(
        _STANCES.get(vex.text("vex-status"), Stance.SUPPRESSED),
        justification=vex.text("vex-justification"),
        statement="; ".join(dict.fromkeys(filter(None, map(_condition, rules)))),
        author=vex.text("namespace") or "grype",
    )
    return replace(seen, claim=claim)


def _condition(rule: Record) -> str:
    """The reason given for an ignore rule, else what it matches: "fix-state: not-fixed"."""
    if rule.text("reason") or rule.text("vex-status"):
        return rule.text("reason")
    package = rule.child("package")
    parts = [(name, rule.text(name)) for name in ("vulnerability", "namespace", "fix-state")]
    parts += [(name, package.text(name)) for name in ("name", "version", "type", "location")]
    return ", ".join(f"{name}: {value}" for name, value in parts if value)


def _rule(identity: str, vulnerability: Record, related: Sequence[Record]) -> Rule:
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
        published=next(
            (
                date
                for e in (vulnerability, *related)
                if (date := e.first("published", "publishedDate"))
            ),
            "",
        ),
    )


def _scores(entries: Sequence[Record]) -> Iterator[Score]:
    for entry in entries:
        source = entry.text("namespace") or "grype"
        found = [
            cvss_score(
                _RATERS.get(cvss.text("source"), cvss.text("source")) or source,
                cvss.text("vector"),
                cvss.number("metrics", "baseScore"),
                cvss.text("version"),
            )
            for cvss in entry.children("cvss")
        ]
        for name, version in (("cvssV2", "2.0"), ("cvssV3", "3.1")):  # before 0.10
            if old := entry.child(name):
                rated = cvss_score(source, old.text("vector"), old.number("baseScore"), version)
                found.append(rated)
        yield from dict.fromkeys(filter(None, found))


def _component(match: Record, distro: str) -> Component:
    artifact = match.child("artifact")
    version = artifact.text("version")
    purl = artifact.text("purl")
    kind = package_type(artifact.text("type")) or package_type(purl_type(purl))
    source, source_version = _source(artifact, kind)
    return Component(
        name=artifact.need("name"),
        version=version,
        type=kind,
        purl=purl,
        source_name=source,
        source_version=source_version or (version if source else ""),
        distro=(_distro(match) or distro) if kind in SYSTEM_TYPES else "",
        licences=artifact.texts("licenses"),
    )


def _source(artifact: Record, kind: str) -> tuple[str, str]:
    """Name and version of the source package. Before 0.30 it stood in the package's metadata."""
    upstream = next(artifact.children("upstreams"), Record({}))
    if upstream:
        # Syft's upstream of an rpm is "name-version-release.src.rpm" cut to its name.
        return upstream.text("name"), upstream.text("version")
    if isinstance(artifact.at("upstreams"), list) and kind in SYSTEM_TYPES:
        return artifact.text("name"), ""  # Grype leaves a source package of the same name out
    metadata = artifact.child("metadata")
    rpm = metadata.text("sourceRpm").removesuffix(".src.rpm")
    if kind == "rpm" and rpm.count("-") >= 2:
        name, plain, release = rpm.rsplit("-", 2)
        return name, f"{plain}-{release}"
    # dpkg: Source, SourceVersion; apk: OriginPackage
    name = metadata.first("Source", "source", "OriginPackage", "originPackage")
    return name, metadata.first("SourceVersion", "sourceVersion")


def _distro(match: Record) -> str:
    """What the match was looked up for; the oldest reports have one detail and no list."""
    for path in (("matchDetails", 0, "searchedBy"), ("matchDetails", "searchKey")):
        distro = match.child(*path, "distro")
        if distro:
            return "-".join(filter(None, (distro.text("type"), distro.text("version"))))
    return ""


def _locations(match: Record, folder: str) -> Iterator[Location]:
    """In a folder that was scanned, "/a" is the file `a` of it; older ones wrote whole paths."""
    for place in match.children("artifact", "locations"):
        if path := place.text("path"):
            inside = folder and not f"{path}/".startswith(f"{folder.rstrip('/')}/")
            yield Location(path=path.lstrip("/") if inside else path, layer=place.text("layerID"))


def _fix(vulnerability: Record) -> Fix:
    fix = vulnerability.child("fix")
    if fix:
        state = _FIX_STATES.get(fix.text("state"), FixState.UNKNOWN)
        return Fix(state, fix.texts("versions"))
    old = vulnerability.texts("fixedInVersion")
    return Fix(FixState.FIXED, old) if old else Fix()


def _signals(entries: Sequence[Record]) -> Signals:
    """Of the match's own vulnerability, which comes first, and of those related to it."""
    epss = next((e for entry in entries for e in entry.children("epss")), Record({}))
    known = [k for entry in entries for k in entry.children("knownExploited")]
    ransomware = [k.text("knownRansomwareCampaignUse").lower() for k in known]
    return Signals(
        epss=epss.number("epss"),
        epss_percentile=epss.number("percentile"),
        kev=True if known else None,
        ransomware=True if "known" in ransomware else None,
        exploit="active" if known else "",
        tool_risk=entries[0].number("risk"),
    )


PARSER = GrypeParser()
