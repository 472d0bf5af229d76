"""Imports: a report, or the result of CI, that somebody sent; taken in by a worker.

The body lies in the store before anybody is told that it was accepted. The job that takes it in
may be killed at any moment and run again: what was written is passed over, what was not is
done, and the last transaction of the import ends the job as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.access import EVERYTHING, Permission, Principal, PrincipalKind
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import UserError
from vigie.model.plain import plain_writer
from vigie.model.runs import Problem
from vigie.model.text import T
from vigie.services import files, jobs
from vigie.services.at_hand import judging
from vigie.services.bodies import RESULT, read_body
from vigie.services.failures import NotFound
from vigie.services.files import StoredFile
from vigie.services.intake import Reading
from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.recording import Recorded, RecordOptions, record
from vigie.services.recording.collecting import give_back, seldom_collected
from vigie.services.recording.shares import SetDown, set_down
from vigie.services.recording.spilling import Spills
from vigie.services.telemetry import metrics
from vigie.services.triage.vex import import_statements, is_vex
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.tables.operations import IMPORTS

KIND = "import"
KEPT = timedelta(days=7)  # how long the body of a report is kept after it was sent
_MOST_PROBLEMS = 100
_write_problem = plain_writer(Problem)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to take it in. `format` forces a report format ("vigie": a result), "" recognises
    it; the others are as in `RecordOptions`."""

    format: str = ""
    asset: str = ""
    owner: str = ""
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN
    labels: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """For the import's row."""
        return {
            "format": self.format, "owner": self.owner, "exposure": self.exposure.value,
            "criticality": self.criticality.value, "labels": dict(self.labels),
        }  # fmt: skip


def accept(
    work: Work,
    platform: Platform,
    caller: Caller,
    file: StoredFile,
    options: ImportOptions,
    *,
    origin: str = "upload",
) -> tuple[str, str]:
    """Note the import and queue its job, in the transaction that keeps the body; their ids.

    `origin` is "upload", "push" or "scan". Raises NotAllowed, and UserError for a format that
    there is none of.
    """
    caller.require(Permission.IMPORTS_WRITE)
    if options.format and options.format != RESULT and options.format not in platform.plugs.parsers:
        raise UserError(
            T("there is no report format {name}", name=options.format[:100]),
            T("Leave it out: formats are recognised."),
        )
    number = new_id()
    job = jobs.enqueue(
        platform, work, caller, KIND, {"import_id": number}, subject=("import", number)
    )
    principal = caller.principal
    row = {
        "id": number, "file_id": file.id, "job_id": job, "name": file.name, "origin": origin,
        "format": options.format, "asset": options.asset, "state": "queued",
        "options": options.plain(), "summary": None, "actor": principal.name,
        "actor_id": principal.id, "created_at": platform.clock(),
    }  # fmt: skip
    work.insert(IMPORTS, [row])
    work.audit(
        caller.entry("import.create", "import", number, name=file.name, sha256=file.sha256,
                     size=file.size, origin=origin)
    )  # fmt: skip
    return number, job


def run_import(platform: Platform, job: Job, progress: Progress) -> None:
    """The handler of jobs of kind "import": payload {"import_id": id}.

    What is wrong with the report is raised as UserError; the end of the job notes it in the
    import's row.
    """
    caller = on_behalf_of(job)
    row = find(platform, caller, str(job.payload.get("import_id", "")))
    if row["state"] == "done":
        _end(platform, caller, job)
        return
    _set(platform, caller, row["id"], {"state": "running"})
    try:
        with Spills(platform.folder) as spills:
            progress(0.0, "reading")
            readings, kind = _read(platform, caller, row, spills)
            progress(0.1, "merging")
            if is_vex(readings):
                _take_statements(platform, caller, job, row, readings, kind)
            else:
                take(platform, caller, job, row, readings, progress, kind=kind)
    finally:
        give_back()


def _read(
    platform: Platform, caller: Caller, row: Mapping[str, Any], spills: Spills
) -> tuple[list[Reading], str]:
    """What the body says, and its format; nothing of it stays in memory."""
    with files.opened(platform, caller.scope, row["file_id"] or "") as path, seldom_collected():
        readings, kind = read_body(
            platform, path, row["name"] or "report", row["format"], lambda: SetDown.among(spills)
        )
        return set_down(readings, spills), kind


