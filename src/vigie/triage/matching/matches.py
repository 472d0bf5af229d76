"""Matching: packages, the advisories at hand, and what follows; also what does not follow.

A package that no advisory is loaded for is not safe, it is unknown, and is counted as such. The
same holds for one without a version, or with a version that nobody can compare.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vigie.model.advisories import Affected
from vigie.model.components import Component
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Observation
from vigie.ports.advisories import AdvisoryIndex
from vigie.triage.matching.evaluation import Standing
from vigie.triage.matching.judging import Hit, judge
from vigie.triage.matching.lookups import Lookup, Lookups, Named
from vigie.triage.matching.observing import Observer
from vigie.triage.versions import key


@dataclass(frozen=True, slots=True)
class Matches:
    """What matching found. `checked` are purl types of packages for which advisories are loaded.

    `unchecked` counts packages by OSV ecosystem, or by what they are of where OSV has none
    ("debian-13", "conda"), for which none are loaded. `unversioned` are packages without a
    version, `incomparable` those whose version their ecosystem's order refuses, `unnamed` those
    that do not say what they are (a file in an SBOM), or less than their registry needs (a jar
    without its group): none of these is known to be safe. An advisory whose own versions cannot
    be compared gives an observation with the verdict unknown.
    """

    observations: tuple[Observation, ...] = ()
    checked: frozenset[str] = frozenset()
    unchecked: Mapping[str, int] = field(default_factory=dict)
    unversioned: tuple[Package, ...] = ()
    incomparable: tuple[Package, ...] = ()
    unnamed: tuple[Package, ...] = ()


def match(
    packages: Sequence[Package], distribution: Distribution | None, index: AdvisoryIndex
) -> Matches:
    """What the advisories of `index` say of these packages, in the order of packages.

    `distribution` is the system's that they are of; a package may name its own.
    """
    lookups = Lookups(distribution, index.ecosystems())
    sought = [lookups.of(package.component) for package in packages]
    found = _found(sought, index)
    judged: dict[Lookup, tuple[Hit, ...]] = {}
    hits = []
    for package, lookup in zip(packages, sought, strict=True):
        if lookup not in judged:
            judged[lookup] = _told(lookup, judge(lookup, found))
        hits += [(package, lookup, hit) for hit in judged[lookup]]
    observer = Observer(index.advisories({hit.advisory for _, _, hit in hits}))
    observations = tuple(
        observer.observe(number, package, hit, lookup.type)
        for number, (package, lookup, hit) in enumerate(hits)
    )
    return _matches(packages, sought, observations)


def homes(packages: Sequence[Package], distribution: Distribution | None) -> Mapping[str, int]:
    """The OSV ecosystems that these packages are of ("PyPI", "Debian:12"), and how many each."""
    lookups = Lookups(distribution, ())
    found = (lookups.of(package.component).home for package in packages)
    return Counter(home for home in found if home)


def affects(
    component: Component,
    index: AdvisoryIndex,
    distribution: Distribution | None = None,
    *,
    version: str = "",
) -> tuple[Hit, ...]:
    """What this package is affected by, or with `version`, would be if it were that.

    No hits says nothing where advisories of its ecosystem are not loaded.
    """
    lookup = Lookups(distribution, index.ecosystems()).of(component)
    if version:
        lookup = lookup.at(version)
    return judge(lookup, _found([lookup], index))


def _found(
    sought: Sequence[Lookup], index: AdvisoryIndex
) -> Mapping[tuple[str, str], Sequence[Affected]]:
    """Every entry about the names looked for, asked for once for each ecosystem."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for lookup in dict.fromkeys(sought):
        for named in lookup.names:
            wanted[named.ecosystem].add(named.name)
    found: dict[tuple[str, str], list[Affected]] = defaultdict(list)
    for ecosystem, names in sorted(wanted.items()):
        for entry in index.affecting(ecosystem, names):
            found[ecosystem, entry.name].append(entry)
    return found


def _told(lookup: Lookup, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """A package whose own version is the trouble is told of once, and not for each advisory."""
    if _is_compared(lookup):
        return hits
    return tuple(hit for hit in hits if hit.standing is Standing.AFFECTED)


def _is_compared(lookup: Lookup) -> bool:
    return all(_comparable(lookup.type, named) for named in lookup.names)


def _comparable(type_: str, named: Named) -> bool:
    return bool(named.version) and key(type_, named.version) is not None


def _matches(
    packages: Sequence[Package], sought: Sequence[Lookup], observations: tuple[Observation, ...]
) -> Matches:
    pairs = list(zip(packages, sought, strict=True))
    known = [(package, lookup) for package, lookup in pairs if lookup.loaded]
    named = [(package, lookup) for package, lookup in known if lookup.names]
    versioned = [(package, lookup) for package, lookup in named if lookup.has_version]
    return Matches(
        observations=observations,
        checked=frozenset(lookup.type for _, lookup in known),
        unchecked=Counter(lookup.home for _, lookup in pairs if lookup.home and not lookup.loaded),
        unversioned=tuple(package for package, lookup in named if not lookup.has_version),
        incomparable=tuple(package for package, lookup in versioned if not _is_compared(lookup)),
        unnamed=tuple(
            package
            for package, lookup in pairs
            if not lookup.home or (lookup.loaded and not lookup.names)
        ),
    )
