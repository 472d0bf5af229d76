"""What clair-scanner and Klar wrote about Clair v2: flat lists of one vulnerability each."""

from __future__ import annotations

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import Fix, FixState, Kind, Observation, Rule
from vigie.model.severity import severity_from_word
from vigie.ports.reports import Report
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node


def read_clair_scanner(root: Node) -> Report:
    """`clair-scanner -r`: the image and its vulnerabilities."""
    tally = Tally()
    tally.read_all(root.items("vulnerabilities"), _observe_scanner)
    image = root.text("image")
    return _report(tally, Asset(AssetKind.IMAGE, image) if image else None)


def read_klar(root: Node) -> Report:
    """Klar's JSON: vulnerabilities by severity; it does not name the image."""
    tally = Tally()
    groups = root.get("Vulnerabilities")
    for group in (groups.fields() if groups is not None else {}).values():
        tally.read_all(group.items(), _observe_klar)
    return _report(tally, None)


def _report(tally: Tally, asset: Asset | None) -> Report:
    return Report(
        tool="clair",
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        asset=asset,
    )


def _observe_scanner(node: Node) -> Observation:
    record = node.record()
    return _observation(
        record,
        identity=record.need("vulnerability"),
        component=_component(record, "featurename", "featureversion", "namespace"),
        link=record.text("link"),
        fixed=record.text("fixedby"),
        description=record.text("description"),
        severity=record.text("severity"),
    )


def _observe_klar(node: Node) -> Observation:
    record = node.record()
    return _observation(
        record,
        identity=record.need("Name"),
        component=_component(record, "FeatureName", "FeatureVersion", "NamespaceName"),
        link=record.text("Link"),
        fixed=record.text("FixedBy"),
        description=record.text("Description"),
        severity=record.text("Severity"),
    )


def _component(record: Record, name: str, version: str, namespace: str) -> Component:
    # Clair v2 names the source package and the distribution as "debian:9".
    family, _, release = record.text(namespace).partition(":")
    return Component(
        name=record.need(name),
        version=record.text(version),
        type=package_type(family),
        distro="-".join(filter(None, (family, release))),
    )


def _observation(
    record: Record,
    *,
    identity: str,
    component: Component,
    link: str,
    fixed: str,
    description: str,
    severity: str,
) -> Observation:
    rating = record.child("Metadata", "NVD", "CVSSv2")
    score = cvss_score("nvd", rating.text("Vectors"), rating.number("Score"), "2.0")
    return Observation(
        tool="clair",
        kind=Kind.VULNERABILITY,
        rule=Rule(identity, description=description, references=(link,) if link else ()),
        record=record.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=(score,) if score is not None else (),
        component=component,
        fix=Fix(FixState.FIXED, (fixed,)) if fixed else Fix(FixState.NOT_FIXED),
    )
