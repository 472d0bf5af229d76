"""Findings and what stands behind them, as answers hold them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vigie.faces.server.shapes.assets import (
    ID,
    Asset,
    AssetName,
    Component,
    ComponentName,
    Rule,
    RuleName,
)
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.severity import Severity


class Finding(BaseModel):
    """What is believed of one thing at one asset. Only the fields that were asked for."""

    id: str | None = Field(default=None, examples=[ID])
    kind: Kind | None = None
    severity: Severity | None = None
    decision: Decision | None = None
    score: float | None = Field(default=None, examples=[87.5], ge=0, le=100)
    status: Status | None = None
    counts: bool | None = Field(default=None, description="It is somebody's work.")
    fixable: bool | None = None
    fix_version: str | None = None
    kev: bool | None = Field(default=None, description="Known to be exploited; null: unknown.")
    epss: float | None = Field(default=None, description="0–1; null: unknown.")
    place: str | None = None
    sources: list[str] | None = Field(default=None, examples=[["grype", "trivy"]])
    assignee: str | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    closed_at: datetime | None = None
    reopened: int | None = None
    revision: int | None = None
    fingerprint: str | None = None
    suppression_id: str | None = None
    asset_id: str | None = None
    rule_id: str | None = None
    component_id: str | None = None
    asset: AssetName | None = None
    rule: RuleName | None = None
    component: ComponentName | None = None


class Comment(BaseModel):
    """What somebody wrote about a finding."""

    id: str = Field(examples=[ID])
    finding_id: str
    author: str = Field(examples=["Ada"])
    author_id: str
    body: str = Field(examples=["The shop never parses input with this."])
    created_at: datetime
    edited_at: datetime | None = None
    revision: int


_Body = Annotated[str, StringConstraints(min_length=1, max_length=10_000, strip_whitespace=True)]


class CommentText(BaseModel):
    """A comment to write, or the new text of one."""

    model_config = ConfigDict(extra="forbid")

    body: _Body = Field(examples=["The shop never parses input with this."])


class Evidence(BaseModel):
    """One observation that the finding rests on, as the tool said it."""

    id: str
    tool: str = Field(examples=["grype"])
    run_id: str
    first_seen: datetime
    last_seen: datetime
    observation: dict[str, Any]


class FindingDecision(BaseModel):
    """The decision of a person, or the VEX statement, that holds for the finding."""

    id: str
    scope: str = Field(examples=["asset"])
    asset_id: str | None = None
    component: str = ""
    kind: str = ""
    rule: str = ""
    fingerprint: str = ""
    status: Status
    justification: str = ""
    reason: str = ""
    source: str = Field(examples=["person"])
    owner: str = ""
    owner_id: str = ""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revision: int


class FindingTicket(BaseModel):
    """A ticket about it, and the state it is in over there."""

    id: str
    title: str
    url: str
    remote_id: str
    state: str = Field(examples=["open"])
    state_said: str = ""
    channel: str
    system: str = Field(examples=["jira_cloud"])
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None


class FindingDetail(Finding):
    """A finding with all that is known of it. `document` is the finding as results write it."""

    asset: Asset | None = None  # type: ignore[assignment]
    rule: Rule | None = None  # type: ignore[assignment]
    component: Component | None = None  # type: ignore[assignment]
    document: dict[str, Any]
    evidence: list[Evidence]
    comments: list[Comment]
    tickets: list[FindingTicket]
    applies: FindingDecision | None = Field(description="The decision that holds for it.")


class Change(BaseModel):
    """Something that happened to a finding."""

    id: str | None = None
    finding_id: str | None = None
    what: str | None = Field(default=None, examples=["reopened"])
    actor: str | None = Field(default=None, examples=["import"])
    actor_id: str | None = None
    document: dict[str, Any] | None = Field(
        default=None, examples=[{"severity": {"from": "medium", "to": "high"}}]
    )
    run_id: str | None = None
    at: datetime | None = None


class ExplainedReason(BaseModel):
    """One reason for the decision."""

    code: str = Field(examples=["kev"])
    text: str


class ExplainedEvidence(BaseModel):
    """What one tool said, and why it belongs here."""

    tool: str = Field(examples=["grype"])
    version: str
    file: str
    record: str = Field(examples=["matches[12]"])
    rule: str = Field(examples=["CVE-2021-44228"])
    subject: str = Field(examples=["log4j-core 2.14.1"])
    why: str
    severity_said: str
    fix_state: str
    fix_versions: list[str]
    places: list[str]


class ExplainedAbsence(BaseModel):
    """A tool that did not say it. `could_know` false: its silence says nothing."""

    tool: str
    could_know: bool
    reason: str


class Explanation(BaseModel):
    """Why a finding is there, in sentences of the reader's language."""

    finding_id: str
    rule: str
    identity: str
    severity: str = Field(examples=["critical, the highest that a tool gives: grype"])
    fix: str
    decision: str | None
    reasons: list[ExplainedReason]
    evidence: list[ExplainedEvidence]
    absences: list[ExplainedAbsence]
    complete: bool
    language: str = Field(examples=["en"])
