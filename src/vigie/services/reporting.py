"""Reports: documents about what the store knows, made in the background in any format."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, BinaryIO, cast

import sqlalchemy as sa

import vigie
from vigie.model.errors import UserError
from vigie.model.queries import Query
from vigie.model.text import Language, T
from vigie.ports.outlets import Part, View
from vigie.services import files, jobs, tenant_settings
from vigie.services.failures import Conflict
from vigie.services.filters import filters_of
from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform
from vigie.services.progress import Progress
from vigie.services.records import Noun, find
from vigie.services.stored_results import Wanted, stored_result
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import ID, TIME, Field
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.listings.findings import LISTING as FINDING_LISTING
from vigie.stores.relational.questions import asked_of
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS, REPORTS

REPORT = Noun("report", REPORTS)
KEPT = timedelta(days=90)
_IN_MEMORY = 8 << 20  # bytes of a document, before it goes to a temporary file

LISTING = Listing(
    "reports",
    REPORTS,
    {
        "id": Field(REPORTS.c.id, ID),
        "title": Field(REPORTS.c.title),
        "format": Field(REPORTS.c.format, facet=True),
        "language": Field(REPORTS.c.language, facet=True),
        "state": Field(REPORTS.c.state, facet=True),
        "filters": Field(REPORTS.c.filters),
        "job_id": Field(REPORTS.c.job_id, ID),
        "file_id": Field(REPORTS.c.file_id, ID),
        "actor": Field(REPORTS.c.actor),
        "created_at": Field(REPORTS.c.created_at, TIME, sort=True),
        "ended_at": Field(REPORTS.c.ended_at, TIME),
    },
    search=(REPORTS.c.title,),
)


def create(
    work: Work,
    platform: Platform,
    caller: Caller,
    *,
    title: str,
    report_format: str,
    language: Language | None,
    filters: Mapping[str, str],
) -> dict[str, Any]:
    """Keep the wish for a document and the job that makes it. `filters` are those of the list of
    findings ("severity": "critical,high"); without a `language` it is the tenant's. Raises
    UserError for a format or a filter that there is not: before anybody waits for it."""
    if report_format not in platform.plugs.outlets:
        raise UserError(
            T("there is no output format {name}", name=report_format[:100]),
            T("Choose from: {names}", names=tuple(platform.plugs.outlets)),
        )
    asked_of(work, FINDING_LISTING, _query(filters))
    now, report = platform.clock(), new_id()
    job = jobs.enqueue(
        platform, work, caller, "report", {"report_id": report}, subject=("report", report)
    )
    row = {
        "id": report, "title": title, "format": report_format,
        "language": tenant_settings.language_of(work, language),
        "filters": dict(filters), "state": "queued", "job_id": job,
        "actor": caller.principal.name, "actor_id": caller.principal.id, "created_at": now,
    }  # fmt: skip
    work.insert(REPORTS, [row])
    told = {"title": title, "format": report_format, "filters": dict(filters)}
    work.audit(caller.entry("report.create", "report", report, **told))
    return find(work, REPORT, report)


def run_report(platform: Platform, job: Job, progress: Progress) -> None:
    """The handler of jobs of the kind "report": make the document, keep it as a file."""
    scope, report_id = of_tenant(job.tenant), str(job.payload["report_id"])
    progress(0.0, "reading")
    with platform.database.read(scope) as work:
        row = find(work, REPORT, report_id)
        asked = asked_of(work, FINDING_LISTING, _query(row["filters"] or {}))
        now = platform.clock().astimezone(tenant_settings.zone(work))
        result = stored_result(work, Wanted(conditions=asked.all()), target=row["title"], at=now)
    outlet = platform.plugs.outlets[row["format"]]
    language = cast("Language", row["language"])
    view = View(
        words=platform.words(language),
        version=vigie.__version__,
        languages=(platform.words("en"), platform.words("fr")),
    )
    progress(0.5, "writing")
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        _write(outlet.render(result, view), body)
        body.seek(0)
        progress(0.9, "keeping")
        with platform.database.begin(scope) as work:
            stored = files.save(
                work,
                cast("BinaryIO", body),
                at=platform.clock(),
                name=f"{_file_name(row['title'])}{outlet.suffix}",
                media_type=outlet.media_type,
                expires_at=platform.clock() + KEPT,
            )
            _end(work, platform, report_id, state="done", file_id=stored.id)
            if not jobs.finish(work, platform, job, {"report_id": report_id, "size": stored.size}):
                raise Conflict(T("this job is no longer this worker's"))


def file_of(work: Work, report_id: str) -> files.StoredFile:
    """The document of a report. Raises NotFound, and Conflict while it is not there yet."""
    row = find(work, REPORT, report_id)
    if row["state"] != "done" or not row["file_id"]:
        raise Conflict(
            T("this report is not there yet: its state is {state}", state=_state(work, row)),
            T("Ask again in a moment; GET /api/v1/jobs/{id} says how far it is.",
              id=row["job_id"] or ""),
        )  # fmt: skip
    return files.find(work, row["file_id"])


def remove(work: Work, caller: Caller, report_id: str) -> None:
    """Take the report and its document away. Raises NotFound."""
    row = find(work, REPORT, report_id)
    if row["file_id"]:
        files.delete(work, row["file_id"])
    work.run(sa.delete(REPORTS).where(work.mine(REPORTS), REPORTS.c.id == report_id))
    work.audit(caller.entry("report.remove", "report", report_id, title=row["title"]))


def _state(work: Work, row: Mapping[str, Any]) -> str:
    state = work.run(
        sa.select(JOBS.c.state).where(work.mine(JOBS), JOBS.c.id == row["job_id"])
    ).scalar()
    return str(state or row["state"])


def _end(work: Work, platform: Platform, report_id: str, **values: Any) -> None:
    work.run(
        sa.update(REPORTS)
        .where(work.mine(REPORTS), REPORTS.c.id == report_id)
        .values(ended_at=platform.clock(), **values)
    )


def _write(parts: Any, body: Any) -> None:
    """The parts of a document, one after the other where a format has several."""
    part: Part
    for part in parts:
        for chunk in part.chunks:
            body.write(chunk)


def _query(filters: Mapping[str, str]) -> Query:
    asked = ((name, value.split(",")) for name, value in filters.items() if name != "q")
    return Query(filters=filters_of(asked), search=filters.get("q", ""))


def _file_name(title: str) -> str:
    kept = "".join(c if c.isalnum() or c in "-_" else "-" for c in title.lower())
    return kept.strip("-")[:80] or "report"
