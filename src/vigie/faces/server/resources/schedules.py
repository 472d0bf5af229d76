"""Schedules: scans and reports that are made again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.resources.scans import refuse_target
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import records, schedules
from vigie.services.platform import Caller, Platform

ROUTER = APIRouter(tags=["schedules"])
Reading = Annotated[Caller, needs(Permission.SCHEDULES_READ)]
Writing = Annotated[Caller, needs(Permission.SCHEDULES_WRITE)]
_PAYLOAD = {"target": "registry.example/shop:latest", "options": {"scanners": ["embedded"]}}


class NewSchedule(BaseModel):
    """What to do (`kind`: scan or report, `payload`) and when (cron, in a time zone; without one
    in the tenant's)."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, examples=["nightly scan of the shop"])
    kind: str = Field(examples=["scan"], max_length=50)
    payload: dict[str, Any] = Field(examples=[_PAYLOAD])
    cron: str = Field(examples=["30 2 * * *"], max_length=200)
    time_zone: str = Field(default="", examples=["Europe/Paris"], max_length=100)
    enabled: bool = True


class ScheduleChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    payload: dict[str, Any] | None = Field(default=None, examples=[_PAYLOAD])
    cron: str | None = Field(default=None, max_length=200, examples=["0 6 * * MON"])
    time_zone: str | None = Field(default=None, max_length=100)
    enabled: bool | None = None


class Schedule(BaseModel):
    """A schedule, when it ran last and when it is due."""

    id: str
    name: str
    kind: str
    payload: dict[str, Any] | None
    cron: str
    time_zone: str
    enabled: bool
    next_at: str | None
    last_at: str | None
    last_job: str
    created_at: str
    revision: int


@ROUTER.get("/schedules", response_model=PageOf[Schedule],
            openapi_extra=parameters(schedules.LISTING))  # fmt: skip
def list_schedules(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's schedules."""
    return page_answer(records.list_of(platform, caller, schedules.LISTING, query_of(request)))


@ROUTER.post("/schedules", status_code=201, response_model=Schedule)
def create_schedule(
    body: NewSchedule, request: Request, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Keep a schedule; it is due for the first time after now."""
    _refuse(request, platform, body.payload)

    def create(work: Any) -> tuple[Any, int]:
        row = schedules.create(work, platform, caller, body.model_dump())
        return _shown(row), row["revision"]

    return once(caller, create)


@ROUTER.get("/schedules/{schedule_id}", response_model=Schedule)
def get_schedule(schedule_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One schedule."""
    row = records.read(platform, caller, schedules.SCHEDULE, schedule_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/schedules/{schedule_id}", response_model=Schedule)
def change_schedule(
    schedule_id: str,
    body: ScheduleChange,
    request: Request,
    platform: ThePlatform,
    caller: Writing,
    expected: Expected,
) -> Response:
    """Change it, or switch it off and on."""
    changes = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    _refuse(request, platform, body.payload or {})
    with platform.database.begin(caller.scope) as work:
        row = schedules.change(work, platform, caller, schedule_id, changes, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/schedules/{schedule_id}", status_code=204)
def delete_schedule(
    schedule_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take it away. Jobs it has started go on."""
    with platform.database.begin(caller.scope) as work:
        records.remove(work, caller, schedules.SCHEDULE, schedule_id, expected)
    return Response(status_code=204)


@ROUTER.post("/schedules/{schedule_id}/run", response_model=Schedule, status_code=202)
def run_schedule(
    schedule_id: str, request: Request, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Start its job now; `last_job` is its id. While the last one goes on it is a conflict."""
    row = records.read(platform, caller, schedules.SCHEDULE, schedule_id)
    _refuse(request, platform, row["payload"] or {})

    def start(work: Any) -> tuple[Any, int]:
        row = schedules.run_now(work, platform, caller, schedule_id)
        return _shown(row), row["revision"]

    return once(caller, start, status=202)


def _refuse(request: Request, platform: Platform, payload: Mapping[str, Any]) -> None:
    """Raises UserError for a scan of what may not be scanned."""
    if isinstance(target := payload.get("target"), str):
        refuse_target(request, platform, target)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Schedule.model_fields}
