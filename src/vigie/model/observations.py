"""Observations: what one tool said in one run, kept as it was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vigie.model.assets import Asset
from vigie.model.components import Component
from vigie.model.severity import Severity


class Kind(StrEnum):
    VULNERABILITY = "vulnerability"  # a known flaw in a component, with an advisory
    WEAKNESS = "weakness"  # a flaw in our own code or running service (CWE)
    SECRET = "secret"
    MISCONFIGURATION = "misconfiguration"
    LICENCE = "licence"
    DETECTION = "detection"  # something seen happening at run time
    CONTROL = "control"  # a compliance control


class Verdict(StrEnum):
    """What the tool concluded. Only `FAIL` becomes a finding.

    `PASS`: looked and all is well. `UNKNOWN`: could not tell (manual check, no access).
    `NOT_APPLICABLE`: an inventory statement, such as a component of an SBOM.
    """

    FAIL = "fail"
    PASS = "pass"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Stance(StrEnum):
    """What somebody decided about it, as VEX says it, or a tool's own suppression."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"
    SUPPRESSED = "suppressed"  # accepted, false positive or muted inside the tool


class FixState(StrEnum):
    """`NOT_FIXED` is 'no fix yet'; `UNKNOWN` is 'the tool does not say'."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    WILL_NOT_FIX = "will_not_fix"
    DEFERRED = "deferred"
    END_OF_LIFE = "end_of_life"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """What was matched: an advisory, a check, a pattern.

    `id` is the tool's own ("CVE-2024-1", "B602", "AVD-AWS-0086"). `aliases` are other names
    of the very same thing. `related` are ids it merely mentions: never used to join.
    `weaknesses` are CWE ids as "CWE-79". `published` is an ISO 8601 date or "".
    """

    id: str
    aliases: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    references: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Where it is. Lines count from 1. Unknown is "" or None.

    `anchor` identifies the place when lines shift: the code or secret found there, hashed
    by `vigie.model.identity.anchor`, or a tool's own stable id. It never holds the text.
    `resource` is a cloud or cluster resource or an infrastructure block ("aws_s3_bucket.logs").
    """

    path: str = ""
    start_line: int | None = None
    end_line: int | None = None
    start_column: int | None = None
    url: str = ""
    resource: str = ""
    layer: str = ""
    commit: str = ""
    anchor: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One CVSS rating: `version` "2.0", "3.0", "3.1" or "4.0", `value` 0.0–10.0."""

    source: str
    version: str = ""
    vector: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """What the tool says mends it. `versions` as it said them, one each; `advice` in words."""

    state: FixState = FixState.UNKNOWN
    versions: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Signals:
    """Evidence of exploitation and reach that came with the observation. None is unknown.

    `epss` and `epss_percentile` are 0–1. `exploit` is "active", "weaponised", "poc",
    "none" or "". `tool_risk` is the tool's own ranking figure (Grype's risk, Snyk's
    priority), `confidence` its own word ("high", "medium", "low" or "").
    """

    epss: float | None = None
    epss_percentile: float | None = None
    kev: bool | None = None
    ransomware: bool | None = None
    exploit: str = ""
    reachable: bool | None = None
    tool_risk: float | None = None
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A decision that travels with an observation: VEX status or a tool's suppression."""

    stance: Stance
    justification: str = ""
    statement: str = ""
    author: str = ""
    timestamp: str = ""
    products: tuple[str, ...] = ()  # purls, CPEs or digests the statement is about
    subcomponents: tuple[str, ...] = ()


NO_FIX_STATED = Fix()
NO_SIGNALS = Signals()
NOWHERE: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One record of one report.

    `record` points into the report ("matches[12]") and is unique in it. `severity` is the
    tool's own on our scale; `severity_said` is its own word. `severities` are further
    sources the tool passes on, each (source, word), such as Trivy's vendor severities.
    `asset` overrides the report's asset. `locations` hold every place the record names.
    """

    tool: str
    kind: Kind
    rule: Rule
    record: str
    verdict: Verdict = Verdict.FAIL
    severity: Severity = Severity.UNKNOWN
    severity_said: str = ""
    severities: tuple[tuple[str, str], ...] = ()
    scores: tuple[Score, ...] = ()
    message: str = ""
    component: Component | None = None
    locations: tuple[Location, ...] = NOWHERE
    fix: Fix = NO_FIX_STATED
    signals: Signals = NO_SIGNALS
    claim: Claim | None = None
    asset: Asset | None = None
