"""Runs one scanner on one target, from its version to its report read and in its place."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.errors import SourceError, UserError
from vigie.model.observations import Verdict
from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.progress import Job, Progress
from vigie.ports.reports import ReportParser
from vigie.ports.scanners import Command, Conditions, Installation, Scanner, Target
from vigie.services import run_problems as problems
from vigie.services.harvest import failed, harvest, worse
from vigie.services.intake import Reading
from vigie.sources.scanners.endpoint import expect_answer
from vigie.sources.scanners.lines import Lines
from vigie.sources.scanners.locate import Located
from vigie.sources.scanners.process import Bounds, Ending, Execution, execute
from vigie.sources.scanners.stderr import last_words
from vigie.sources.scanners.version import read_installation

_REFRESH = Bounds(timeout=300.0)
# Given a job and the next lines that its scanner wrote to its error output, without what looks like
# a credential. Called from several threads, several times a second while a command runs, and with
# no lines when there are none.
Printed = Callable[[Job, Sequence[str]], None]
_FRESH_DAYS = 1.0  # databases of this field come out every few hours; a day is good enough


@dataclass(frozen=True, slots=True)
class Task:
    """A scanner to run on a target. `asked` when the person named it."""

    scanner: Scanner
    target: Target
    located: Located | None
    suits: bool
    asked: bool

    @property
    def job(self) -> Job:
        return Job(self.scanner.name, self.scanner.label, self.target.reference)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every execution; see `ScanOptions`."""

    timeout: float
    max_database_age_days: int
    offline: bool
    excluded: tuple[str, ...]
    settings: Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class Bench:
    """What is known of one scanner on this machine, found out once for all targets.

    `turn` is held while it runs, by scanners with a database: that is a file with one user.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    installation: Installation | None = None
    problems: tuple[Problem, ...] = ()


class _LeftOutError(Exception):
    """Nobody asked for it by name, and as things are it has no say."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


class Workshop:
    """What the executions of one scan share."""

    def __init__(
        self,
        parsers: Mapping[str, ReportParser],
        terms: Terms,
        progress: Progress,
        stop: threading.Event,
        printed: Printed | None = None,
    ) -> None:
        self.printed = printed
        self.parsers = parsers
        self.terms = terms
        self.progress = progress
        self.stop = stop
        self._benches: dict[str, Bench] = {}
        self._lock = threading.Lock()

    def bench(self, scanner: Scanner) -> Bench:
        """The one place for what is known of this scanner."""
        with self._lock:
            return self._benches.setdefault(scanner.name, Bench())


def run_task(task: Task, workshop: Workshop) -> list[Reading]:
    """The readings of this task; none when the target holds nothing for it and nobody asked."""
    clock = time.monotonic()
    started = _now()
    why: Text | None = None
    readings: list[Reading] = []
    if workshop.stop.is_set():
        readings = [failed(task.scanner, workshop.parsers, problems.cancelled(task.scanner))]
    else:
        workshop.progress.started(task.job)
        try:
            readings = _attempt(task, workshop)
        except _LeftOutError as reason:
            why = reason.why
        readings = [replace(r, run=replace(r.run, started=started, ended=_now())) for r in readings]
    outcome, summary = _sum_up(readings)
    workshop.progress.finished(task.job, outcome, why or summary, time.monotonic() - clock)
    return readings


def _attempt(task: Task, workshop: Workshop) -> list[Reading]:
    if task.located is None:
        return [failed(task.scanner, workshop.parsers, problems.missing(task.scanner))]
    if not task.suits:
        return [failed(task.scanner, workshop.parsers, problems.skipped(task.scanner, task.target))]
    bench = workshop.bench(task.scanner)
    turn = bench.turn if task.scanner.has_database else contextlib.nullcontext()
    # A private folder (mode 0700), gone with everything in it when the report has been read.
    with tempfile.TemporaryDirectory(prefix="vigie-", ignore_cleanup_errors=True) as name, turn:
        workspace = Path(name)
        try:
            with bench.lock:
                if bench.installation is None:
                    _get_ready(task, task.located.binary, bench, workspace, workshop)
            return _scan(task, task.located.binary, bench, workspace, workshop)
        except SourceError as error:
            return [
                failed(task.scanner, workshop.parsers, problems.unstartable(task.scanner, error))
            ]


def _get_ready(task: Task, binary: Path, bench: Bench, workspace: Path, workshop: Workshop) -> None:
    """Find out the version, and bring the database up to date if there is one."""
    scanner = task.scanner
    found = read_installation(scanner, binary, workspace) or Installation(binary)
    if _needs_refresh(scanner, found, workshop.terms):
        workshop.progress.advanced(task.job, T("updates its database"))
        command = scanner.refresh_command(binary)
        if command is not None:
            done = _execute(task, command, _folder(workspace, "refresh"), _REFRESH, workshop)
            if done.ending is Ending.EXIT and done.code in command.clean:
                found = read_installation(scanner, binary, workspace) or found
            else:
                why = last_words(done.stderr) or done.error or str(T("no answer"))
                bench.problems = (problems.not_refreshed(scanner, why),)
    bench.installation = found


def _execute(
    task: Task, command: Command, folder: Path, bounds: Bounds, workshop: Workshop
) -> Execution:
    printed, job = workshop.printed, task.job
    if printed is None:
        return execute(command, folder, bounds, stop=workshop.stop)
    lines = Lines()

    def heard(data: bytes) -> None:
        printed(job, lines.feed(data, time.monotonic()))

    done = execute(command, folder, bounds, stop=workshop.stop, heard=heard)
    printed(job, lines.end())
    return done


