"""Notification rules: which channel is told what, and when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.severity import Severity
from vigie.services import records
from vigie.services.platform import Caller
from vigie.services.telling import rules

ROUTER = APIRouter(tags=["notification rules"])
Reading = Annotated[Caller, needs(Permission.RULES_READ)]
Writing = Annotated[Caller, needs(Permission.RULES_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_TEXT = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=_TEXT)]
Word = Annotated[str, Field(max_length=200, pattern=_TEXT)]
Words = Annotated[list[Word], Field(max_length=200)]
TimeOfDay = Annotated[str, Field(pattern=r"^\d\d:\d\d$", max_length=5, examples=["22:00"])]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(BaseModel):
    """Hours of the week, by the rule's time zone. `until` may lie on the next day; `days` are
    those on which it begins, all when there is none."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    begins: TimeOfDay = Field(alias="from", examples=["22:00"])
    until: TimeOfDay = Field(examples=["07:00"])
    days: list[Day] = Field(default=[], max_length=7)


class RuleConditions(BaseModel):
    """All that are given must hold. `group`: what one message is about (import, asset, finding),
    or one ticket (finding, upgrade). `unknown` says whether a finding whose severity nobody said
    passes `severity`."""

    model_config = ConfigDict(extra="forbid")

    events: Words = Field(default=["finding.new", "finding.reopened"],
                          examples=[["finding.new", "finding.closed"]])  # fmt: skip
    severity: Severity | None = Field(default=None, examples=["high"])
    unknown: bool = True
    kinds: list[Kind] = Field(default=[], max_length=50)
    decisions: list[Decision] = Field(default=[], max_length=50)
    statuses: list[Status] = Field(default=[], max_length=50)
    assets: Words = []
    asset_kinds: Words = Field(default=[], examples=[["image"]])
    labels: dict[Word, Words] = Field(default={}, max_length=50, examples=[{"team": ["shop"]}])
    hours: list[Hours] = Field(default=[], max_length=20)
    group: Literal["", "import", "asset", "finding", "upgrade"] = ""


class Quiet(BaseModel):
    """Hours in which what is less severe than `below` waits until they are over."""

    model_config = ConfigDict(extra="forbid")

    hours: list[Hours] = Field(max_length=20)
    below: Severity = Severity.CRITICAL


class NotificationRule(BaseModel):
    """One rule. `tracker` among the conditions says that its channel is a ticket system."""

    id: str = Field(examples=[_ID])
    name: str = Field(examples=["critical findings of the shop"])
    channel_id: str
    conditions: dict[str, Any]
    mode: str = Field(examples=["now"])
    digest_cron: str = Field(examples=["0 8 * * MON-FRI"])
    quiet: dict[str, Any] | None
    time_zone: str = Field(examples=["Europe/Paris"])
    enabled: bool
    created_at: str
    revision: int


class NewNotificationRule(BaseModel):
    """A rule to keep. Without a channel it tells the one of the tenant's settings; without a time
    zone its hours are those of the tenant's."""

    model_config = ConfigDict(extra="forbid")

    name: Title = Field(examples=["critical findings of the shop"])
    channel_id: str = Field(default="", max_length=100, examples=[_ID])
    conditions: RuleConditions = RuleConditions()
    mode: Literal["now", "digest"] = "now"
    digest_cron: Word = Field(default="", examples=["0 8 * * MON-FRI"])
    quiet: Quiet | None = None
    time_zone: Word = Field(default="", examples=["Europe/Paris"])
    enabled: bool = True


class NotificationRuleChange(BaseModel):
    """What to change; what is left out stays. `conditions` and `quiet` are replaced as a whole,
    `quiet` null takes quiet hours away."""

    model_config = ConfigDict(extra="forbid")

    name: Title | None = None
    channel_id: str | None = Field(default=None, max_length=100)
    conditions: RuleConditions | None = None
    mode: Literal["now", "digest"] | None = None
    digest_cron: Word | None = None
    quiet: Quiet | None = None
    time_zone: Word | None = None
    enabled: bool | None = None


@ROUTER.get("/notification-rules", response_model=PageOf[NotificationRule],
            openapi_extra=parameters(rules.LISTING))  # fmt: skip
def list_notification_rules(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's rules."""
    return page_answer(records.list_of(platform, caller, rules.LISTING, query_of(request)))


@ROUTER.post("/notification-rules", status_code=201, response_model=NotificationRule)
def create_notification_rule(
    body: NewNotificationRule, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Keep a rule; it holds for what happens from now on."""

    def create(work: Any) -> tuple[Any, int]:
        row = rules.create(work, platform, caller, body.model_dump(mode="json", by_alias=True))
        return _shown(row), row["revision"]

    return once(caller, create)


@ROUTER.get("/notification-rules/{rule_id}", response_model=NotificationRule)
def get_notification_rule(rule_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One rule."""
    row = records.read(platform, caller, rules.RULE, rule_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/notification-rules/{rule_id}", response_model=NotificationRule)
def change_notification_rule(
    rule_id: str,
    body: NotificationRuleChange,
    platform: ThePlatform,
    caller: Writing,
    expected: Expected,
) -> Response:
    """Change it."""
    given = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if "conditions" in given and body.conditions is not None:
        given["conditions"] = body.conditions.model_dump(mode="json", by_alias=True)
    values = {k: v for k, v in given.items() if v is not None or k == "quiet"}
    with platform.database.begin(caller.scope) as work:
        row = rules.change(work, platform, caller, rule_id, values, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/notification-rules/{rule_id}", status_code=204)
def delete_notification_rule(
    rule_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take it away, with what it has gathered and not told yet."""
    with platform.database.begin(caller.scope) as work:
        rules.remove(work, caller, rule_id, expected)
    return Response(status_code=204)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "channel_id", "conditions", "mode", "digest_cron", "quiet",
             "time_zone", "enabled", "created_at", "revision")  # fmt: skip
    return {name: row[name] for name in names}
