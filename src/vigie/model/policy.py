"""Policy: what a person may change in a file, the weights of a priority and the gate's rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from vigie.model.findings import Decision
from vigie.model.observations import Kind
from vigie.model.severity import Severity


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


class Unknown(StrEnum):
    """What the gate makes of a condition that cannot be decided for want of data."""

    INCOMPLETE = "incomplete"  # the gate cannot say yes: exit 3
    BLOCK = "block"
    IGNORE = "ignore"


class ToolSuppressions(StrEnum):
    """What the gate makes of a finding that only the tools themselves suppress (`# nosec`,
    `.trivyignore`, a dismissed alert): nobody owns that, and it never expires."""

    JUDGE = "judge"  # as if it were open
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule blocks: every field that is given must hold. None and empty are not given.

    `severity` means at least that one. `epss` is a probability 0–1, at least that one.
    `older_than_days` counts from when the finding was first seen. `licences` are shell
    patterns over SPDX ids.
    """

    decisions: tuple[Decision, ...] = ()
    severity: Severity | None = None
    kinds: tuple[Kind, ...] = ()
    fix: bool | None = None
    older_than_days: int | None = None
    kev: bool | None = None
    epss: float | None = None
    new: bool | None = None
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateRule:
    name: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Requirements:
    """What must have happened before the gate may say yes.

    `scanners` must have looked and finished. `complete` asks the same of every run there is.
    `database_age_days` bounds the age of every vulnerability database that is dated or
    should be.
    """

    scanners: tuple[str, ...] = ()
    complete: bool = True
    database_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Lets a blocked finding through until a day (ISO date; that day no longer counts)."""

    id: str
    reason: str
    owner: str
    expires: str
    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    component: str = ""
    asset: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a policy file says. A policy without rules lets every finding through."""

    name: str
    rules: tuple[GateRule, ...] = ()
    require: Requirements = field(default_factory=Requirements)
    waivers: tuple[Waiver, ...] = ()
    unknown: Unknown = Unknown.INCOMPLETE
    tool_suppressions: ToolSuppressions = ToolSuppressions.JUDGE
    priority: PriorityPolicy = DEFAULT_PRIORITY
