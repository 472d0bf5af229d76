"""Packages of a Linux distribution: what dpkg, apk, rpm and pacman have in common."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.model.components import Component
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Location
from vigie.ports.packages import Surroundings
from vigie.sources.packages.purls import purl

# The vendor to name where no os-release says it: purl-spec wants one for these types.
_USUAL_VENDOR = {"deb": "debian", "apk": "alpine", "alpm": "arch"}


@dataclass(frozen=True, slots=True)
class Record:
    """One package as a distribution's own database has it.

    `version` with epoch and release as the ecosystem writes it; `purl_version` the same
    without the epoch where purl-spec keeps it apart. `upstream` is the purl's qualifier for
    the source package in Syft's form, "" when it says nothing new.
    """

    type: str
    name: str
    version: str
    line: int | None = None
    arch: str = ""
    epoch: str = ""
    purl_version: str = ""
    source_name: str = ""
    source_version: str = ""
    upstream: str = ""
    module: str = ""
    licences: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


def system_package(record: Record, around: Surroundings, path: str) -> Package:
    """The package with its purl: vendor and distribution are the file system's."""
    distribution = around.distribution
    label = distribution.label if distribution else ""
    url = purl(
        record.type,
        vendor(record.type, distribution),
        record.name,
        record.purl_version or record.version,
        arch=record.arch,
        distro=label,
        epoch=record.epoch,
        upstream=record.upstream,
        rpmmod=record.module,
    )
    component = Component(
        name=record.name,
        version=record.version,
        type=record.type,
        purl=url,
        source_name=record.source_name or record.name,
        source_version=record.source_version or record.version,
        distro=label,
        licences=record.licences,
    )
    return Package(component, Location(path, start_line=record.line), requires=record.requires)


def vendor(type_: str, distribution: Distribution | None) -> str:
    """The purl's namespace: the distribution's id, "redhat" and "opensuse" as tools write them."""
    if distribution is None:
        return _USUAL_VENDOR.get(type_, "")
    if distribution.id == "rhel":
        return "redhat"
    return "opensuse" if distribution.id.startswith("opensuse") else distribution.id
