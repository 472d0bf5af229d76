"""Assets, components, rules and runs, as answers hold them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vigie.model.assets import AssetKind, Criticality, Exposure
from vigie.model.runs import Outcome

ID = "019aa5d0-0000-7000-8000-000000000001"


class AssetName(BaseModel):
    """An asset where something else names it."""

    id: str = Field(examples=[ID])
    kind: AssetKind
    name: str = Field(examples=["registry.example/shop:1.4"])
    owner: str = Field(default="", examples=["payments"])
    criticality: Criticality = Criticality.UNKNOWN
    exposure: Exposure = Exposure.UNKNOWN


class Asset(BaseModel):
    """A thing that is looked after. `looked_at` is when a complete run last did, null: never."""

    id: str | None = Field(default=None, examples=[ID])
    kind: AssetKind | None = None
    name: str | None = Field(default=None, examples=["registry.example/shop:1.4"])
    key: str | None = None
    owner: str | None = None
    exposure: Exposure | None = None
    criticality: Criticality | None = None
    distro: str | None = Field(default=None, examples=["debian-12"])
    tags: list[str] | None = None
    labels: dict[str, str] | None = Field(default=None, examples=[{"env": "prod"}])
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    looked_at: datetime | None = None
    archived_at: datetime | None = None
    revision: int | None = None
    by_severity: dict[str, int] | None = Field(
        default=None, description="In lists: how many findings count.",
        examples=[{"critical": 2, "high": 11}],
    )  # fmt: skip


class AssetCounts(BaseModel):
    """How many findings count, by severity and decision; `by_status` has all of them."""

    total: int
    by_severity: dict[str, int] = Field(examples=[{"critical": 2, "high": 11}])
    by_decision: dict[str, int] = Field(examples=[{"act now": 1, "plan": 12}])
    by_status: dict[str, int] = Field(examples=[{"open": 13, "fixed": 40}])


class LatestRun(BaseModel):
    """A tool's latest run over the asset."""

    id: str
    tool: str = Field(examples=["grype"])
    version: str
    outcome: Outcome
    database_date: str
    records: int
    observations: int
    at: datetime


class Coverage(BaseModel):
    """Who looked at everything and who did not. Not assessed is unknown, never 'nothing'."""

    looked_at: datetime | None
    assessed: bool
    complete: list[str] = Field(examples=[["grype", "trivy"]])
    incomplete: list[str]


class AssetDetail(Asset):
    """An asset with its counts, each tool's latest run, and what was not looked at."""

    digests: list[str] | None = None
    counts: AssetCounts
    coverage: Coverage
    runs: list[LatestRun]


_Label = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00:]+$")]
_Value = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class AssetChange(BaseModel):
    """What to change; what is left out stays. `labels` replace all that there are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"owner": "payments", "exposure": "open"}]},
    )

    owner: _Value | None = None
    criticality: Criticality | None = None
    exposure: Exposure | None = None
    labels: dict[_Label, _Value] | None = Field(default=None, max_length=50)


class ComponentName(BaseModel):
    """A component where something else names it."""

    id: str = Field(examples=[ID])
    type: str = Field(examples=["maven"])
    name: str = Field(examples=["org.apache.logging.log4j:log4j-core"])
    version: str = Field(examples=["2.14.1"])
    purl: str = Field(examples=["pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"])


class Component(BaseModel):
    """A package version that some asset holds. `assets` says in how many; `findings`, in a list,
    how many of it count: in the assets that `asset_id` asks for, without it in all."""

    id: str | None = Field(default=None, examples=[ID])
    type: str | None = Field(default=None, examples=["npm"])
    name: str | None = Field(default=None, examples=["lodash"])
    version: str | None = None
    purl: str | None = None
    licences: list[str] | None = None
    first_seen: datetime | None = None
    assets: int | None = None
    findings: int | None = Field(default=None, examples=[3])


class RuleName(BaseModel):
    """What was matched: an advisory, a check, a pattern."""

    id: str = Field(examples=[ID])
    name: str = Field(examples=["CVE-2021-44228"])
    title: str = ""
    aliases: list[str] | None = None


class Rule(BaseModel):
    """A rule with its description."""

    id: str | None = None
    name: str | None = Field(default=None, examples=["CVE-2021-44228"])
    title: str | None = None
    aliases: list[str] | None = None
    description: str | None = None
    references: list[str] | None = None
    weaknesses: list[str] | None = Field(default=None, examples=[["CWE-502"]])
    published: str | None = None


class RunAsset(BaseModel):
    """The asset of a run."""

    id: str
    kind: AssetKind
    name: str


class Run(BaseModel):
    """One execution of a tool over an asset that was taken in. `document` has its problems."""

    id: str | None = Field(default=None, examples=[ID])
    asset_id: str | None = None
    asset: RunAsset | None = None
    import_id: str | None = None
    tool: str | None = Field(default=None, examples=["trivy"])
    version: str | None = None
    format: str | None = None
    outcome: Outcome | None = None
    database_date: str | None = None
    records: int | None = None
    observations: int | None = None
    latest: bool | None = None
    at: datetime | None = None
    document: dict[str, Any] | None = None
