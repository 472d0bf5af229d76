"""Scanning from the server: what somebody asked for, made by a worker and taken in as an import."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import SourceError
from vigie.model.runs import Outcome
from vigie.model.text import T, Text
from vigie.ports.progress import Job as Step
from vigie.ports.scanners import Target
from vigie.services import imports
from vigie.services.failures import NotFound
from vigie.services.image_pulling import pulled
from vigie.services.imports import ImportOptions, on_behalf_of
from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform
from vigie.services.progress import JobStoppedError, Progress
from vigie.services.recording import events
from vigie.services.scan import ScanOptions, scan
from vigie.services.scan_log import ScanLog
from vigie.services.scan_targets import ScanRules, allowed_target
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.tables.operations import IMPORTS, SCANS

KIND = "scan"


def handler(rules: ScanRules) -> Callable[[Platform, Job, Progress], None]:
    """The handler of jobs of kind "scan" under these rules: payload {"scan_id": id}."""

    def run(platform: Platform, job: Job, progress: Progress) -> None:
        run_scan(platform, job, progress, rules)

    return run


def run_scan(platform: Platform, job: Job, progress: Progress, rules: ScanRules) -> None:
    """Make the scan that the row describes, and take in what the scanners say."""
    caller = on_behalf_of(job)
    row = find(platform, caller, str(job.payload.get("scan_id", "")))
    started = _begin(platform, caller, job, row)
    target = allowed_target(platform, row["target"], rules)
    log = ScanLog(platform, caller, row["id"])
    with closing(log):
        readings = _scan(platform, row, target, progress, rules, log)
    progress.check()
    if all(reading.run.outcome is Outcome.FAILED for reading in readings):
        problem = next((p for r in readings for p in r.run.problems), None)
        message = problem.message if problem is not None else T("no scanner could look at it")
        raise SourceError(message, (problem.hint if problem is not None else None) or "")

    def also(work: Work, summary: Mapping[str, Any]) -> None:
        _end(work, platform, row, started["id"], summary)

    imports.take(platform, caller, job, started, readings, progress, also=also)


def find(platform: Platform, caller: Caller, scan_id: str) -> dict[str, Any]:
    """The scan's row. Raises NotFound, also for another tenant's."""
    found = None
    if is_id(scan_id):
        with platform.database.read(caller.scope) as work:
            query = sa.select(SCANS).where(work.mine(SCANS), SCANS.c.id == scan_id)
            found = work.run(query).one_or_none()
    if found is None:
        raise NotFound(T("there is no scan {id}", id=scan_id[:100]))
    return found._asdict()


def _scan(
    platform: Platform, row: Mapping[str, Any], target: Target, progress: Progress,
    rules: ScanRules, log: ScanLog,
) -> Sequence[Any]:  # fmt: skip
    options = row["options"] or {}
    wanted = ScanOptions(
        wanted=tuple(options.get("scanners") or ()),
        timeout=rules.timeout,
        offline=rules.offline,
        folder=rules.scanners,
    )
    # A private folder (mode 0700); the image is gone when it has been looked at.
    with tempfile.TemporaryDirectory(prefix="vigie-", ignore_cleanup_errors=True) as folder:
        target = pulled(
            platform, row["tenant_id"], target, Path(folder), machine_login=rules.machine_login,
            offline=rules.offline, timeout=rules.timeout, still=progress.check,
        )  # fmt: skip
        return scan(
            [target], platform.plugs.scanners, platform.plugs.parsers, wanted,
            _Steps(progress, log), stop=progress.stop,
            printed=lambda job, lines: log.printed(job.name, lines),
        )  # fmt: skip


class _Steps:
    """Turns what the scanners do into the progress of the job, and into the scan's log. Stopping
    is seen elsewhere."""

    def __init__(self, progress: Progress, log: ScanLog) -> None:
        self._progress = progress
        self._log = log
        self._planned = self._finished = 0

    def planned(self, jobs: Sequence[Step]) -> None:
        self._planned = len(jobs)

    def started(self, job: Step) -> None:
        self._log.say(job.name, "started")
        self._say(job)

    def advanced(self, job: Step, step: Text) -> None:
        self._log.say(job.name, "step", step)
        self._say(job)

    def finished(self, job: Step, outcome: Outcome, summary: Text, seconds: float) -> None:  # noqa: ARG002
        self._log.say(job.name, "finished", summary)
        self._finished += 1
        self._say(job)

    def _say(self, job: Step) -> None:
        with suppress(JobStoppedError):
            self._progress(0.1 * self._finished / (self._planned or 1), job.name)


def _begin(platform: Platform, caller: Caller, job: Job, row: Mapping[str, Any]) -> dict[str, Any]:
    """The import that this scan is taken in as: made once, however often the job is run."""
    if row["import_id"]:
        return imports.find(platform, caller, row["import_id"])
    number, options = new_id(), row["options"] or {}
    plain = ImportOptions().plain() | {
        name: options[name]
        for name in ("owner", "exposure", "criticality", "labels")
        if options.get(name)
    }
    made = {
        "id": number, "file_id": None, "job_id": job.id, "name": row["target"], "origin": "scan",
        "format": "", "asset": options.get("asset", ""), "state": "running", "options": plain,
        "summary": None, "actor": row["actor"], "actor_id": row["actor_id"],
        "created_at": platform.clock(),
    }  # fmt: skip
    with platform.database.begin(caller.scope) as work:
        work.insert(IMPORTS, [made])
        _write(work, row["id"], {"state": "running", "import_id": number})
    return made


def _end(
    work: Work,
    platform: Platform,
    row: Mapping[str, Any],
    import_id: str,
    summary: Mapping[str, Any],
) -> None:
    """The scan is done, in the transaction that ends its import; whoever is to know is told."""
    at = platform.clock()
    _write(work, row["id"], {"state": "done", "summary": dict(summary), "ended_at": at})
    document: dict[str, Any] = {n: v for n, v in summary.items() if isinstance(v, int)}
    document |= {"name": row["target"], "import": import_id}
    if len(summary["assets"]) == 1:
        document["asset"] = next(iter(summary["assets"]))
    events.emit(work, "scan.finished", ("scan", row["id"]), document, at)


def _write(work: Work, scan_id: str, values: Mapping[str, Any]) -> None:
    work.run(sa.update(SCANS).where(work.mine(SCANS), SCANS.c.id == scan_id).values(**values))
