"""Everything that is found at a place: weaknesses, secrets, misconfigurations, licences…

Identity never contains a line number. It is the rule, the place and, where the report gives
it, the anchor: the code or secret itself, hashed. Several hits of one rule at one place that
nothing tells apart are numbered in the order of their lines, which a shift does not change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vigie.model.identity import digest
from vigie.model.observations import Kind, Observation
from vigie.model.text import T
from vigie.triage.clusters import Cluster, Member, asset_keys, path_of, place_of
from vigie.triage.meetings import join_tools
from vigie.triage.packages import package_key
from vigie.triage.paths import plain_path


def cluster_places(members: Sequence[Member]) -> list[Cluster]:
    """Clusters of every observation that is not a vulnerability."""
    bases: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for member in members:
        bases[_base(member)].append(member)
    clusters: list[Cluster] = []
    for base, group in bases.items():
        clusters += _by_occurrence(base, group)
    return join_tools(clusters)


def _base(member: Member) -> tuple[str, ...]:
    """What identifies an observation before occurrences are told apart."""
    seen = member.observation
    place = place_of(seen)
    where = (path_of(member), place.resource, page_of(place.url) if not place.path else "")
    if seen.kind is Kind.SECRET and place.anchor:
        # The value identifies it whatever rule found it.
        return (member.asset.key, seen.kind.value, "", *where, place.anchor)
    if seen.kind is Kind.LICENCE and seen.component is not None:
        key = package_key(seen.component)
        where = (key.type, key.name, "")
    return (member.asset.key, seen.kind.value, rule_name(seen), *where, place.anchor)


def _bases(base: tuple[str, ...], members: Sequence[Member]) -> list[tuple[str, ...]]:
    """The base, and those with the paths that the reports gave: what a report that does not
    say where the folder lay would have been known by."""
    asset, kind, rule, path, *rest = base
    said = {path}
    for member in members:
        if member.asset.roots and member.observation.kind is not Kind.LICENCE:
            said.add(plain_path(place_of(member.observation).path))
    others = sorted(said - {path})
    return [base, *((asset, kind, rule, other, *rest) for other in others)]


def rule_name(observation: Observation) -> str:
    """The rule's own name, in one spelling."""
    return observation.rule.id.strip()


def page_of(url: str) -> str:
    """The page that a URL leads to, whatever was asked of it."""
    return url.partition("?")[0].partition("#")[0]


def _by_occurrence(base: tuple[str, ...], group: list[Member]) -> list[Cluster]:
    # A secret's value at two lines of one file is one secret to rotate.
    single = group[0].observation.kind is Kind.SECRET and base[-1]
    lines = [0 if single else place_of(m.observation).start_line or 0 for m in group]
    by_line: dict[int, Cluster] = {}
    seen_by: dict[str, set[int]] = defaultdict(set)
    for member, line in zip(group, lines, strict=True):
        seen = member.observation
        cluster = by_line.get(line)
        if cluster is None:
            package = package_key(seen.component) if seen.component is not None else None
            cluster = by_line[line] = Cluster(seen.kind, member.asset, rule_name(seen), package)
        cluster.add(member, T("rule {rule} at this place", rule=rule_name(seen)))
        seen_by[seen.tool].add(line)
    numbers = _numbers(seen_by)
    for line, cluster in by_line.items():
        for number in numbers[line]:
            for asset in asset_keys(cluster):
                for _, *parts in _bases(base, cluster.members):
                    cluster.fingerprints[digest(*parts, asset, str(number))] = None
    return list(by_line.values())


def _numbers(seen_by: dict[str, set[int]]) -> dict[int, list[int]]:
    """The place of each line among all of them, then among those of each tool alone."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for lines in (set().union(*seen_by.values()), *(seen_by[tool] for tool in sorted(seen_by))):
        for number, line in enumerate(sorted(lines)):
            if number not in numbers[line]:
                numbers[line].append(number)
    return numbers
