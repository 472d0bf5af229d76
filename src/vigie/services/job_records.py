"""Jobs as people see them: listed, read, cancelled."""

from __future__ import annotations

from typing import Any

from vigie.model.text import T
from vigie.services import jobs
from vigie.services.failures import Conflict
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun, find
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, ID, NUMBER, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.operations import JOBS

JOB = Noun("job", JOBS)
ENDED = ("done", "failed", "cancelled")

LISTING = Listing(
    "jobs",
    JOBS,
    {
        "id": Field(JOBS.c.id, ID),
        "kind": Field(JOBS.c.kind, facet=True),
        "state": Field(JOBS.c.state, facet=True),
        "progress": Field(JOBS.c.progress, NUMBER),
        "stage": Field(JOBS.c.stage),
        "attempts": Field(JOBS.c.attempts, COUNT),
        "result": Field(JOBS.c.result),
        "error": Field(JOBS.c.error),
        "subject_kind": Field(JOBS.c.subject_kind),
        "subject_id": Field(JOBS.c.subject_id),
        "actor": Field(JOBS.c.actor),
        "created_at": Field(JOBS.c.created_at, TIME, sort=True),
        "due_at": Field(JOBS.c.due_at, TIME),
        "started_at": Field(JOBS.c.started_at, TIME),
        "ended_at": Field(JOBS.c.ended_at, TIME),
    },
)


def cancel(work: Work, platform: Platform, caller: Caller, job_id: str) -> dict[str, Any]:
    """Stop it, and say who did. Raises NotFound, and Conflict when it has ended already."""
    row = find(work, JOB, job_id)
    if not jobs.cancel(work, platform, job_id):
        raise Conflict(T("this job has ended: its state is {state}", state=row["state"]))
    work.audit(caller.entry("job.cancel", "job", job_id, kind=row["kind"]))
    return find(work, JOB, job_id)
