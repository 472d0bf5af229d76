"""Jobs: work that outlives the request that asked for it.

A job is a row, written in the transaction of what it is about; the queue only hands out its
id. Whoever works on it holds a lease on the row, so of two workers one gets it, and of a
killed one the work goes to another. A job may run twice; what it changes must bear that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from vigie.model.errors import SourceError, VigieError
from vigie.ports.queues import WorkItem
from vigie.services import live, unmade
from vigie.services.platform import Caller, Platform
from vigie.services.sentences import plain
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS
from vigie.stores.relational.types import Moment

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
OPEN_STATES = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """A job in the hands of a worker. `lease` proves that it is this worker's."""

    id: str
    tenant: str
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    lease: str
    actor: str = ""
    actor_id: str = ""


def enqueue(
    platform: Platform,
    work: Work,
    caller: Caller,
    kind: str,
    payload: Mapping[str, Any],
    *,
    subject: tuple[str, str] = ("", ""),
    due: datetime | None = None,
) -> str:
    """Write the job in this transaction and announce it once that is committed; its id.

    A lost announcement is made up for by the scheduler.
    """
    job, now = new_id(), platform.clock()
    due = due or now
    work.insert(
        JOBS,
        [
            {
                "id": job,
                "kind": kind,
                "state": "queued",
                "payload": dict(payload),
                "subject_kind": subject[0],
                "subject_id": subject[1],
                "actor": caller.principal.name,
                "actor_id": caller.principal.id,
                "created_at": now,
                "due_at": due,
            }
        ],
    )
    live.changed(work)
    item = WorkItem(kind, work.tenant, job)
    delay = max(0.0, (due - now).total_seconds())
    work.then(lambda: announce(platform, item, delay))
    return job


def announce(platform: Platform, item: WorkItem, delay: float = 0.0) -> None:
    """The job is kept already: a queue that does not answer is no failure of what asked for it."""
    try:
        platform.queue.put(item, delay)
    except SourceError as error:
        structlog.get_logger().warning("job.not_announced", job=item.job, why=str(error))


def claim(platform: Platform, item: WorkItem) -> Job | None:
    """Take the job, None when it is not to be done (any more) or somebody else's now."""
    now, lease = platform.clock(), new_id()
    free = sa.or_(
        JOBS.c.state == "queued", sa.and_(JOBS.c.state == "running", JOBS.c.leased_until < now)
    )
    with platform.database.begin(of_tenant(item.tenant)) as work:
        changed = work.run(
            sa.update(JOBS)
            .where(work.mine(JOBS), JOBS.c.id == item.job, free, JOBS.c.due_at <= now)
            .values(
                state="running",
                lease=lease,
                leased_until=now + LEASE,
                attempts=JOBS.c.attempts + 1,
                started_at=sa.func.coalesce(JOBS.c.started_at, sa.literal(now, Moment)),
            )
        )
        if changed.rowcount != 1:
            return None
        live.changed(work)
        row = work.run(sa.select(JOBS).where(work.mine(JOBS), JOBS.c.id == item.job)).one()
    return Job(
        row.id, item.tenant, row.kind, row.payload or {}, row.attempts, lease, row.actor,
        row.actor_id,
    )  # fmt: skip


def keep(
    platform: Platform, job: Job, progress: float | None = None, stage: str | None = None
) -> bool:
    """Still at it: renew the lease and say how far it is (0–1). False when the job was
    cancelled or is no longer this worker's: stop."""
    values: dict[str, Any] = {"leased_until": platform.clock() + LEASE}
    if progress is not None:
        values["progress"] = progress
    if stage is not None:
        values["stage"] = stage
    with platform.database.begin(of_tenant(job.tenant)) as work:
        changed = work.run(
            sa.update(JOBS).where(*_held(work, job), JOBS.c.cancel.is_(False)).values(**values)
        )
        if progress is not None or stage is not None:
            live.changed(work)
        return changed.rowcount == 1


def finish(work: Work, platform: Platform, job: Job, result: Mapping[str, Any]) -> bool:
    """Write the result in the transaction of what the job changed. False when the job is no
    longer this worker's: then raise, so that nothing of it happens twice."""
    changed = work.run(
        sa.update(JOBS)
        .where(*_held(work, job))
        .values(
            state="done", result=dict(result), progress=1.0, lease="", leased_until=None,
            error=None, ended_at=platform.clock(),
        )
    )  # fmt: skip
    live.changed(work)
    return changed.rowcount == 1


