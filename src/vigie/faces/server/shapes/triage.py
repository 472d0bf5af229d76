"""Decisions about findings, as requests ask for them and answers tell of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vigie.faces.server.shapes.assets import ID
from vigie.model.findings import Status

_Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
_Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
_Value = Annotated[str, StringConstraints(max_length=500)]
MOST = 20_000


class Verdict(BaseModel):
    """What is decided. `scope` says how far it goes: `asset` these findings, whatever tag and
    scan; `component` their rule in their package, wherever that is; `tenant` their rule
    everywhere. Left out, the status or the assignee stays as it is."""

    status: Status | None = Field(default=None, examples=["not_affected"])
    reason: _Text = Field(default="", examples=["The shop never parses input with this."])
    justification: _Name = Field(
        default="",
        description="OpenVEX's, with not_affected.",
        examples=["vulnerable_code_not_in_execute_path"],
    )
    scope: Literal["asset", "component", "tenant"] = "asset"
    owner: _Name = Field(default="", description="Who answers for it; you, when left out.")
    expires_at: datetime | None = Field(default=None, examples=["2030-01-01T00:00:00Z"])
    assignee: _Name | None = Field(default=None, examples=["ada"])


class FindingChange(Verdict):
    """A decision about one finding."""

    model_config = ConfigDict(extra="forbid")


class BulkTriage(Verdict):
    """A decision about many findings: all of them or none. They are named by `findings`, or by
    `filters` and `q` as the list has them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "filters": {"component": ["left-pad"], "severity": ["low", "none"]},
                    "status": "suppressed",
                    "reason": "Only used when building.",
                    "dry_run": True,
                }
            ]
        },
    )

    findings: list[str] | None = Field(default=None, max_length=MOST, examples=[[ID]])
    filters: dict[_Name, list[_Value]] | None = Field(
        default=None, max_length=50, examples=[{"severity": ["low"], "status.not": ["fixed"]}]
    )
    q: _Value = Field(default="", examples=["left-pad"])
    dry_run: bool = Field(default=False, description="Only say how many would be meant.")


class AssignedBefore(BaseModel):
    """Findings, and who took care of them before; "" for nobody."""

    assignee: str = Field(examples=["ada"])
    findings: list[str] = Field(examples=[[ID]])


class Triaged(BaseModel):
    """What came of it. `suppressions` are the decisions made: POST them to
    /suppressions/revoke to take them back. `assigned_before` names those that somebody else takes
    care of now: triage each group with the assignee of before to take that back."""

    findings: int = Field(description="How many are meant.")
    changed: int = Field(description="How many have another status or assignee now.")
    suppressions: list[str]
    assigned_before: list[AssignedBefore] = []
    dry_run: bool
