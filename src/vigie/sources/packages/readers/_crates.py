"""Rust crates as packages, for lock files and for programs."""

from __future__ import annotations

from vigie.model.components import Component
from vigie.model.inventory import Package, Scope
from vigie.model.observations import Location
from vigie.sources.packages.purls import purl


def crate_url(name: str, version: str, vcs_url: str = "") -> str:
    """The package URL; `vcs_url` for a crate that comes from a repository and no registry."""
    return purl("cargo", "", name, version, vcs_url=vcs_url)


def crate(
    name: str,
    version: str,
    *,
    vcs_url: str = "",
    line: int | None = None,
    direct: bool | None = None,
    scope: Scope = Scope.UNKNOWN,
    requires: tuple[str, ...] = (),
) -> Package:
    """One crate. Raises ValueError for a name that no crate has."""
    if not name or len(name) > 256 or len(version) > 1024:
        raise ValueError("it names a crate that cannot be one")
    component = Component(
        name=name,
        version=version,
        type="cargo",
        purl=crate_url(name, version, vcs_url),
        direct=direct,
    )
    return Package(component, Location(start_line=line), scope, requires=requires)
