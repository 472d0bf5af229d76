"""Schedules: what is to be done again and again, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import records, submissions, tenant_settings
from vigie.services.cron import next_after
from vigie.services.failures import Conflict
from vigie.services.jobs import OPEN_STATES
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.operations import JOBS, SCHEDULES

SCHEDULE = Noun("schedule", SCHEDULES)
KINDS = ("scan", "report")

LISTING = Listing(
    "schedules",
    SCHEDULES,
    {
        "id": Field(SCHEDULES.c.id, ID),
        "name": Field(SCHEDULES.c.name, sort=True),
        "kind": Field(SCHEDULES.c.kind, facet=True),
        "payload": Field(SCHEDULES.c.payload),
        "cron": Field(SCHEDULES.c.cron),
        "time_zone": Field(SCHEDULES.c.time_zone),
        "enabled": Field(SCHEDULES.c.enabled, FLAG, facet=True),
        "next_at": Field(SCHEDULES.c.next_at, TIME),
        "last_at": Field(SCHEDULES.c.last_at, TIME),
        "last_job": Field(SCHEDULES.c.last_job),
        "created_at": Field(SCHEDULES.c.created_at, TIME, sort=True),
        "revision": Field(SCHEDULES.c.revision, COUNT),
    },
    sort="name",
    search=(SCHEDULES.c.name,),
)


def create(
    work: Work, platform: Platform, caller: Caller, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a schedule. Raises UserError for a time, a kind or a payload that cannot be, Conflict
    for a name that is taken."""
    now = platform.clock()
    _check(values)
    zoned = {**values, "time_zone": tenant_settings.zone_name(work, values.get("time_zone"))}
    row = {**zoned, "next_at": _next(zoned, platform), "created_at": now}
    return records.add(work, caller, SCHEDULE, row)


def change(
    work: Work,
    platform: Platform,
    caller: Caller,
    schedule_id: str,
    changes: Mapping[str, Any],
    expected: int | None,
) -> dict[str, Any]:
    """Change it; when it is due next is worked out anew. Raises as `create`, NotFound, Outdated."""
    merged = {**records.find(work, SCHEDULE, schedule_id), **changes}
    _check(merged)
    values = {**changes, "next_at": _next(merged, platform)}
    return records.change(work, caller, SCHEDULE, schedule_id, values, expected)


def run_now(work: Work, platform: Platform, caller: Caller, schedule_id: str) -> dict[str, Any]:
    """Start its job now, on behalf of who asks; when it is due next stays. Raises NotFound, and
    Conflict while its last job has not ended."""
    row = records.find(work, SCHEDULE, schedule_id)
    mine = (work.mine(SCHEDULES), SCHEDULES.c.id == schedule_id)
    # Locked, so that two who ask at once start one.
    last = work.run(sa.select(SCHEDULES.c.last_job).where(*mine).with_for_update()).scalar_one()
    if is_open(work, last):
        raise Conflict(T("the last job of this schedule has not ended yet"))
    job = STARTERS[row["kind"]](platform, work, caller, row["payload"] or {}, schedule_id)
    work.run(sa.update(SCHEDULES).where(*mine).values(last_at=platform.clock(), last_job=job))
    work.audit(caller.entry("schedule.run", "schedule", schedule_id, job=job))
    return records.find(work, SCHEDULE, schedule_id)


def is_open(work: Work, job: str) -> bool:
    """Whether this job waits or runs; False for ""."""
    if not job:
        return False
    state = work.run(
        sa.select(JOBS.c.state).where(work.mine(JOBS), JOBS.c.id == job)
    ).scalar_one_or_none()
    return state in OPEN_STATES


def start_scan(
    platform: Platform, work: Work, caller: Caller, payload: Mapping[str, Any], schedule_id: str
) -> str:
    """The starter of schedules of the kind "scan": the job's id."""
    made = submissions.submit_scan(
        work, platform, caller, str(payload["target"]),
        options=payload.get("options") or {}, schedule_id=schedule_id,
    )  # fmt: skip
    return str(made["job_id"])


def start_report(
    platform: Platform, work: Work, caller: Caller, payload: Mapping[str, Any], schedule_id: str
) -> str:
    """The starter of schedules of the kind "report": the job's id."""
    from vigie.services import reporting  # noqa: PLC0415  it needs what documents need

    made = reporting.create(
        work, platform, caller, title=str(payload.get("title") or schedule_id),
        report_format=str(payload["format"]), language=payload.get("language"),
        filters=payload.get("filters") or {},
    )  # fmt: skip
    return str(made["job_id"])


STARTERS = {"scan": start_scan, "report": start_report}


def _next(values: Mapping[str, Any], platform: Platform) -> Any:
    when = next_after(values["cron"], values.get("time_zone") or "UTC", platform.clock())
    return when if values.get("enabled", True) else None


def _check(values: Mapping[str, Any]) -> None:
    needed = {"scan": "target", "report": "format"}
    kind = str(values["kind"])
    if kind not in needed:
        raise UserError(
            T("there is no kind of schedule {name}", name=kind[:100]),
            T("Choose from: {names}", names=KINDS),
        )
    payload = values.get("payload") or {}
    if not isinstance(payload.get(needed[kind]), str) or not payload[needed[kind]]:
        raise UserError(
            T("a schedule of the kind {kind} needs {name} in its payload", kind=kind,
              name=needed[kind]),
        )  # fmt: skip
