"""OSV-Scanner JSON, v1 and v2.

Source: google/osv-scanner `pkg/models/results.go`; the vulnerabilities are OSV records
(OSV schema 1.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES, package_type
from vigie.model.identity import layers_digest
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
)
from vigie.model.runs import Coverage
from vigie.model.severity import Severity, severity_from_score, severity_from_word
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.cvss import cvss_version
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_ECOSYSTEMS = frozenset(
    {"apk", "cargo", "composer", "conan", "cran", "deb", "gem", "github", "golang", "hackage",
     "hex", "maven", "npm", "nuget", "pub", "pypi", "rpm", "swift"}
)  # fmt: skip

_ERRATUM = re.compile(
    r"^(?:DSA|DLA|USN|RHSA|RHBA|RHEA|ELSA|ALSA|ALBA|RLSA|RXSA|ALAS\w*|MGASA|GLSA|(?:open)?SUSE-\w+)-"
)


@dataclass(frozen=True, slots=True)
class _Package:
    """One package at one source, with the groups of ids that name the same flaw."""

    record: Record
    component: Component
    locations: tuple[Location, ...]
    asset: Asset | None


class OsvScannerParser:
    format = "osv-scanner"
    tool = "osv-scanner"
    label = "OSV-Scanner"
    coverage = Coverage(frozenset({Kind.VULNERABILITY, Kind.LICENCE}), _ECOSYSTEMS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT or "results" not in sketch.keys:
            return False
        if "experimental_config" in sketch.keys or "image_metadata" in sketch.keys:
            return True
        first = sketch.at("results", 0)
        return (
            isinstance(first, dict)
            and isinstance(first.get("packages"), list)
            and ("source" in first or "packageSource" in first)
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        """A record is one vulnerability, or one licence violation, of one package of a source."""
        root = document.root
        if "results" not in document.sketch.keys or document.sketch.form is not Form.JSON_OBJECT:
            return
        tally = Tally()
        components: set[Component] = set()
        layers = [n.text("diff_id") for n in root.items("image_metadata", "layer_metadata")]
        for result in root.items("results"):
            for package in result.items("packages"):
                components.add(_read_package(result, package, layers, tally))
        tally.read_all(root.items("experimental_generic_findings"), _observe_generic)
        types = {component.type for component in components} - {""}
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            asset=_image(layers, components),
            ecosystems=frozenset(types) or None,
        )


def _image(layers: list[str], components: set[Component]) -> Asset | None:
    """The image of `scan image`, known by its layers alone; None for a scan of sources."""
    known = [layer for layer in layers if layer]  # commands without files have no diff id
    if not known:
        return None
    distros = {component.distro for component in components} - {""}
    distro = distros.pop() if len(distros) == 1 else ""
    return Asset(AssetKind.IMAGE, "", frozenset({layers_digest(known)}), distro=distro)


def _read_package(result: Node, node: Node, layers: list[str], tally: Tally) -> Component:
    """Read one package's vulnerabilities and violations."""
    package = _package(result, node, layers)
    tally.read_all(node.items("vulnerabilities"), partial(_observe, package))
    tally.read_all(node.items("license_violations"), partial(_observe_licence, package))
    return package.component


def _package(result: Node, node: Node, layers: list[str]) -> _Package:
    value = node.value()
    record = Record(value if isinstance(value, dict) else {}, node.pointer)
    info = record.child("package") or record.child("Package")
    source = result.get("source") or result.get("packageSource")
    path = source.text("path") if source is not None else ""
    of_image = source is not None and source.text("type") == "docker"  # v1: path is the image
    index = info.integer("image_origin_details", "index")
    layer = layers[index] if index is not None and 0 <= index < len(layers) else ""
    ecosystem, _, release = info.text("ecosystem").partition(":")
    kind = package_type(ecosystem)
    shown = info.text("os_package_name")
    version = info.text("version")
    component = Component(
        name=shown or info.text("name"),
        version=version,
        type=kind,
        source_name=info.text("name") if shown else "",
        source_version=version if shown else "",
        distro=_distro(ecosystem, release) if kind in SYSTEM_TYPES else "",
        licences=record.texts("licenses"),
    )
    place = Location(path="" if of_image else path, layer=layer, commit=info.text("commit"))
    return _Package(
        record,
        component,
        (place,) if place != Location() else (),
        Asset(AssetKind.IMAGE, path) if of_image and path else None,
    )


def _distro(ecosystem: str, release: str) -> str:
    """ "alpine-3.18" for "Alpine:v3.18", "ubuntu-22.04" for "Ubuntu:22.04:LTS"."""
    version = release.partition(":")[0].removeprefix("v")
    return "-".join(filter(None, (ecosystem.lower().replace(" ", "-"), version)))


