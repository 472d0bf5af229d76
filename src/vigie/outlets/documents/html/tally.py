"""What is counted over the findings, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from vigie.model.findings import Decision, Finding
from vigie.model.observations import Kind
from vigie.model.severity import Severity

SCORE_BINS = 20  # of five points each
# Lower bounds of the EPSS bands. Most CVEs lie below 1 %, so the bands are not equal.
EPSS_BANDS = (0.5, 0.1, 0.01, 0.001, 0.0)


@dataclass(slots=True)
class Tally:
    """Counts over the findings that count (open, under investigation)."""

    total: int = 0
    settled: int = 0
    matrix: Counter[tuple[Decision | None, Severity]] = field(default_factory=Counter)
    together: Counter[tuple[str, ...]] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    unscored: int = 0
    epss: Counter[float | None] = field(default_factory=Counter)

    def decided(self, decision: Decision | None) -> int:
        return sum(count for (what, _), count in self.matrix.items() if what is decision)


def tally(findings: Iterable[Finding]) -> Tally:
    """Counts everything the cards and charts show."""
    counts = Tally()
    for finding in findings:
        if finding.status.counts:
            _count(counts, finding)
        else:
            counts.settled += 1
    return counts


def _count(counts: Tally, finding: Finding) -> None:
    counts.total += 1
    priority = finding.priority
    counts.matrix[priority.decision if priority else None, finding.severity] += 1
    counts.together[tuple(sorted(finding.sources))] += 1
    if priority is None:
        counts.unscored += 1
    else:
        counts.scores[min(SCORE_BINS - 1, int(priority.score * SCORE_BINS / 100))] += 1
    if finding.kind is Kind.VULNERABILITY:
        counts.epss[_band(finding.signals.epss)] += 1


def _band(epss: float | None) -> float | None:
    return None if epss is None else next((b for b in EPSS_BANDS if epss >= b), 0.0)
