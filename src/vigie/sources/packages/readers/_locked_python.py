"""Packages of Python's lock files: the graph of their entries turned into what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers._python import normal
from vigie.sources.packages.readers._records import package, package_url, spread_scopes

# Versions of one project that markers choose from; what comes after leads nowhere.
_MOST_VERSIONS = 20
_ORDER = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT, Scope.UNKNOWN)


@dataclass(slots=True)
class Locked:
    """One entry. `asks` are names that it requires, `versions` which of several it means.

    `own` is True for the project itself and its local parts. `scope` is what the entry says;
    `direct` None when that is to be told from who asks for it.
    """

    name: str
    version: str
    line: int | None = None
    asks: list[tuple[str, str]] = field(default_factory=list)
    own: bool = False
    scope: Scope = Scope.UNKNOWN
    direct: bool | None = None
    origin: dict[str, str] = field(default_factory=dict)


def packages_of(
    entries: Iterable[Locked],
    roots: Iterable[tuple[Scope, Iterable[tuple[str, str]]]] = (),
    *,
    whole: bool = True,
) -> Iterator[Package]:
    """The packages of a lock file, each name and version once.

    `roots` are names (and versions, or "") that the project asks for; `whole` says that these
    are all. Without any, scope and directness are what the entries say.
    """
    found = list(entries)
    named: dict[str, list[Locked]] = {}
    for entry in {_key(entry): entry for entry in found}.values():
        known = named.setdefault(normal(entry.name), [])
        if len(known) < _MOST_VERSIONS:
            known.append(entry)
    graph: dict[str, list[str]] = {}
    for entry in found:  # an entry for extras stands beside that of the package itself
        graph.setdefault(_key(entry), []).extend(_key(to) for to in _targets(named, entry.asks))
    asked = [(scope, [_key(e) for e in _targets(named, names)]) for scope, names in roots]
    asked.sort(key=lambda root: _ORDER.index(root[0]))
    scopes = spread_scopes(graph, asked)
    direct = {key for _, keys in asked for key in keys}
    merged: dict[tuple[str, str, str], list[Locked]] = {}
    for entry in found:
        if not entry.own:
            place = (normal(entry.name), entry.version, str(entry.origin))
            merged.setdefault(place, []).append(entry)
    for same in merged.values():
        first = same[0]
        said = [entry.scope for entry in same if entry.scope is not Scope.UNKNOWN]
        unsaid = False if direct and whole else first.direct
        yield package(
            "pypi",
            first.name,
            first.version,
            line=first.line,
            direct=True if _key(first) in direct else unsaid,
            scope=min(said, key=_ORDER.index) if said else scopes.get(_key(first), Scope.UNKNOWN),
            requires=(
                package_url("pypi", to.name, to.version)
                for entry in same
                for to in _targets(named, entry.asks)
                if not to.own and _key(to) != _key(first)
            ),
            **first.origin,
        )


def _key(entry: Locked) -> str:
    return f"{normal(entry.name)}@{entry.version}"


def _targets(named: dict[str, list[Locked]], asks: Iterable[tuple[str, str]]) -> Iterator[Locked]:
    """The entries that names lead to; those of the version that is meant, or all of them when
    a marker decides between several."""
    for name, version in asks:
        for entry in named.get(normal(name), ()):
            if not version or entry.version == version:
                yield entry
