"""The proof: what was found before, what was predicted, and what a scan finds afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from vigie.model.findings import Finding
from vigie.model.results import Counts, Result
from vigie.triage.outlook import count


@dataclass(frozen=True, slots=True)
class Proof:
    """`still_there` were to go and did not, `unexpected` are there and were not before.

    `weaker` are scanners that finished before and did not this time: their silence proves nothing.
    """

    before: Counts
    predicted: Counts
    after: Counts
    still_there: tuple[Finding, ...] = ()
    unexpected: tuple[Finding, ...] = ()
    weaker: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """True when everything that was to go is gone, nothing came, and all could be seen."""
        return not (self.still_there or self.unexpected or self.weaker)


def prove(before: Result, predicted: Counts, cleared: Collection[str], after: Result) -> Proof:
    """Compare two results of the same scan. `cleared` are fingerprints that were to go."""
    counting = [finding for finding in after.findings if finding.status.counts]
    known = {name for finding in before.findings for name in _names(finding)}
    goes = set(cleared)
    gone = {name for f in before.findings if f.fingerprint in goes for name in _names(f)}
    whole = {run.tool for run in before.runs if run.outcome.value == "complete"}
    now = {run.tool for run in after.runs if run.outcome.value == "complete"}
    return Proof(
        before=count(before.findings),
        predicted=predicted,
        after=count(counting),
        still_there=tuple(f for f in counting if _names(f) & gone),
        unexpected=tuple(f for f in counting if not _names(f) & known),
        weaker=tuple(sorted(whole - now)),
    )


def _names(finding: Finding) -> set[str]:
    return {finding.fingerprint, *finding.fingerprints}
