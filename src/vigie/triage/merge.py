"""Merge: every observation of every run becomes part of a finding, or is accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vigie.model.assets import Asset
from vigie.model.findings import Finding
from vigie.model.observations import Kind, Observation, Verdict
from vigie.model.results import InventoryItem
from vigie.model.runs import Run, TargetAsset
from vigie.triage.agreement import agreement
from vigie.triage.assets import Assets, Identified, KnownAsset, nameless
from vigie.triage.claims import is_statement, own_claims
from vigie.triage.clusters import Cluster, Member
from vigie.triage.corrections import Correction, correct
from vigie.triage.fold import fold
from vigie.triage.packages import package_key
from vigie.triage.places import cluster_places
from vigie.triage.vulnerabilities import cluster_vulnerabilities


@dataclass(frozen=True, slots=True)
class Told:
    """What one run told: the run, its asset, and its observations."""

    run: Run
    asset: Asset | None
    observations: Sequence[Observation]


@dataclass(frozen=True, slots=True)
class Merged:
    """Findings without priority yet, and everything that is no finding.

    `statements` are members whose observation is a VEX statement, still to be applied.
    `unused` are corrections that fitted nothing.
    """

    assets: tuple[TargetAsset, ...]
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    statements: tuple[Member, ...]
    not_assessed: tuple[Observation, ...]
    components: tuple[InventoryItem, ...]
    unused: tuple[Correction, ...]


def merge(
    told: Sequence[Told],
    *,
    target: str = "",
    corrections: Sequence[Correction] = (),
    seen_at: str = "",
    home: Identified | None = None,
) -> Merged:
    """Join what the runs told at `seen_at` (ISO 8601). Their order changes no identity.

    With `home` everything is about that one asset.
    """
    assets = _assets(told, target) if home is None else KnownAsset(home)
    runs = tuple(replace(t.run, asset=assets.of(t.asset).target.id) for t in told)
    members = _members(told, assets)
    failing = [m for m in members if m.observation.verdict is Verdict.FAIL]
    statements = [m for m in failing if is_statement(m.observation)]
    plain = [m for m in failing if not is_statement(m.observation)]
    others = [m for m in members if m.observation.verdict is not Verdict.FAIL]
    clusters: list[Cluster] = [
        *cluster_vulnerabilities(
            [m for m in plain if m.observation.kind is Kind.VULNERABILITY], others
        ),
        *cluster_places([m for m in plain if m.observation.kind is not Kind.VULNERABILITY]),
    ]
    clusters, unused = correct(clusters, corrections)
    by_asset: dict[str, list[Run]] = {}
    for run in runs:
        by_asset.setdefault(run.asset, []).append(run)
    return Merged(
        assets=tuple(i.target for i in assets.identified),
        runs=runs,
        findings=tuple(_finding(cluster, by_asset, seen_at) for cluster in clusters),
        statements=tuple(statements),
        not_assessed=tuple(
            m.observation for m in others if m.observation.verdict is Verdict.UNKNOWN
        ),
        components=_inventory(members),
        unused=tuple(unused),
    )


def _assets(told: Sequence[Told], target: str) -> Assets:
    named = [o.asset for t in told for o in t.observations if o.asset]
    return Assets([*(t.asset for t in told), *named], target)


def findings_of_statements(statements: Sequence[Member], seen_at: str = "") -> list[Finding]:
    """Findings out of VEX statements that fit no other: what somebody says is worth showing
    when the VEX document itself was given as a report."""
    return [_finding(cluster, {}, seen_at) for cluster in cluster_vulnerabilities(statements, ())]


def _finding(cluster: Cluster, runs: Mapping[str, Sequence[Run]], seen_at: str) -> Finding:
    finding = own_claims(fold(cluster, seen_at))
    known = agreement(finding, runs.get(finding.asset, ()))
    return finding if known == finding.agreement else replace(finding, agreement=known)


def _members(told: Sequence[Told], assets: Assets | KnownAsset) -> list[Member]:
    members = []
    for number, one in enumerate(told):
        home = assets.of(one.asset)
        orphan = one.asset is None or nameless(one.asset)
        for observation in one.observations:
            asset = home if observation.asset is None else assets.of(observation.asset)
            members.append(Member(number, observation, asset, orphan and asset is home))
    return members


def _inventory(members: Sequence[Member]) -> tuple[InventoryItem, ...]:
    """Every component that any report names, once for each asset and version."""
    items: dict[tuple[object, ...], InventoryItem] = {}
    for member in members:
        component = member.observation.component
        if component is None or not component.name:
            continue
        key = (member.asset.key, package_key(component), component.version)
        old = items.get(key)
        tool = member.observation.tool
        paths = [place.path for place in member.observation.locations if place.path]
        if old is None:
            items[key] = InventoryItem(component, member.asset.target.id, (tool,), tuple(paths))
            continue
        best = component if component.licences and not old.component.licences else old.component
        if best is old.component and tool in old.sources and set(paths) <= set(old.paths):
            continue
        sources = tuple(dict.fromkeys((*old.sources, tool)))
        places = tuple(dict.fromkeys((*old.paths, *paths)))
        items[key] = InventoryItem(best, old.asset, sources, places)
    return tuple(items.values())
