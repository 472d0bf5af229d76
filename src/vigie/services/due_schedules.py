"""Starts the jobs of schedules that are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
import structlog

from vigie.model.errors import UserError
from vigie.services import jobs
from vigie.services.cron import next_after
from vigie.services.isolation import isolated
from vigie.services.platform import Caller, Platform, system_caller
from vigie.services.schedules import is_open
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.operations import SCHEDULES

# Makes the job of a schedule in this transaction (payload, the schedule's id); the job's id.
Starter: TypeAlias = Callable[[Platform, Work, Caller, Mapping[str, Any], str], str]
_NEVER = timedelta(days=365 * 50)
_log = structlog.get_logger("vigie.scheduler")


def start_due(platform: Platform, starters: Mapping[str, Starter]) -> int:
    """Start what is due in every tenant that is not disabled; how many jobs.

    A schedule that was missed, however often, runs once; one whose last job is still open
    leaves this time out. One that cannot be read (its time zone is gone) is switched off.
    """
    started = 0
    for tenant in _tenants(platform):
        for schedule, next_at in _due(platform, tenant):
            ran = isolated(lambda t=tenant, s=schedule, n=next_at: _start(  # type: ignore[misc]
                platform, starters, t, s, n))  # fmt: skip
            started += bool(ran.answer)
            if ran.error is not None:
                _log.error("schedule.failed", tenant=tenant, schedule=schedule, exc_info=ran.error)
    return started


def _tenants(platform: Platform) -> list[str]:
    with platform.database.read(SYSTEM) as work:
        query = sa.select(TENANTS.c.id).where(TENANTS.c.disabled_at.is_(None))
        return list(work.run(query.order_by(TENANTS.c.id)).scalars())


def _due(platform: Platform, tenant: str) -> list[tuple[str, datetime | None]]:
    due = sa.or_(SCHEDULES.c.next_at.is_(None), SCHEDULES.c.next_at <= platform.clock())
    with platform.database.read(of_tenant(tenant)) as work:
        rows = work.run(
            sa.select(SCHEDULES.c.id, SCHEDULES.c.next_at).where(
                work.mine(SCHEDULES), SCHEDULES.c.enabled.is_(True), due
            )
        )
        return [(row.id, row.next_at) for row in rows]


def _start(
    platform: Platform,
    starters: Mapping[str, Starter],
    tenant: str,
    schedule: str,
    seen: datetime | None,
) -> bool:
    """True when a job was made. All in one transaction, and only by whoever is first."""
    now, caller = platform.clock(), system_caller("scheduler", tenant)
    with platform.database.begin(of_tenant(tenant)) as work:
        mine = (work.mine(SCHEDULES), SCHEDULES.c.id == schedule)
        row = work.run(sa.select(SCHEDULES).where(*mine).with_for_update()).one_or_none()
        if row is None or not row.enabled or row.next_at != seen:
            return False
        try:
            following = next_after(row.cron, row.time_zone, now)
        except UserError as error:
            work.run(sa.update(SCHEDULES).where(*mine).values(enabled=False, next_at=None))
            entry = caller.entry("schedule.disable", "schedule", schedule, why=str(error))
            work.audit(entry)
            return False
        # Never again (a 29 February that is no weekday for fifty years): asked then.
        values: dict[str, Any] = {"next_at": following or now + _NEVER}
        starts = seen is not None and not is_open(work, row.last_job)
        if starts:
            make = starters.get(row.kind)
            payload = row.payload or {}
            values["last_at"] = now
            values["last_job"] = (
                make(platform, work, caller, payload, schedule)
                if make
                else jobs.enqueue(
                    platform, work, caller, row.kind, payload, subject=("schedule", schedule)
                )
            )
        elif seen is not None:
            _log.warning("schedule.left-out", tenant=tenant, schedule=schedule)
        work.run(sa.update(SCHEDULES).where(*mine).values(**values))
    return starts
