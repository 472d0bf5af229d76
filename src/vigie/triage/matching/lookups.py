"""Look-ups: under which ecosystems, names and versions the advisories of a package are found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES, advisory_name, osv_ecosystem
from vigie.model.inventory import Distribution
from vigie.triage.matching.distributions import Release, release_of, service_pack
from vigie.triage.matching.names import (
    language_names,
    language_version,
    qualifier,
    system_names,
    type_of,
)
from vigie.triage.packages import parse_purl

# Builds for some customers alone, by the word in their versions or names; "esm" is Ubuntu Pro's.
_TIERS = ("fips", "realtime", "bluefield")


@dataclass(frozen=True, slots=True)
class Named:
    """One name to look for, and the version to compare under it. `epochs` is False where the
    database leaves rpm's epoch out. `tier` is "" for what everybody gets, else the word that
    marks builds of a paid tier."""

    ecosystem: str
    name: str
    version: str
    epochs: bool = True
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where one package is looked for. `type` is its purl type, `home` its OSV ecosystem, or
    the distribution or type that OSV does not have; "" when it does not say what it is. `loaded`
    says that advisories of it are at hand; where they are not, single ones may be. `names` is
    empty when OSV has none of its kind, and when nothing known names the package there."""

    type: str
    home: str
    loaded: bool = False
    names: tuple[Named, ...] = ()

    @property
    def has_version(self) -> bool:
        return any(named.version for named in self.names)

    def at(self, version: str) -> Lookup:
        """The same package at another version."""
        return replace(self, names=tuple(replace(one, version=version) for one in self.names))


class Lookups:
    """Says where packages are looked for. `ecosystems` are those that are loaded.

    A component that says itself which distribution it is of is believed before `distribution`.
    """

    def __init__(self, distribution: Distribution | None, ecosystems: Collection[str]) -> None:
        self._distribution = distribution
        self._ecosystems = ecosystems
        self._registries: dict[str, tuple[str, ...]] = {}
        self._releases: dict[tuple[str, str], _Home] = {}

    def of(self, component: Component) -> Lookup:
        """Where this package is looked for."""
        type_ = type_of(component)
        if type_ in SYSTEM_TYPES:
            return self._of_system(type_, component)
        home = osv_ecosystem(type_)
        if not home:
            return Lookup(type_, type_)
        registries = self._registries_of(home)
        version = language_version(type_, component)
        names = language_names(type_, component)
        spelt = {
            (one, advisory_name(one, name)): None for one in registries or (home,) for name in names
        }
        found = tuple(Named(one, name, version) for one, name in spelt)
        return Lookup(type_, home, bool(registries), found)

    def _registries_of(self, home: str) -> tuple[str, ...]:
        if home not in self._registries:
            # "Maven:https://maven.google.com": another registry of the same names.
            self._registries[home] = tuple(
                one for one in self._ecosystems if one == home or one.startswith(f"{home}:")
            )
        return self._registries[home]

    def _of_system(self, type_: str, component: Component) -> Lookup:
        home = self._home(component)
        if home is None:
            return Lookup(type_, type_)
        release = home.release
        if release is None or release.type != type_:
            return Lookup(type_, home.label)
        own, source = system_names(type_, component)
        names: dict[tuple[str, str], Named] = {}
        for ecosystem in home.found or (release.name,):
            for said in (own, source) if release.binaries else (source,):
                named = _named(ecosystem, said, release)
                names.setdefault((ecosystem, named.name), named)
        for ecosystem in home.paid:
            names[ecosystem, source[0]] = _named(ecosystem, source, release, _tier(ecosystem))
        return Lookup(type_, release.name, bool(home.found), tuple(names.values()))

    def _home(self, component: Component) -> _Home | None:
        distribution = self._distribution
        said = component.distro
        if not said and distribution is None:
            said = _said_by_purl(component.purl)
        if said and (distribution is None or said != distribution.label):
            distribution = Distribution(said)
        if distribution is None:
            return None
        key = distribution.label, service_pack(component.version)
        if key not in self._releases:
            release = release_of(distribution, component.version)
            self._releases[key] = _Home(
                distribution.label,
                release,
                release.among(self._ecosystems) if release else (),
                release.paid_among(self._ecosystems) if release else (),
            )
        return self._releases[key]


@dataclass(frozen=True, slots=True)
class _Home:
    """A distribution's release, and the loaded ecosystems that are about it."""

    label: str
    release: Release | None
    found: tuple[str, ...]
    paid: tuple[str, ...]


def _said_by_purl(purl: str) -> str:
    """ "debian-12" of "pkg:deb/debian/curl@8?distro=debian-12"; some tools leave the name out,
    or write its codename."""
    said = qualifier(purl, "distro")
    parsed = parse_purl(purl)
    vendor = parsed.namespace if parsed is not None and parsed.namespace else ""
    if said and vendor and release_of(Distribution(said)) is None:
        return f"{vendor}-{said}"
    return said or vendor


def _named(ecosystem: str, said: tuple[str, str], release: Release, tier: str = "") -> Named:
    name, version = said
    return Named(ecosystem, advisory_name(ecosystem, name), version, release.epochs, tier)


def _tier(ecosystem: str) -> str:
    return next((word for word in _TIERS if word in ecosystem.lower()), "esm")
