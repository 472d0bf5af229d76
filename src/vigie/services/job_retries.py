"""Jobs that failed for good, tried once more because somebody asks for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.services import jobs, live
from vigie.services.failures import Conflict
from vigie.services.job_records import JOB
from vigie.services.platform import Caller, Platform
from vigie.services.records import find
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.operations import IMPORTS, JOBS, REPORTS, SCANS


def retry(work: Work, platform: Platform, caller: Caller, job_id: str) -> dict[str, Any]:
    """The job waits again, as if it had never been tried, and so does what it is to make. Raises
    NotFound, and Conflict for one that has not failed."""
    row = find(work, JOB, job_id)
    changed = work.run(
        sa.update(JOBS)
        .where(work.mine(JOBS), JOBS.c.id == job_id, JOBS.c.state == "failed")
        .values(
            state="queued", attempts=0, error=None, progress=None, stage="", cancel=False,
            started_at=None, ended_at=None, due_at=platform.clock(),
        )
    )  # fmt: skip
    if changed.rowcount != 1:
        raise Conflict(
            T("only a job that failed can be tried again; the state of this one is {state}",
              state=row["state"]),
        )  # fmt: skip
    for table in (SCANS, IMPORTS, REPORTS):
        values: dict[str, Any] = {"state": "queued", "ended_at": None}
        if "summary" in table.c:
            values["summary"] = None
        work.run(
            sa.update(table)
            .where(work.mine(table), table.c.job_id == job_id, table.c.state == "failed")
            .values(**values)
        )
    work.audit(caller.entry("job.retry", "job", job_id, kind=row["kind"]))
    live.changed(work)
    item = WorkItem(row["kind"], work.tenant, job_id)
    work.then(lambda: jobs.announce(platform, item))
    return find(work, JOB, job_id)
