"""The result: one answer about one or more targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from vigie.model.components import Component
from vigie.model.findings import Decision, Finding
from vigie.model.observations import Kind, Observation
from vigie.model.runs import Outcome, Problem, Run, TargetAsset
from vigie.model.severity import Severity
from vigie.model.text import Text

SCHEMA_VERSION = "1.1"


@dataclass(frozen=True, slots=True)
class Move:
    """One installed version of a package and the version it goes to."""

    installed: str
    version: str
    paths: tuple[str, ...] = ()  # files of the target that say so


@dataclass(frozen=True, slots=True)
class Choice:
    """Another version that a step could go to: a shorter jump that clears fewer findings, or
    a longer one that was not allowed."""

    version: str
    jump: str
    clears: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """A finding that counts and that no step clears, and why.

    `code` is "no_fix", "will_not_fix", "deferred", "end_of_life", "fix_unknown",
    "not_a_package", "newer_known" (the fix itself is vulnerable), "incomparable", "too_far"
    (the jump was not allowed) or "unavailable". `version` is where it would be fixed, "" when
    nobody says.
    """

    finding: str  # fingerprint
    code: str
    reason: Text
    version: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings count, in all and by severity and decision."""

    total: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)
    by_decision: dict[Decision, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The state before the plan, and the one predicted after all its steps."""

    before: Counts = field(default_factory=Counts)
    after: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan: raise `component` to `version`; which findings it clears.

    `jump` is "patch", "minor", "major" or "" when versions cannot be compared; of several
    installed versions the longest. `moves` say where each of them goes, `version` is the
    highest. `packages` are the binary packages of a distribution's source that go with it.
    `stays` are findings of this package that it does not clear, `choices` other versions that
    clear fewer with less risk or more with more. `source` is the tool whose advice this
    is, "" when it is from the fixed versions. `still_known` are advisories that hold for the
    new version all the same.
    """

    component: Component
    asset: str
    version: str
    clears: tuple[str, ...]  # fingerprints
    jump: str = ""
    action: Text | None = None
    moves: tuple[Move, ...] = ()
    packages: tuple[str, ...] = ()
    stays: tuple[Remainder, ...] = ()
    choices: tuple[Choice, ...] = ()
    source: str = ""
    still_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Upgrades, the most useful first. `left` are open findings that no step clears, `remains`
    says why of each. `outlook` is None in results of an older layout."""

    steps: tuple[Step, ...] = ()
    left: tuple[str, ...] = ()
    remains: tuple[Remainder, ...] = ()
    outlook: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over findings that count (open, under investigation), and what does not count."""

    total: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)
    by_decision: dict[Decision, int] = field(default_factory=dict)
    by_kind: dict[Kind, int] = field(default_factory=dict)
    fixable: int = 0
    suppressed: int = 0
    not_assessed: int = 0
    observations: int = 0
    complete: bool = True


class GateOutcome(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the gate decided about one finding or one requirement.

    `rule` is the policy rule's name, `waiver` the id of the waiver that let it through.
    `subject` is a fingerprint, or a scanner's name for a requirement.
    """

    rule: str
    subject: str
    blocks: bool
    text: Text
    waiver: str = ""
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    outcome: GateOutcome
    policy: str
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """A component that a report lists, whether or not anything is wrong with it.

    `paths` are the files that say it is there.
    """

    component: Component
    asset: str
    sources: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one scan or merge concluded. `created` is ISO 8601 UTC.

    `not_assessed` are checks that a tool could not decide (manual, no access): unknown, and
    shown as such. `target` is how the person named what was looked at.
    """

    target: str
    created: str
    assets: tuple[TargetAsset, ...] = ()
    runs: tuple[Run, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_assessed: tuple[Observation, ...] = ()
    components: tuple[InventoryItem, ...] = ()
    summary: Summary = field(default_factory=Summary)
    plan: Plan = field(default_factory=Plan)
    gate: GateResult | None = None
    schema_version: str = SCHEMA_VERSION

    @property
    def complete(self) -> bool:
        """True when every run that was asked for looked at everything."""
        return all(run.outcome is Outcome.COMPLETE for run in self.runs)
