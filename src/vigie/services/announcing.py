"""Announces jobs again whose announcement was lost: the queue forgot them, or nobody came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from vigie.ports.queues import WorkItem
from vigie.services.jobs import OPEN_STATES
from vigie.services.platform import Platform
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.operations import JOBS

PATIENCE = timedelta(seconds=30)
MOST = 1000  # in one tick


def announce_lost(platform: Platform) -> int:
    """Announce again queued jobs that are overdue and running ones whose lease has ended; how
    many. None while the queue holds as many items as there are open jobs: then they only wait
    for their turn, and announcing them would let the queue grow for nothing.
    """
    now = platform.clock()
    lost = sa.or_(
        sa.and_(JOBS.c.state == "queued", JOBS.c.due_at <= now - PATIENCE),
        sa.and_(JOBS.c.state == "running", JOBS.c.leased_until < now),
    )
    with platform.database.read(SYSTEM) as work:
        found = [
            _item(row)
            for row in work.run(
                sa.select(JOBS.c.kind, JOBS.c.tenant_id, JOBS.c.id)
                .where(lost)
                .order_by(JOBS.c.due_at)
                .limit(MOST)
            )
        ]
        if not found:
            return 0
        many = work.run(
            sa.select(sa.func.count()).select_from(JOBS).where(JOBS.c.state.in_(OPEN_STATES))
        ).scalar_one()
    if platform.queue.depth() >= many:
        return 0
    _announce(platform, found)
    return len(found)


def take_up(platform: Platform) -> int:
    """What was running when the platform ended is free again at once; how many jobs.

    Only for a platform of which no worker can be alive. The end was not the jobs' fault, so
    the attempt does not count, but for one that has been tried for more than an hour: it may
    be what ends the platform.
    """
    now = platform.clock()
    ran = JOBS.c.state == "running"
    with platform.database.begin(SYSTEM) as work:
        found = [
            _item(row)
            for row in work.run(sa.select(JOBS.c.kind, JOBS.c.tenant_id, JOBS.c.id).where(ran))
        ]
        recent = JOBS.c.started_at > now - timedelta(hours=1)
        counted = sa.case((recent, JOBS.c.attempts - 1), else_=JOBS.c.attempts)
        work.run(
            sa.update(JOBS)
            .where(ran)
            .values(state="queued", lease="", leased_until=None, due_at=now, attempts=counted)
        )
        work.then(lambda: _announce(platform, found))
    return len(found)


def _announce(platform: Platform, items: list[WorkItem]) -> None:
    for item in items:
        platform.queue.put(item)


def _item(row: sa.Row[Any]) -> WorkItem:
    return WorkItem(row.kind, row.tenant_id, row.id)