def take(
    platform: Platform,
    caller: Caller,
    job: Job,
    row: Mapping[str, Any],
    readings: Sequence[Reading],
    progress: Progress,
    *,
    kind: str = "",
    also: Callable[[Work, Mapping[str, Any]], None] | None = None,
) -> Recorded:
    """Record the readings as this import and end the job, both in the last transaction. `also`
    is called in it with the import's summary."""

    def finish(work: Work, recorded: Recorded) -> None:
        summary = summary_of(recorded, readings)
        _finish(work, platform, job, row, kind, summary)
        if also is not None:
            also(work, summary)

    with judging(platform, caller) as judged:
        options = _wanted(row, judged)
        recorded = record(
            platform, caller, readings, import_id=row["id"], options=options, finish=finish,
            step=lambda fraction: progress(0.1 + 0.9 * fraction),
        )  # fmt: skip
    metrics.imported(recorded.plain())
    return recorded


def _take_statements(
    platform: Platform,
    caller: Caller,
    job: Job,
    row: Mapping[str, Any],
    readings: Sequence[Reading],
    kind: str,
) -> None:
    """A VEX document: what it says is decided, not found."""
    imported = import_statements(platform, caller, readings, import_id=row["id"])
    with platform.database.begin(caller.scope) as work:
        _finish(work, platform, job, row, kind, {"statements": asdict(imported)})


def _finish(
    work: Work,
    platform: Platform,
    job: Job,
    row: Mapping[str, Any],
    kind: str,
    summary: Mapping[str, Any],
) -> None:
    values = {
        "state": "done",
        "format": kind or row["format"],
        "summary": summary,
        "ended_at": platform.clock(),
    }
    which = (work.mine(IMPORTS), IMPORTS.c.id == row["id"])
    work.run(sa.update(IMPORTS).where(*which).values(**values))
    if not jobs.finish(work, platform, job, {"import_id": row["id"]}):
        raise JobStoppedError(Why.LOST)


def find(platform: Platform, caller: Caller, import_id: str) -> dict[str, Any]:
    """The import's row. Raises NotFound, also for another tenant's."""
    found = None
    if is_id(import_id):
        with platform.database.read(caller.scope) as work:
            query = sa.select(IMPORTS).where(work.mine(IMPORTS), IMPORTS.c.id == import_id)
            found = work.run(query).one_or_none()
    if found is None:
        raise NotFound(T("there is no import {id}", id=import_id[:100]))
    return found._asdict()


def summary_of(recorded: Recorded, readings: Sequence[Reading]) -> dict[str, Any]:
    """What the import came to, and the first problems of its runs."""
    problems = [(r.run.tool, problem) for r in readings for problem in r.run.problems]
    told = [{"tool": tool, **_write_problem(p)} for tool, p in problems[:_MOST_PROBLEMS]]
    return {**recorded.plain(), "problems": told, "problem_count": len(problems)}


def on_behalf_of(job: Job) -> Caller:
    """The worker, in the name of whoever asked for the job."""
    name = job.actor or "worker"
    return Caller(
        Principal(PrincipalKind.SYSTEM, job.actor_id or name, job.tenant,
                  permissions=EVERYTHING, name=name)
    )  # fmt: skip


def _wanted(row: Mapping[str, Any], judged: RecordOptions) -> RecordOptions:
    options = row["options"] or {}
    return replace(
        judged,
        asset=row["asset"],
        owner=options.get("owner", ""),
        exposure=Exposure(options.get("exposure", "unknown")),
        criticality=Criticality(options.get("criticality", "unknown")),
        labels=options.get("labels") or {},
    )


def _set(platform: Platform, caller: Caller, import_id: str, values: Mapping[str, Any]) -> None:
    with platform.database.begin(caller.scope) as work:
        which = (work.mine(IMPORTS), IMPORTS.c.id == import_id)
        work.run(sa.update(IMPORTS).where(*which).values(**values))


def _end(platform: Platform, caller: Caller, job: Job) -> None:
    """The import was done before: the job only has to end."""
    with platform.database.begin(caller.scope) as work:
        jobs.finish(work, platform, job, {"import_id": job.payload["import_id"]})
