"""Corrections: a person says that two findings are one, or that one is two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.model.identity import digest
from vigie.model.text import T
from vigie.triage.clusters import Cluster


@dataclass(frozen=True, slots=True)
class Correction:
    """`action` "join" makes the findings of one asset one; "split" takes `tool`'s observations
    out of the first finding. Fingerprints may be any that the findings ever had."""

    action: str
    fingerprints: tuple[str, ...]
    tool: str = ""
    reason: str = ""


def correct(
    clusters: Sequence[Cluster], corrections: Sequence[Correction]
) -> tuple[list[Cluster], list[Correction]]:
    """The clusters as corrected, and the corrections that fitted nothing.

    They are applied in order. One that fits nothing yet is tried again after the others: a
    join may be about what only a split brings forth. Where two contradict, the later holds.
    """
    if not corrections:
        return list(clusters), []
    bench = _Bench(clusters)
    waiting = list(corrections)
    while waiting:
        idle = [correction for correction in waiting if not bench.apply(correction)]
        if len(idle) == len(waiting):
            break
        waiting = idle
    return bench.current(), waiting


class _Bench:
    """The clusters under correction, found by any fingerprint; a primary one comes first."""

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self._clusters = {id(cluster): cluster for cluster in clusters}
        self._index = {next(iter(c.fingerprints)): c for c in clusters}
        for cluster in clusters:
            for fingerprint in cluster.fingerprints:
                self._index.setdefault(fingerprint, cluster)

    def current(self) -> list[Cluster]:
        return list(self._clusters.values())

    def apply(self, correction: Correction) -> bool:
        """True when it changed something."""
        return self._join(correction) if correction.action == "join" else self._split(correction)

    def _join(self, correction: Correction) -> bool:
        found = [self._index[f] for f in correction.fingerprints if f in self._index]
        if not found:
            return False
        home = found[0]
        # Two assets are two things to mend, whatever is in them.
        others = {id(c): c for c in found if c is not home and c.asset.key == home.asset.key}
        for other in others.values():
            home.absorb(other, T("joined by a correction: {reason}", reason=correction.reason))
            del self._clusters[id(other)]
            self._index.update({f: home for f, c in self._index.items() if c is other})
        return bool(others)

    def _split(self, correction: Correction) -> bool:
        named = correction.fingerprints[:1]
        cluster = self._index.get(named[0]) if named else None
        if cluster is None:
            return False
        leaving = [m.observation.tool == correction.tool for m in cluster.members]
        if not any(leaving) or all(leaving):
            return False
        own = Cluster(cluster.kind, cluster.asset, cluster.name, cluster.package)
        pairs = list(zip(cluster.members, cluster.reasons, leaving, strict=True))
        for member, _, leaves in pairs:
            if leaves:
                own.add(member, T("split off by a correction: {reason}", reason=correction.reason))
        cluster.members = [member for member, _, leaves in pairs if not leaves]
        cluster.reasons = [reason for _, reason, leaves in pairs if not leaves]
        # By the name that the correction keeps, which outlives a change of the finding's own.
        fingerprint = digest("split", named[0], correction.tool)
        own.fingerprints[fingerprint] = None
        self._index[fingerprint] = own
        self._clusters[id(own)] = own
        return True
