"""Inventories: which packages a target holds, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vigie.model.assets import Asset
from vigie.model.components import Component
from vigie.model.observations import Location
from vigie.model.runs import Problem


class Scope(StrEnum):
    """What a package is there for, as far as its record says it."""

    RUNTIME = "runtime"
    DEVELOPMENT = "development"
    OPTIONAL = "optional"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A Linux distribution as os-release(5) names it: `id` "debian", `version` "12"
    (VERSION_ID, "" for a rolling one), `codename` "bookworm", `like` ("rhel", "fedora")."""

    id: str
    version: str = ""
    codename: str = ""
    name: str = ""
    like: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """ "debian-12", as components and assets carry it."""
        return f"{self.id}-{self.version}" if self.version else self.id


NO_PLACE = Location()


@dataclass(frozen=True, slots=True)
class Package:
    """One package in one place. `location` is the file that says so, with its line when it
    has one and the layer of an image; `reader` the plug that read it.

    `requires` are purls or names of packages it asks for, when the record says it. `owner` is
    the distribution's package that brought it: that one's advisories speak for it.
    """

    component: Component
    location: Location = NO_PLACE
    scope: Scope = Scope.UNKNOWN
    reader: str = ""
    requires: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every package of one target. `looked_at` are purl types that a reader found records of.

    A problem that is not a note means that the inventory is not whole.
    """

    asset: Asset
    packages: tuple[Package, ...] = ()
    distribution: Distribution | None = None
    problems: tuple[Problem, ...] = ()
    looked_at: frozenset[str] = frozenset()
