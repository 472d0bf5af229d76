"""Policy: the weights a priority is computed with. Numbers a person may change in a file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the score, in points out of 100. See docs/priority.md for the formula."""

    likelihood: float = 48.0
    impact: float = 30.0
    exposure: float = 9.0
    criticality: float = 7.0
    agreement: float = 3.0
    fix: float = 3.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """EPSS probabilities from which exploitation counts as likely or as possible."""

    epss_likely: float = 0.1
    epss_possible: float = 0.01


@dataclass(frozen=True, slots=True)
class PriorityPolicy:
    weights: Weights = field(default_factory=Weights)
    thresholds: Thresholds = field(default_factory=Thresholds)


DEFAULT_PRIORITY = PriorityPolicy()
