"""The overview, plans and events, as answers hold them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from vigie.faces.server.shapes.assets import ID
from vigie.faces.server.shapes.findings import Finding
from vigie.model.assets import AssetKind


class Counts(BaseModel):
    """What counts now; `not_counting` is what was fixed or set aside."""

    total: int
    by_severity: dict[str, int] = Field(examples=[{"critical": 2, "high": 11}])
    by_decision: dict[str, int]
    by_kind: dict[str, int]
    not_counting: int


class WhyFirst(BaseModel):
    """One reason, in the caller's language."""

    code: str = Field(examples=["kev"])
    text: str = Field(examples=["known to be exploited (CISA KEV)"])


class Need(BaseModel):
    """Something to do: a finding, and all that have its component (or, without one, its rule)."""

    finding: Finding
    by: Literal["component_id", "rule_id"] = Field(
        description="What holds them together: a filter of the list of findings."
    )
    reasons: list[WhyFirst]
    findings: int = Field(description="How many findings count that it holds together.")
    assets: int = Field(description="In how many assets.")


class Changed(BaseModel):
    """What came and went since."""

    new: int
    reopened: int
    closed: int
    expired: int = Field(description="Waivers that ended.")


class Day(BaseModel):
    """One day (UTC) of the line of risk."""

    day: dt.date
    open: int
    new: int
    closed: int


class UnseenAsset(BaseModel):
    """An asset that no complete run has looked at for long, or ever (null)."""

    id: str
    kind: AssetKind
    name: str
    looked_at: dt.datetime | None


class CoverageSummary(BaseModel):
    """What was looked at lately, longer ago, and never. Unknown is not zero."""

    assets: int
    assessed: int
    stale: int
    never: int
    stale_after_days: int
    longest_unseen: list[UnseenAsset]


class Overview(BaseModel):
    """The tenant at a glance."""

    at: dt.datetime
    since: dt.datetime
    counts: Counts
    first: list[Finding]
    needs: list[Need] = Field(description="What to do first, one step each.", examples=[[]])
    changed: Changed
    risk: list[Day]
    coverage: CoverageSummary


class PlanComponent(BaseModel):
    """The package that a step upgrades."""

    type: str = Field(examples=["npm"])
    name: str = Field(examples=["lodash"])
    version: str


class PlanMove(BaseModel):
    """One installed version and where it goes."""

    model_config = {"populate_by_name": True}

    from_: str = Field(alias="from", examples=["4.17.15"])
    to: str = Field(examples=["4.17.21"])
    paths: list[str]


class PlanRemainder(BaseModel):
    """A finding that the plan does not clear, and why."""

    finding_id: str
    code: str = Field(examples=["no_fix"])
    reason: str
    version: str


class PlanChoice(BaseModel):
    """Another version that a step could go to."""

    version: str
    jump: str
    clears: int


class PlanStep(BaseModel):
    """One upgrade. `clears` are ids of findings."""

    action: str = Field(examples=["Upgrade lodash from 4.17.15 to 4.17.21"])
    component: PlanComponent
    version: str
    jump: str = Field(examples=["patch"])
    moves: list[PlanMove]
    packages: list[str]
    clears: list[str]
    stays: list[PlanRemainder]
    choices: list[PlanChoice]
    still_known: list[str]
    source: str


class PlanCounts(BaseModel):
    """How many findings count."""

    total: int
    by_severity: dict[str, int]
    by_decision: dict[str, int]


class Plan(BaseModel):
    """Upgrades of an asset, the most useful first."""

    asset_id: str = Field(examples=[ID])
    asset: str
    steps: list[PlanStep]
    remains: list[PlanRemainder]
    before: PlanCounts | None
    after: PlanCounts | None


class Event(BaseModel):
    """One fact with its time."""

    id: str | None = Field(default=None, examples=[ID])
    kind: str | None = Field(default=None, examples=["finding.new"])
    subject_kind: str | None = Field(default=None, examples=["asset"])
    subject_id: str | None = None
    severity: str | None = None
    document: dict[str, Any] | None = Field(default=None, examples=[{"count": 12}])
    at: dt.datetime | None = None
