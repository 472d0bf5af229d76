"""Everything that is found at a place: weaknesses, secrets, misconfigurations, licences…

Identity never contains a line number. It is the rule, the place and, where the report gives
it, the anchor: the code or secret itself, hashed. Several hits of one rule at one place that
nothing tells apart are numbered in the order of their lines, which a shift does not change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vigie.model.identity import digest
from vigie.model.observations import Kind, Location, Observation
from vigie.model.text import T, Text
from vigie.triage.clusters import Cluster, Member, asset_keys
from vigie.triage.identifiers import names_of
from vigie.triage.packages import package_key

_NOWHERE = Location()


def cluster_places(members: Sequence[Member]) -> list[Cluster]:
    """Clusters of every observation that is not a vulnerability."""
    bases: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for member in members:
        bases[_base(member)].append(member)
    clusters: list[Cluster] = []
    for base, group in bases.items():
        clusters += _by_occurrence(base, group)
    return _join_tools(clusters)


def _base(member: Member) -> tuple[str, ...]:
    """What identifies an observation before occurrences are told apart."""
    seen = member.observation
    place = place_of(seen)
    where = (place.path.lstrip("/"), place.resource, _page(place.url) if not place.path else "")
    if seen.kind is Kind.SECRET and place.anchor:
        # The value identifies it whatever rule found it.
        return (member.asset.key, seen.kind.value, "", *where, place.anchor)
    if seen.kind is Kind.LICENCE and seen.component is not None:
        key = package_key(seen.component)
        where = (key.type, key.name, "")
    return (member.asset.key, seen.kind.value, rule_name(seen), *where, place.anchor)


def place_of(observation: Observation) -> Location:
    """The first place it names; an empty one when it names none."""
    return observation.locations[0] if observation.locations else _NOWHERE


def rule_name(observation: Observation) -> str:
    """The rule's own name, in one spelling."""
    return observation.rule.id.strip()


def _page(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _by_occurrence(base: tuple[str, ...], group: list[Member]) -> list[Cluster]:
    lines = sorted({place_of(m.observation).start_line or 0 for m in group})
    clusters: dict[int, Cluster] = {}
    for member in group:
        line = place_of(member.observation).start_line or 0
        # A secret's value at two lines of one file is one secret to rotate.
        number = 0 if member.observation.kind is Kind.SECRET and base[-1] else lines.index(line)
        cluster = clusters.get(number)
        if cluster is None:
            seen = member.observation
            package = package_key(seen.component) if seen.component is not None else None
            cluster = clusters[number] = Cluster(
                seen.kind, member.asset, rule_name(seen), package
            )  # fmt: skip
        cluster.add(member, T("rule {rule} at this place", rule=rule_name(member.observation)))
    for number, cluster in clusters.items():
        for asset in asset_keys(cluster.members):
            cluster.fingerprints[digest(*base[1:], asset, str(number))] = None
    return list(clusters.values())


def _join_tools(clusters: list[Cluster]) -> list[Cluster]:
    """Clusters of different tools that are one thing: same place and same meaning."""
    if len({m.observation.tool for c in clusters for m in c.members}) < 2:
        return clusters
    rivals: dict[tuple[object, ...], list[Cluster]] = defaultdict(list)
    kept: list[Cluster] = []
    for cluster in clusters:
        meetings = _meetings(cluster)
        home, reason = _find_home(cluster, [h for key in meetings for h in rivals[key]])
        if home is not None and reason is not None:
            home.absorb(cluster, reason)
            continue
        kept.append(cluster)
        for key in meetings:
            rivals[key].append(cluster)
    return kept


def _meetings(cluster: Cluster) -> list[tuple[object, ...]]:
    """Keys under which another tool's cluster about the same thing would be found."""
    seen = cluster.members[0].observation
    place = place_of(seen)
    where = (cluster.asset.key, cluster.kind, place.path.lstrip("/") or place.resource)
    if not where[2]:
        return []
    if cluster.kind is Kind.SECRET:
        return [(*where, place.start_line)]
    if cluster.kind is Kind.WEAKNESS:
        return [(*where, place.start_line, cwe) for cwe in seen.rule.weaknesses]
    if cluster.kind is Kind.MISCONFIGURATION:
        return [(*where, name) for name in names_of(seen.rule)]
    return []


def _find_home(cluster: Cluster, rivals: list[Cluster]) -> tuple[Cluster | None, Text | None]:
    for home in rivals:
        reason = _same_thing(home, cluster)
        if reason is not None:
            return home, reason
    return None, None


def _same_thing(home: Cluster, other: Cluster) -> Text | None:
    """Why two clusters at one path are one thing; None when they are not."""
    mine, theirs = home.members[0].observation, other.members[0].observation
    if {m.observation.tool for m in home.members} & {m.observation.tool for m in other.members}:
        return None  # one tool's two findings stay two
    a, b = place_of(mine), place_of(theirs)
    if home.kind is Kind.SECRET:
        if _overlap(a, b):
            return T("another tool found a secret at the same line")
        return None
    if home.kind is Kind.WEAKNESS:
        shared = set(mine.rule.weaknesses) & set(theirs.rule.weaknesses)
        if shared and a.start_line is not None and a.start_line == b.start_line:
            return T("another tool found {cwe} at the same line", cwe=min(shared))
        return None
    if home.kind is Kind.MISCONFIGURATION:
        shared = set(names_of(mine.rule)) & set(names_of(theirs.rule))
        if shared and (a.resource == b.resource != "" or _overlap(a, b)):
            return T("another tool found {rule} at the same place", rule=min(shared))
    return None


def _overlap(a: Location, b: Location) -> bool:
    if a.start_line is None or b.start_line is None:
        return False
    return a.start_line <= (b.end_line or b.start_line) and b.start_line <= (
        a.end_line or a.start_line
    )