def _observe(package: _Package, node: Node) -> Observation:
    record = node.record()
    identity = record.need("id")
    Record({"name": package.component.name}).need("name")
    group = _group(package.record, identity)
    word, severity = _severity(record, group)
    return Observation(
        tool="osv-scanner",
        kind=Kind.VULNERABILITY,
        rule=_rule(record, identity, group),
        record=record.pointer,
        severity=severity,
        severity_said=word,
        scores=tuple(_scores(record, package, group)),
        message=record.text("summary"),
        component=package.component,
        locations=package.locations,
        fix=_fix(record, package),
        signals=Signals(reachable=_called(group, identity)),
        asset=package.asset,
    )


def _group(package: Record, identity: str) -> Record:
    """The group of ids that OSV-Scanner takes for the same flaw as this one."""
    groups = package.children("groups")
    return next((g for g in groups if identity in g.texts("ids")), Record({}))


def _rule(record: Record, identity: str, group: Record) -> Rule:
    # What a distribution's advisory is about stands in `upstream`, and before OSV 1.7 in
    # `related`, which for others holds what is merely similar.
    covered = record.texts("upstream")
    related = record.texts("related")
    if not covered and not record.texts("aliases") and _ERRATUM.match(identity):
        covered, related = related, ()
    names = (*record.texts("aliases"), *covered, *group.texts("ids"), *group.texts("aliases"))
    cwes = list(record.texts("database_specific", "cwe_ids"))
    for affected in record.children("affected"):
        cwes += [c.text("cweId") for c in affected.children("database_specific", "cwes")]
    return Rule(
        id=identity,
        aliases=tuple(name for name in dict.fromkeys(names) if name != identity),
        title=record.text("summary"),
        description=record.text("details"),
        references=tuple(
            dict.fromkeys(r.text("url") for r in record.children("references") if r.text("url"))
        ),
        weaknesses=tuple(dict.fromkeys(cwe for cwe in cwes if cwe.startswith("CWE-"))),
        related=related,
        published=record.text("published"),
    )


def _severity(record: Record, group: Record) -> tuple[str, Severity]:
    """The advisory's word, else the scanner's own figure for the group."""
    word = record.text("database_specific", "severity") or next(
        (
            said
            for affected in record.children("affected")
            if (said := affected.text("ecosystem_specific", "severity"))
        ),
        "",
    )
    if severity_from_word(word) is not Severity.UNKNOWN:
        return word, severity_from_word(word)
    return group.text("max_severity") or word, severity_from_score(group.number("max_severity"))


def _scores(record: Record, package: _Package, group: Record) -> Iterator[Score]:
    entries = list(record.children("severity"))
    for affected in _affected(record, package):
        entries += affected.children("severity")
    vectors = dict.fromkeys(e.text("score") for e in entries if e.text("score"))
    for vector in vectors:
        if cvss_version(vector):
            yield Score("osv", cvss_version(vector), vector)
    value = group.number("max_severity")
    if value:
        yield Score("osv-scanner", value=value)


def _affected(record: Record, package: _Package) -> Iterator[Record]:
    """The entries about this package; an advisory may list others beside it."""
    names = {package.component.name, package.component.source_name}
    for affected in record.children("affected"):
        same = package_type(affected.text("package", "ecosystem").partition(":")[0])
        if affected.text("package", "name") in names and same == package.component.type:
            yield affected


def _fix(record: Record, package: _Package) -> Fix:
    """Every version that ends a range of this package; the merge picks the sufficient one."""
    fixed: list[str] = []
    ranges = ended = 0
    for affected in _affected(record, package):
        for span in affected.children("ranges"):
            if span.text("type") == "GIT":
                continue
            ranges += 1
            for event in span.children("events"):
                ended += bool(event.text("last_affected"))
                fixed += [event.text("fixed")] if event.text("fixed") else []
    if fixed:
        return Fix(FixState.FIXED, tuple(dict.fromkeys(fixed)))
    return Fix(FixState.NOT_FIXED if ranges and not ended else FixState.UNKNOWN)


def _called(group: Record, identity: str) -> bool | None:
    """Call analysis of Go and Rust code; None where none was made."""
    for name in ("experimental_analysis", "experimentalAnalysis"):
        called = group.flag(name, identity, "called")
        if called is not None:
            return called
    return None


def _observe_licence(package: _Package, node: Node) -> Observation:
    licence = Record({"licence": node.value()}).need("licence")
    return Observation(
        tool="osv-scanner",
        kind=Kind.LICENCE,
        rule=Rule(licence, title=licence),
        record=node.pointer,
        component=package.component,
        locations=package.locations,
        asset=package.asset,
    )


def _observe_generic(node: Node) -> Observation:
    """A finding of a plug-in detector: a weakness of the system, not of a package."""
    record = node.record()
    advisory = record.child("Adv")
    word = advisory.text("Sev")
    return Observation(
        tool="osv-scanner",
        kind=Kind.WEAKNESS,
        rule=Rule(
            id=advisory.need("ID", "Reference"),
            title=advisory.text("Title"),
            description=advisory.text("Description"),
        ),
        record=record.pointer,
        severity=severity_from_word(word),
        severity_said=word,
        message=advisory.text("Title"),
        fix=Fix(advice=advisory.text("Recommendation")),
    )


PARSER = OsvScannerParser()
