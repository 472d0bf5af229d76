"""What is handed in: reports to be taken in and scans to be made. Each is kept at once and
answered with an id; a job does the work.

The body of a report, the row that speaks of it and the job are written in one transaction: what
was acknowledged is not lost, whatever ends afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from vigie.services import files, jobs
from vigie.services.imports import KEPT, ImportOptions, accept
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun, find
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import ID, TIME, Field
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.operations import IMPORTS, SCANS

IMPORT = Noun("import", IMPORTS)
SCAN = Noun("scan", SCANS)

IMPORT_LISTING = Listing(
    "imports",
    IMPORTS,
    {
        "id": Field(IMPORTS.c.id, ID),
        "name": Field(IMPORTS.c.name),
        "origin": Field(IMPORTS.c.origin, facet=True),
        "format": Field(IMPORTS.c.format, facet=True),
        "asset": Field(IMPORTS.c.asset),
        "state": Field(IMPORTS.c.state, facet=True),
        "summary": Field(IMPORTS.c.summary),
        "job_id": Field(IMPORTS.c.job_id, ID),
        "actor": Field(IMPORTS.c.actor),
        "created_at": Field(IMPORTS.c.created_at, TIME, sort=True),
        "ended_at": Field(IMPORTS.c.ended_at, TIME),
    },
    search=(IMPORTS.c.name, IMPORTS.c.asset),
)
SCAN_LISTING = Listing(
    "scans",
    SCANS,
    {
        "id": Field(SCANS.c.id, ID),
        "target": Field(SCANS.c.target),
        "state": Field(SCANS.c.state, facet=True),
        "summary": Field(SCANS.c.summary),
        "options": Field(SCANS.c.options),
        "import_id": Field(SCANS.c.import_id, ID),
        "schedule_id": Field(SCANS.c.schedule_id, ID),
        "job_id": Field(SCANS.c.job_id, ID),
        "actor": Field(SCANS.c.actor),
        "created_at": Field(SCANS.c.created_at, TIME, sort=True),
        "ended_at": Field(SCANS.c.ended_at, TIME),
    },
    search=(SCANS.c.target,),
)


def submit_import(
    work: Work,
    platform: Platform,
    caller: Caller,
    stream: BinaryIO,
    *,
    name: str,
    options: ImportOptions,
    origin: str = "upload",
) -> dict[str, Any]:
    """Keep a report and the job that takes it in. Raises UserError for a format that nobody
    reads, TooLarge."""
    now = platform.clock()
    stored = files.save(work, stream, at=now, name=name[:200], expires_at=now + KEPT)
    import_id, _ = accept(work, platform, caller, stored, options, origin=origin)
    return find(work, IMPORT, import_id)


def submit_scan(
    work: Work,
    platform: Platform,
    caller: Caller,
    target: str,
    *,
    options: Mapping[str, Any] | None = None,
    schedule_id: str | None = None,
) -> dict[str, Any]:
    """Keep the wish for a scan and the job that makes it."""
    scan = new_id()
    row = {
        "id": scan, "target": target, "options": dict(options or {}), "state": "queued",
        "schedule_id": schedule_id, "actor": caller.principal.name,
        "actor_id": caller.principal.id, "created_at": platform.clock(),
    }  # fmt: skip
    job = jobs.enqueue(platform, work, caller, "scan", {"scan_id": scan}, subject=("scan", scan))
    work.insert(SCANS, [{**row, "job_id": job}])
    work.audit(caller.entry("scan.create", "scan", scan, target=target))
    return find(work, SCAN, scan)
