"""Imports: a report, or the result of CI, that somebody sent; taken in by a worker.

The body lies in the store before anybody is told that it was accepted. The job that takes it in
may be killed at any moment and run again: what was written is passed over, what was not is
done, and the last transaction of the import ends the job as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from vigie.model.access import EVERYTHING, Permission, Principal, PrincipalKind
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import SourceError, UserError
from vigie.model.plain import plain_writer
from vigie.model.runs import Problem, Run
from vigie.model.text import T, Text
from vigie.ports.feeds import NO_KNOWLEDGE, Knowledge
from vigie.services import files, jobs, policies
from vigie.services.advisories import FeedKind
from vigie.services.failures import NotFound
from vigie.services.feeds import completed, feeds_at_hand
from vigie.services.files import StoredFile
from vigie.services.intake import Reading, read_file
from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.recording import Recorded, RecordOptions, record
from vigie.services.recording.returned import readings_of
from vigie.services.results import load_result
from vigie.sources.reports.document import Limits, open_document
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.tables.operations import IMPORTS

KIND = "import"
RESULT = "vigie"  # the format of a result that Vigie wrote itself
KEPT = timedelta(days=7)  # how long the body of a report is kept after it was sent
_MOST_PROBLEMS = 100
_FEED_AGE = 7  # days after which KEV and EPSS are told to be old
_LIMITS = Limits(size=files.LARGEST)
_RESULT_KEYS = frozenset({"schema_version", "runs", "findings"})
_write_problem = plain_writer(Problem)
_write_text = plain_writer(Text)


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

    What is wrong with the report is noted in the import's row and raised as UserError.
    """
    caller = on_behalf_of(job)
    row = find(platform, caller, str(job.payload.get("import_id", "")))
    if row["state"] == "done":
        _end(platform, caller, job)
        return
    _set(platform, caller, row["id"], {"state": "running"})
    try:
        with files.opened(platform, caller.scope, row["file_id"] or "") as path:
            progress(0.0, "reading")
            readings, kind = _read(platform, path, row)
        progress(0.1, "merging")
        take(platform, caller, job, row, readings, progress, kind=kind)
    except UserError as error:
        fail(platform, caller, row["id"], error)
        raise
    except SourceError as error:
        if not error.retryable:
            fail(platform, caller, row["id"], error)
        raise


def take(
    platform: Platform,
    caller: Caller,
    job: Job,
    row: Mapping[str, Any],
    readings: Sequence[Reading],
    progress: Progress,
    *,
    kind: str = "",
) -> Recorded:
    """Record the readings as this import and end the job, both in the last transaction."""

    def finish(work: Work, recorded: Recorded) -> None:
        values = {
            "state": "done",
            "format": kind or row["format"],
            "summary": summary_of(recorded, readings),
            "ended_at": platform.clock(),
        }
        work.run(
            sa.update(IMPORTS).where(work.mine(IMPORTS), IMPORTS.c.id == row["id"]).values(**values)
        )
        if not jobs.finish(work, platform, job, {"import_id": row["id"]}):
            raise JobStoppedError(Why.LOST)

    with platform.database.read(caller.scope) as work:
        priority = policies.chosen(work).priority
    with knowledge_of(platform) as knowledge:
        options = replace(_wanted(row), knowledge=knowledge, priority=priority)
        return record(
            platform, caller, readings, import_id=row["id"], options=options, finish=finish,
            step=lambda fraction: progress(0.1 + 0.9 * fraction),
        )  # fmt: skip


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


def fail(
    platform: Platform, caller: Caller, import_id: str, error: UserError | SourceError
) -> None:
    """Note in the import's row what was wrong, as data that each reader gets in their language."""
    told = {"message": _write_text(error.message), "hint": _write_text(error.hint)}
    ended = {"state": "failed", "summary": {"error": told}, "ended_at": platform.clock()}
    _set(platform, caller, import_id, ended)


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


@contextmanager
def knowledge_of(platform: Platform) -> Iterator[Knowledge]:
    """KEV and EPSS out of the platform's database of advisories, if it has one."""
    today = platform.clock().date().isoformat()
    wanted = (FeedKind.KEV, FeedKind.EPSS)
    database, _ = feeds_at_hand(platform.folder / "advisories", today, _FEED_AGE, wanted)
    try:
        yield completed(NO_KNOWLEDGE, database)
    finally:
        if database is not None:
            database.close()


def _read(platform: Platform, path: Path, row: Mapping[str, Any]) -> tuple[list[Reading], str]:
    """What the report says, under the name it was sent by, and its format."""
    forced, name = row["format"], row["name"] or "report"
    try:
        if forced == RESULT or (not forced and _is_result(path)):
            return readings_of(load_result(path, files.LARGEST)), RESULT
        found = read_file(path, platform.plugs.parsers, forced=forced, limits=_LIMITS)
    except UserError as error:
        # Where the body lay for the moment is nobody's business.
        raise UserError(_renamed(error.message, path, name), error.hint) from None
    named = [replace(reading, run=_named(reading.run, path, name)) for reading in found]
    return named, named[0].run.format if named else forced


def _is_result(path: Path) -> bool:
    return open_document(path, _LIMITS).sketch.keys >= _RESULT_KEYS


def _named(run: Run, path: Path, name: str) -> Run:
    problems = tuple(
        replace(
            problem,
            message=_renamed(problem.message, path, name),
            where=problem.where.replace(str(path), name),
        )
        for problem in run.problems
    )
    return replace(run, file=name, problems=problems)


def _renamed(text: Text, path: Path, name: str) -> Text:
    params = {
        key: value.replace(str(path), name) if isinstance(value, str) else value
        for key, value in text.params.items()
    }
    return Text(text.template, params, text.plural)


def _wanted(row: Mapping[str, Any]) -> RecordOptions:
    options = row["options"] or {}
    return RecordOptions(
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