def fail(platform: Platform, job: Job, error: VigieError, *, again: bool) -> float | None:
    """Note what went wrong. With `again` and attempts left it goes back to the queue: returns
    in how many seconds; else it has failed for good, and so has what it was to make: None."""
    now = platform.clock()
    retry = again and job.attempt < MOST_ATTEMPTS
    delay = min(600.0, 5.0 * 2 ** (job.attempt - 1)) if retry else None
    told = {"message": plain(error.message), "hint": plain(error.hint)}
    with platform.database.begin(of_tenant(job.tenant)) as work:
        changed = work.run(
            sa.update(JOBS)
            .where(*_held(work, job))
            .values(
                state="queued" if retry else "failed",
                error=told,
                lease="",
                leased_until=None,
                due_at=now + timedelta(seconds=delay or 0.0),
                ended_at=None if retry else now,
            )
        )
        live.changed(work)
        if changed.rowcount == 1 and not retry:
            unmade.failed(work, job.id, error, now)
    return delay


def cancel(work: Work, platform: Platform, job_id: str) -> bool:
    """Stop it: at once when it waits, soon when it runs. False when it has ended."""
    waits = work.run(
        sa.update(JOBS)
        .where(work.mine(JOBS), JOBS.c.id == job_id, JOBS.c.state == "queued")
        .values(state="cancelled", cancel=True, ended_at=platform.clock())
    )
    if waits.rowcount:
        unmade.cancelled(work, job_id, platform.clock())
    runs = work.run(
        sa.update(JOBS)
        .where(work.mine(JOBS), JOBS.c.id == job_id, JOBS.c.state == "running")
        .values(cancel=True)
    )
    live.changed(work)
    return bool(waits.rowcount or runs.rowcount)


def is_wanted(platform: Platform, job: Job) -> bool:
    """False when it was cancelled or is no longer this worker's. Only looks."""
    with platform.database.read(of_tenant(job.tenant)) as work:
        found = work.run(
            sa.select(JOBS.c.id).where(*_held(work, job), JOBS.c.cancel.is_(False))
        ).first()
    return found is not None


def end_cancelled(platform: Platform, job: Job) -> bool:
    """The work on a cancelled job has stopped. False when it was not cancelled, or is no
    longer this worker's."""
    with platform.database.begin(of_tenant(job.tenant)) as work:
        changed = work.run(
            sa.update(JOBS)
            .where(*_held(work, job), JOBS.c.cancel.is_(True))
            .values(state="cancelled", lease="", leased_until=None, ended_at=platform.clock())
        )
        live.changed(work)
        if changed.rowcount == 1:
            unmade.cancelled(work, job.id, platform.clock())
        return changed.rowcount == 1


def hand_back(platform: Platform, job: Job) -> bool:
    """Not the job's fault: the worker stops. It waits again, and the attempt does not count."""
    with platform.database.begin(of_tenant(job.tenant)) as work:
        changed = work.run(
            sa.update(JOBS)
            .where(*_held(work, job))
            .values(
                state="queued", lease="", leased_until=None, due_at=platform.clock(),
                attempts=JOBS.c.attempts - 1,
            )
        )  # fmt: skip
        live.changed(work)
        return changed.rowcount == 1


def due_in(platform: Platform, item: WorkItem) -> float | None:
    """In how many seconds a waiting job is due (0.0: now), None when it does not wait."""
    with platform.database.read(of_tenant(item.tenant)) as work:
        due = work.run(
            sa.select(JOBS.c.due_at).where(
                work.mine(JOBS), JOBS.c.id == item.job, JOBS.c.state == "queued"
            )
        ).scalar_one_or_none()
    return None if due is None else max(0.0, (due - platform.clock()).total_seconds())


def _held(work: Work, job: Job) -> tuple[sa.ColumnElement[bool], ...]:
    return (work.mine(JOBS), JOBS.c.id == job.id, JOBS.c.lease == job.lease,
            JOBS.c.state == "running")  # fmt: skip
