"""Clusters: observations that belong to one finding, before they are folded into it."""

from __future__ import annotations

from dataclasses import dataclass, field

from vigie.model.observations import Kind, Location, Observation
from vigie.model.text import Text
from vigie.triage.assets import Identified
from vigie.triage.packages import PackageKey
from vigie.triage.paths import plain_path

_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Member:
    """One observation, the run it came from, its asset, and why it is in the cluster.

    `keys` are the fingerprints this observation would give a finding of its own. `orphan`
    is True when its report named no asset.
    """

    run: int
    observation: Observation
    asset: Identified
    orphan: bool = False


@dataclass(slots=True)
class Cluster:
    """A finding in the making. `name` is the flaw's or rule's best name."""

    kind: Kind
    asset: Identified
    name: str
    package: PackageKey | None = None
    members: list[Member] = field(default_factory=list)
    reasons: list[Text] = field(default_factory=list)
    fingerprints: dict[str, None] = field(default_factory=dict)  # the first is the primary

    def add(self, member: Member, reason: Text) -> None:
        self.members.append(member)
        self.reasons.append(reason)

    def absorb(self, other: Cluster, reason: Text) -> None:
        """Take over another cluster's members; `reason` says why, on top of their own."""
        for member in other.members:
            self.add(member, reason)
        self.fingerprints.update(other.fingerprints)


def asset_keys(cluster: Cluster) -> tuple[str, ...]:
    """The asset names to fingerprint under: the asset's own, those it has in single reports,
    and "" where a report named none, so that it is recognised again when it is read alone."""
    asset = cluster.asset
    keys = (asset.key, *asset.others)
    if "" not in keys and any(member.orphan for member in cluster.members):
        return (*keys, "")
    return keys


def place_of(observation: Observation) -> Location:
    """The first place it names; an empty one when it names none."""
    return observation.locations[0] if observation.locations else _NOWHERE


def path_of(member: Member) -> str:
    """The path of that place, relative to the folder that was looked at."""
    return plain_path(place_of(member.observation).path, member.asset.roots)
