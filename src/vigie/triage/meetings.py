"""Where tools meet: clusters of different tools that are one thing, by place and by meaning."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from vigie.model.observations import Kind, Location
from vigie.model.text import T, Text
from vigie.triage.clusters import Cluster, path_of, place_of
from vigie.triage.identifiers import names_of

_STRIDE, _STRIDES = 64, 64


@dataclass(slots=True)
class _Party:
    """A cluster and what all its members together say of it, in whatever order they came."""

    cluster: Cluster
    tools: set[str]
    place: Location
    names: list[str]
    lines: list[tuple[int, int]]


def join_tools(clusters: list[Cluster]) -> list[Cluster]:
    """The clusters, those of different tools joined that are about the same thing."""
    if len({m.observation.tool for c in clusters for m in c.members}) < 2:
        return clusters
    rivals: dict[tuple[object, ...], list[_Party]] = defaultdict(list)
    kept: list[Cluster] = []
    # In an order that no report has a say in; what has an anchor makes the better home.
    for party in sorted(map(_party, clusters), key=_standing):
        keys = _keys(party)
        home, reason = _find_home(party, [other for key in keys for other in rivals[key]])
        if home is not None and reason is not None:
            home.cluster.absorb(party.cluster, reason)
            home.tools |= party.tools
            continue
        kept.append(party.cluster)
        for key in keys:
            rivals[key].append(party)
    return kept


def _party(cluster: Cluster) -> _Party:
    seen = [member.observation for member in cluster.members]
    if cluster.kind is Kind.WEAKNESS:
        names = {cwe for o in seen for cwe in o.rule.weaknesses}
    else:
        names = {name for o in seen for name in names_of(o.rule)}
    places = [place_of(o) for o in seen]
    lines = {(p.start_line, max(p.start_line, p.end_line or 0)) for p in places if p.start_line}
    return _Party(cluster, {o.tool for o in seen}, places[0], sorted(names), sorted(lines))


def _standing(party: _Party) -> tuple[bool, str]:
    return not party.place.anchor, next(iter(party.cluster.fingerprints))


def _keys(party: _Party) -> list[tuple[object, ...]]:
    """Keys under which another tool's cluster about the same thing would be found."""
    cluster = party.cluster
    path = path_of(cluster.members[0]) or party.place.resource
    where = (cluster.asset.key, cluster.kind, path)
    if not path:
        return []
    if cluster.kind is Kind.SECRET:
        return [(*where, spot) for spot in _strides(party.lines)]
    if cluster.kind is Kind.WEAKNESS:
        starts = dict.fromkeys(start for start, _ in party.lines)
        return [(*where, start, cwe) for start in starts for cwe in party.names]
    if cluster.kind is Kind.MISCONFIGURATION:
        spots: list[object] = [party.place.resource] if party.place.resource else []
        spots += _strides(party.lines)
        return [(*where, name, spot) for name in party.names for spot in spots]
    return []


def _strides(lines: list[tuple[int, int]]) -> list[object]:
    """Lines in strides, so that what has thousands of hits in one file is compared with those
    nearby only."""
    spots: dict[object, None] = {}
    for start, end in lines:
        first = start // _STRIDE
        spots.update(dict.fromkeys(range(first, min(end // _STRIDE, first + _STRIDES) + 1)))
    return list(spots)


def _find_home(party: _Party, rivals: list[_Party]) -> tuple[_Party | None, Text | None]:
    for home in rivals:
        reason = _same_thing(home, party)
        if reason is not None:
            return home, reason
    return None, None


def _same_thing(home: _Party, other: _Party) -> Text | None:
    """Why two clusters at one path are one thing; None when they are not."""
    if home.tools & other.tools:
        return None  # one tool's two findings stay two
    kind = home.cluster.kind
    if kind is Kind.SECRET:
        if _overlap(home, other):
            return T("another tool found a secret at the same line")
        return None
    shared = set(home.names) & set(other.names)
    if not shared:
        return None
    if kind is Kind.WEAKNESS:
        return T("another tool found {cwe} at the same line", cwe=min(shared))
    if home.place.resource == other.place.resource != "" or _overlap(home, other):
        return T("another tool found {rule} at the same place", rule=min(shared))
    return None


def _overlap(a: _Party, b: _Party) -> bool:
    return any(
        start <= b_end and b_start <= end for start, end in a.lines for b_start, b_end in b.lines
    )
