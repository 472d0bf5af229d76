"""Vulnerabilities: observations become clusters by (flaw, source package, asset)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from vigie.model.components import Component
from vigie.model.identity import digest
from vigie.model.observations import Kind
from vigie.model.text import T, Text
from vigie.triage.clusters import Cluster, Member, asset_keys
from vigie.triage.identifiers import Aliases, is_about_several, names_of, preference
from vigie.triage.packages import (
    PackageKey,
    bare_name,
    package_key,
    plain_version,
    same_named,
    source_key,
)

_NO_COMPONENT = Component("")


def cluster_vulnerabilities(
    members: Sequence[Member], inventory: Iterable[Member]
) -> list[Cluster]:
    """One cluster for each flaw of each package of each asset.

    `inventory` are further observations whose components tell which source package a binary
    was built from.
    """
    sources = _Sources([*members, *inventory])
    packages: dict[tuple[str, PackageKey], list[Member]] = defaultdict(list)
    for member in members:
        packages[member.asset.key, sources.package(member)].append(member)
    clusters: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for (asset, package), group in packages.items():
        for cluster in _by_flaw(package, group):
            clusters[asset, cluster.name].append(cluster)
    joined = [c for rivals in clusters.values() for c in _join_spellings(rivals, sources)]
    for cluster in joined:
        _fingerprint(cluster)
    return joined


class _Sources:
    """What each binary package of each asset was built from, as far as anybody says."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._known: dict[tuple[str, PackageKey], PackageKey] = {}
        told: dict[tuple[str, PackageKey], set[PackageKey]] = defaultdict(set)
        self._names: dict[tuple[str, str], set[PackageKey]] = defaultdict(set)
        for member in members:
            component = member.observation.component
            if component is None:
                continue
            own, source = package_key(component), source_key(component)
            if source is not None:
                told[member.asset.key, own].add(source)
            if own.type:
                self._names[member.asset.key, bare_name(own)].add(own)
        for place, sources in told.items():
            # A tool that knows no better gives the package itself as its source.
            self._known[place] = min(sources, key=lambda s: (s == place[1], s.name))

    def package(self, member: Member) -> PackageKey:
        """The source package when known, else the component; a name without a type takes the
        type of the only package of that name."""
        component = member.observation.component or _NO_COMPONENT
        own = package_key(component)
        asset = member.asset.key
        if not own.type or (own.type == "maven" and ":" not in own.name):
            candidates = [k for k in self._names[asset, bare_name(own)] if same_named(own, k)]
            full = [k for k in candidates if k.type and k != own]
            if len(full) == 1:
                own = full[0]
        return self._known.get((asset, own), own)

    def knows(self, member: Member) -> bool:
        """True when somebody said what this member's package was built from."""
        own = package_key(member.observation.component or _NO_COMPONENT)
        return (member.asset.key, own) in self._known


def _by_flaw(package: PackageKey, group: list[Member]) -> list[Cluster]:
    aliases = Aliases()
    named = [names_of(member.observation.rule) for member in group]
    for names in named:
        aliases.add(names)
    clusters: dict[str, Cluster] = {}
    for member, names in zip(group, named, strict=True):
        for flaw in aliases.flaws(names):
            cluster = clusters.get(flaw)
            if cluster is None:
                cluster = Cluster(Kind.VULNERABILITY, member.asset, flaw, package)
                clusters[flaw] = cluster
            cluster.add(member, _reason(flaw, names, package, member))
    return list(clusters.values())


def _reason(flaw: str, names: tuple[str, ...], package: PackageKey, member: Member) -> Text:
    component = member.observation.component or _NO_COMPONENT
    if names[0] == flaw:
        why = T("names {flaw} itself", flaw=flaw)
    elif flaw in names:
        why = T("names {id}, which it gives as {flaw}", id=names[0], flaw=flaw)
    else:
        why = T("names {id}, which another source gives as {flaw}", id=names[0], flaw=flaw)
    if package.name != package_key(component).name:
        return T(
            "{why}; {name} is built from {source}",
            why=why, name=component.name, source=package.name,
        )  # fmt: skip
    return why


def _join_spellings(rivals: list[Cluster], sources: _Sources) -> list[Cluster]:
    """Clusters of one flaw whose packages are one source package, though nobody says so.

    Binary packages of a distribution that carry the same version and the same flaw were
    built together; this is only concluded where a source package is not known.
    """
    if sum(c.package is not None and c.package.is_system for c in rivals) < 2:
        return rivals
    # Known sources first, so that unknown ones join them; then by name, to be stable.
    ranked = sorted(
        (not any(map(sources.knows, c.members)), c.package.name if c.package else "", n)
        for n, c in enumerate(rivals)
    )
    homes: dict[tuple[str, str], Cluster] = {}
    kept: list[Cluster] = []
    for is_unknown, _, number in ranked:
        cluster = rivals[number]
        built = _built_keys(cluster)
        home = next((homes[key] for key in built if key in homes), None) if is_unknown else None
        if home is None:
            kept.append(cluster)
            for key in built:
                homes.setdefault(key, cluster)
            continue
        home.absorb(cluster, _built_with(home, cluster))
    return kept


def _built_with(home: Cluster, cluster: Cluster) -> Text:
    return T(
        "same flaw and same version {version} as {name}: built from one source package",
        version=min(_built_versions(cluster), default=""),
        name=home.package.name if home.package else "",
    )


def _built_keys(cluster: Cluster) -> list[tuple[str, str]]:
    """Type and versions of a distribution's package; none for any other."""
    if cluster.package is None or not cluster.package.is_system:
        return []
    return [(cluster.package.type, version) for version in sorted(_built_versions(cluster))]


def _built_versions(cluster: Cluster) -> set[str]:
    """Installed and source versions, in the spelling that leaves epochs out."""
    components = (m.observation.component for m in cluster.members)
    said = (v for c in components if c is not None for v in (c.version, c.source_version))
    return {plain_version(v) for v in said if v}


def _fingerprint(cluster: Cluster) -> None:
    """Primary: flaw and package. Others: what each observation would have given alone."""
    assets = asset_keys(cluster)
    flaws = {cluster.name: None}
    packages: dict[tuple[str, str], None] = {}
    if cluster.package is not None:
        packages[cluster.package.type, cluster.package.name] = None
    for member in cluster.members:
        rule = member.observation.rule
        if not is_about_several(rule):  # the name of such an advisory identifies none of them
            flaws.update(dict.fromkeys(sorted(names_of(rule), key=preference)))
        component = member.observation.component
        if component is not None:
            own = package_key(component)
            packages[own.type, own.name] = None
    for asset in assets:
        for package in packages:
            for flaw in flaws:
                cluster.fingerprints[digest("vulnerability", flaw, *package, asset)] = None