def _needs_refresh(scanner: Scanner, found: Installation, terms: Terms) -> bool:
    if not scanner.has_database or terms.offline:
        return False
    age = problems.age_in_days(found.database_date, datetime.now(UTC))
    return age is None or age > _FRESH_DAYS


def _scan(
    task: Task, binary: Path, bench: Bench, workspace: Path, workshop: Workshop
) -> list[Reading]:
    installation = bench.installation or Installation(binary)
    terms = workshop.terms
    conditions = Conditions(
        offline=terms.offline,
        database_date=installation.database_date,
        excluded=terms.excluded,
        settings=terms.settings.get(task.scanner.name, {}),
    )
    workplace = _folder(workspace, "scan")
    if task.target.kind is AssetKind.ENDPOINT:
        expect_answer(task.target.reference)
    try:
        command = task.scanner.command(binary, task.target, workplace, conditions)
    except UserError as error:
        return [failed(task.scanner, workshop.parsers, problems.unable(task.scanner, error))]
    if command is None:
        return _nothing(task, workshop)
    if command.network and terms.offline:
        if not task.asked:
            raise _LeftOutError(T("left out: it needs the network"))
        return [failed(task.scanner, workshop.parsers, problems.needs_network(task.scanner))]
    workshop.progress.advanced(task.job, T("scans"))
    done = _execute(task, command, workplace, Bounds(timeout=terms.timeout), workshop)
    if done.ending is Ending.EXIT and done.code in command.nothing:
        return _nothing(task, workshop)
    workshop.progress.advanced(task.job, T("reads its report"))
    date = command.database_date or installation.database_date
    noted = (*bench.problems, *command.problems, *_left_out(task.scanner, command, done))
    readings = harvest(
        task.scanner, task.target, command, done, workplace, workshop.parsers, terms.timeout
    )
    return [
        _noted(
            r, installation, date, noted, _database_problems(task.scanner, r, date, noted, terms)
        )
        for r in readings
    ]


def _noted(
    reading: Reading,
    installation: Installation,
    date: str,
    noted: tuple[Problem, ...],
    aged: tuple[Problem, ...],
) -> Reading:
    """The reading with what is known about the run besides its report."""
    run = reading.run
    return replace(
        reading,
        run=replace(
            run,
            version=run.version or installation.version,
            database_date=run.database_date or date,
            problems=(*aged, *run.problems, *noted),
            outcome=worse(run.outcome, (*noted, *aged)),
        ),
    )


def _nothing(task: Task, workshop: Workshop) -> list[Reading]:
    """The target holds nothing for it: worth a word when it was asked for by name."""
    problem = problems.nothing_to_scan(task.scanner, task.target)
    return [failed(task.scanner, workshop.parsers, problem)] if task.asked else []


def _left_out(scanner: Scanner, command: Command, done: Execution) -> tuple[Problem, ...]:
    """Of one that came to a good end; any other says so already, with the same words."""
    if not command.left_out or done.code not in command.clean | command.found:
        return ()
    found = problems.left_out(scanner, done, command.left_out)
    return (found,) if found is not None else ()


def _database_problems(
    scanner: Scanner, reading: Reading, date: str, noted: tuple[Problem, ...], terms: Terms
) -> tuple[Problem, ...]:
    """Whether what it looked things up in is too old. The report knows best how old that is."""
    if reading.report is None or not (date or scanner.has_database):
        return ()  # one that reported nothing looked nothing up
    date = reading.run.database_date or date
    # What is at hand has an age, whatever the report says is missing beside it.
    said = noted if date else (*reading.run.problems, *noted)
    if any(problem.code is ProblemCode.STALE for problem in said):
        return ()  # the scanner has said so, and better
    old = problems.stale(scanner, date, datetime.now(UTC), terms.max_database_age_days)
    return (old,) if old is not None else ()


def _sum_up(readings: list[Reading]) -> tuple[Outcome, Text]:
    if not readings:
        return Outcome.COMPLETE, T("nothing here for it")
    lost = [r.run for r in readings if r.run.outcome is Outcome.FAILED]
    if len(lost) == len(readings):
        return Outcome.FAILED, lost[0].problems[0].message
    said = _counted(readings)
    for run in (reading.run for reading in readings):
        if run.outcome is Outcome.PARTIAL:
            why = next(p.message for p in run.problems if p.code is not ProblemCode.NOTE)
            return Outcome.PARTIAL, T("{summary}; {why}", summary=said, why=why)
    return Outcome.COMPLETE, said


def _counted(readings: list[Reading]) -> Text:
    """What it came back with; packages that it only lists are counted apart."""
    listed = sum(
        seen.verdict is Verdict.NOT_APPLICABLE and seen.component is not None
        for reading in readings
        for seen in (reading.report.observations if reading.report is not None else ())
    )
    count = sum(reading.run.observations for reading in readings) - listed
    said = T("{count} observation", "{count} observations", count=count)
    if not listed:
        return said
    packages = T("{count} package", "{count} packages", count=listed)
    return T("{packages}, {observations}", packages=packages, observations=said)


def _folder(workspace: Path, name: str) -> Path:
    folder = workspace / name
    folder.mkdir(mode=0o700)
    return folder


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
