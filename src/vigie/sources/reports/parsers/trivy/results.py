"""Walks Trivy's results: one target of one class each, with its findings of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from vigie.model.assets import Asset
from vigie.model.ecosystems import package_type
from vigie.model.observations import Claim, Kind, Location, Observation, Stance
from vigie.sources.reports.packages import purl_type
from vigie.sources.reports.parsers.trivy.checks import observe_licence, observe_misconfiguration
from vigie.sources.reports.parsers.trivy.secrets import observe_secret
from vigie.sources.reports.parsers.trivy.target import Target
from vigie.sources.reports.parsers.trivy.vulnerabilities import observe_vulnerability
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

Observe = Callable[[Record, Target], Observation]

_SECTIONS: tuple[tuple[str, str, Observe], ...] = (
    ("Vulnerabilities", "vulnerability", observe_vulnerability),
    ("Misconfigurations", "misconfiguration", observe_misconfiguration),
    ("Secrets", "secret", observe_secret),
    ("Licenses", "license", observe_licence),
)
_KINDS = {kind: observe for _, kind, observe in _SECTIONS}

_STANCES = {
    "not_affected": Stance.NOT_AFFECTED,
    "fixed": Stance.FIXED,
    "under_investigation": Stance.UNDER_INVESTIGATION,
    "affected": Stance.AFFECTED,
}

_PACKAGE_CLASSES = frozenset({"os-pkgs", "lang-pkgs"})
# Names that Trivy gives to targets of packages found one by one, not to a lock file.
_COLLECTIVE = frozenset(
    {"python", "node.js", "ruby", "java", "conda", "rust", "php", "go", ".net", "bitnami"}
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a list of results is about: the distribution and, in a cluster, which resource."""

    distro: str = ""
    resource: str = ""
    image: Asset | None = None


def read_results(results: Iterable[Node], subject: Subject, tally: Tally) -> set[str] | None:
    """Read every finding into the tally; the purl types looked at, None when there is no result."""
    ecosystems: set[str] | None = None
    for result in results:
        target = _target(result, subject)
        ecosystems = (ecosystems or set()) | _ecosystems(result, target)
        for name, _, observe in _SECTIONS:
            tally.read_all(result.items(name), partial(_place, observe, target, subject))
        tally.read_all(
            result.items("ExperimentalModifiedFindings"),
            partial(_observe_modified, target, subject),
        )
    return ecosystems


def _target(result: Node, subject: Subject) -> Target:
    name = result.text("Target")
    kind = result.text("Class")
    packages = tuple(node.record() for node in result.items("Packages") if node.first == b"{")
    family = subject.distro.partition("-")[0]
    distribution = (
        kind == "os-pkgs"
        or name == "OS Packages"
        or (
            # Reports before 0.20 have no class; their type is the distribution's name.
            not kind and result.text("Type") == family != ""
        )
    )
    system = result.text("Type") or (family if distribution else name)
    return Target(
        name=name,
        path="" if distribution or name.lower() in _COLLECTIVE else name,
        type=package_type(system) if kind != "config" else "",
        distro=subject.distro if distribution else "",
        packages=packages,
    )


def _ecosystems(result: Node, target: Target) -> set[str]:
    if result.text("Class") not in _PACKAGE_CLASSES and result.get("Vulnerabilities") is None:
        return set()
    types = {target.type}
    types.update(purl_type(package.text("Identifier", "PURL")) for package in target.packages)
    return types - {""}


def _place(observe: Observe, target: Target, subject: Subject, node: Node) -> Observation:
    """The observation, with the cluster's resource and the image it runs where there are any."""
    seen = observe(node.record(), target)
    if not subject.resource:
        return seen
    places = seen.locations or (Location(),)
    return replace(
        seen,
        # A workload's misconfigurations are in its manifest, the rest is in its image.
        asset=None if seen.kind is Kind.MISCONFIGURATION else subject.image,
        locations=tuple(
            replace(place, resource=place.resource or subject.resource) for place in places
        ),
    )


def _observe_modified(target: Target, subject: Subject, node: Node) -> Observation:
    """A finding that an ignore file or a VEX document took out: kept, with who said so and why."""
    record = node.record()
    observe = _KINDS.get(record.text("Type"))
    if observe is None:
        raise RecordError(f"is a modified finding of unknown type {record.text('Type')!r}")

    def observe_inner(_: Record, at: Target) -> Observation:
        inner = record.child("Finding")
        return observe(Record(inner.data, record.pointer), at)

    claim = Claim(
        _STANCES.get(record.text("Status"), Stance.SUPPRESSED),
        statement=record.text("Statement"),
        author=record.text("Source") or "trivy",
    )
    return replace(_place(observe_inner, target, subject, node), claim=claim)
