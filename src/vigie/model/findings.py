"""Findings: what we believe after merging observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from vigie.model.components import Component
from vigie.model.observations import (
    NO_SIGNALS,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
)
from vigie.model.severity import Severity
from vigie.model.text import Text


class Status(StrEnum):
    """`OPEN` counts. The others are shown with their reason and never dropped."""

    OPEN = "open"
    UNDER_INVESTIGATION = "under_investigation"
    NOT_AFFECTED = "not_affected"
    FIXED = "fixed"
    SUPPRESSED = "suppressed"

    @property
    def counts(self) -> bool:
        """True while it is somebody's work: open or under investigation."""
        return self in (Status.OPEN, Status.UNDER_INVESTIGATION)


class Decision(StrEnum):
    """What to do, SSVC style."""

    ACT = "act now"
    PLAN = "plan"
    WATCH = "watch"
    ACCEPT = "accept"

    @property
    def rank(self) -> int:
        """3 for act now down to 0 for accept."""
        return {"act now": 3, "plan": 2, "watch": 1, "accept": 0}[self.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a decision: a stable code and the words."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Priority:
    """`score` 0–100; `low` and `high` bound it over every value the unknown inputs could take."""

    decision: Decision
    score: float
    low: float
    high: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """One place of a finding: a binary package, a path, a line, a URL; and who said it."""

    name: str = ""
    version: str = ""
    purl: str = ""
    location: Location | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedFix:
    """`versions` lowest sufficient first; `by_source` keeps what each tool said."""

    state: FixState = FixState.UNKNOWN
    versions: tuple[str, ...] = ()
    by_source: tuple[tuple[str, Fix], ...] = ()
    source: str = ""  # whose word won
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A tool that did not say it. `could_know` False means its silence says nothing."""

    tool: str
    could_know: bool
    reason: Text


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who said it and who did not. A scanner's silence is not evidence of absence."""

    said: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count. `expires` is an ISO date or ""."""

    status: Status
    reason: str
    source: str  # "openvex", "cyclonedx", "csaf", "file", or the tool that said it
    owner: str = ""
    expires: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Why an observation belongs to a finding."""

    record: str  # "<run index>:<record>"
    reason: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """Merged belief about one thing at one asset.

    `fingerprint` is the primary identity; `fingerprints` hold every identity that any of its
    observations would give it alone (the primary among them), so that a scan with fewer or
    other tools still recognises it. `severity` is the merged one, `severity_source` whose it
    is; `severities` is every source's own word. `asset` is an id in `Result.assets`.
    `evidence` are the observations themselves, `joins` say why each belongs here.
    """

    fingerprint: str
    kind: Kind
    rule: Rule
    asset: str
    component: Component | None = None
    instances: tuple[Instance, ...] = ()
    severity: Severity = Severity.UNKNOWN
    severity_source: str = ""
    severities: tuple[tuple[str, str], ...] = ()
    scores: tuple[Score, ...] = ()
    sources: tuple[str, ...] = ()
    fix: MergedFix = field(default_factory=MergedFix)
    signals: Signals = NO_SIGNALS
    message: str = ""
    priority: Priority | None = None
    status: Status = Status.OPEN
    suppression: Suppression | None = None
    agreement: Agreement = field(default_factory=Agreement)
    fingerprints: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    evidence: tuple[Observation, ...] = ()
    new: bool | None = None  # against a baseline; None when there was none
    first_seen: str = ""
    last_seen: str = ""
