"""Corrections: a person says that two findings are one, or that one is two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.model.identity import digest
from vigie.model.text import T
from vigie.triage.clusters import Cluster


@dataclass(frozen=True, slots=True)
class Correction:
    """`action` "join" makes the findings one; "split" takes `tool`'s observations out of the
    first finding. Fingerprints may be any that the findings ever had."""

    action: str
    fingerprints: tuple[str, ...]
    tool: str = ""
    reason: str = ""


def correct(
    clusters: Sequence[Cluster], corrections: Sequence[Correction]
) -> tuple[list[Cluster], list[Correction]]:
    """The clusters as corrected, in order, and the corrections that fitted nothing."""
    current = list(clusters)
    unused = []
    for correction in corrections:
        done = _join(current, correction) if correction.action == "join" else _split(
            current, correction
        )  # fmt: skip
        if not done:
            unused.append(correction)
    return current, unused


def _find(clusters: list[Cluster], fingerprint: str) -> Cluster | None:
    return next((c for c in clusters if fingerprint in c.fingerprints), None)


def _join(clusters: list[Cluster], correction: Correction) -> bool:
    found = [_find(clusters, fingerprint) for fingerprint in correction.fingerprints]
    chosen = list({id(c): c for c in found if c is not None}.values())
    if len(chosen) < 2:
        return False
    for other in chosen[1:]:
        chosen[0].absorb(other, T("joined by a correction: {reason}", reason=correction.reason))
        clusters.remove(other)
    return True


def _split(clusters: list[Cluster], correction: Correction) -> bool:
    cluster = _find(clusters, correction.fingerprints[0]) if correction.fingerprints else None
    if cluster is None:
        return False
    leaving = [m for m in cluster.members if m.observation.tool == correction.tool]
    if not leaving or len(leaving) == len(cluster.members):
        return False
    primary = next(iter(cluster.fingerprints))
    kept = [
        (m, r) for m, r in zip(cluster.members, cluster.reasons, strict=True) if m not in leaving
    ]
    own = Cluster(cluster.kind, cluster.asset, cluster.name, cluster.package)
    for member in leaving:
        own.add(member, T("split off by a correction: {reason}", reason=correction.reason))
    own.fingerprints[digest("split", primary, correction.tool)] = None
    cluster.members = [member for member, _ in kept]
    cluster.reasons = [reason for _, reason in kept]
    clusters.insert(clusters.index(cluster) + 1, own)
    return True
