"""Which scanners are here, and how the others are got."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vigie.model.errors import UserError, VigieError
from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.progress import SILENT, Job, Progress
from vigie.ports.scanners import Scanner
from vigie.sources.scanners.install import install as install_one
from vigie.sources.scanners.locate import locate
from vigie.sources.scanners.version import read_installation


@dataclass(frozen=True, slots=True)
class Survey:
    """One scanner as it stands on this machine.

    `own` when Vigie installed it, `installable` when `vigie scanners install` can get it,
    `advice` how to get it, `has_database` when its findings depend on one, whose date is
    `database_date` (ISO 8601, "" unknown). `service` is the address of the server it asks,
    `configured` False for one that asks a server and was told of none. `problem` when it is here
    but does not run.
    """

    name: str
    label: str
    installed: bool
    advice: Text
    version: str = ""
    database_date: str = ""
    has_database: bool = False
    binary: Path | None = None
    own: bool = False
    installable: bool = False
    service: str = ""
    configured: bool = True
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of one installation: a program, or a problem."""

    name: str
    label: str
    version: str = ""
    binary: Path | None = None
    problem: Problem | None = None


def survey(
    scanners: Mapping[str, Scanner],
    *,
    folder: Path | None = None,
    settings: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Survey]:
    """Every scanner in the order of names. Runs each one's version command, no network.

    `settings` are each scanner's own.
    """
    names = sorted(scanners)
    own = settings or {}
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="vigie-survey") as pool:
        return list(pool.map(lambda name: _look_at(scanners[name], folder, own.get(name)), names))


def install(
    names: Sequence[str],
    scanners: Mapping[str, Scanner],
    progress: Progress = SILENT,
    *,
    folder: Path | None = None,
    stop: threading.Event | None = None,
) -> list[Installed]:
    """Install these scanners, none named: every one that Vigie can get. One after the other.

    One that fails has its problem and does not keep the others from being installed. Raises
    UserError for a name that is unknown.
    """
    for name in names:
        if name not in scanners:
            raise UserError(
                T("there is no scanner {name}", name=name),
                T("Choose from: {names}", names=tuple(scanners)),
            )
    wanted = dict.fromkeys(names or (n for n in sorted(scanners) if scanners[n].recipe))
    jobs = [Job(name, scanners[name].label) for name in wanted]
    progress.planned(jobs)
    return [_install(scanners[job.name], job, progress, folder, stop) for job in jobs]


def _install(
    scanner: Scanner,
    job: Job,
    progress: Progress,
    folder: Path | None,
    stop: threading.Event | None,
) -> Installed:
    clock = time.monotonic()
    progress.started(job)
    try:
        got = install_one(scanner, lambda step: progress.advanced(job, step), folder, stop=stop)
    except VigieError as error:
        problem = Problem(ProblemCode.MISSING, error.message, scanner.name, error.hint)
        progress.finished(job, Outcome.FAILED, error.message, time.monotonic() - clock)
        return Installed(scanner.name, scanner.label, problem=problem)
    said = T("version {version} is installed", version=got.version)
    progress.finished(job, Outcome.COMPLETE, said, time.monotonic() - clock)
    return Installed(scanner.name, scanner.label, got.version, got.binary)


def _look_at(scanner: Scanner, folder: Path | None, settings: Mapping[str, str] | None) -> Survey:
    located = locate(scanner, folder, settings)
    found = read_installation(scanner, located.binary) if located is not None else None
    problem = None
    if located is not None and found is None:
        problem = Problem(
            ProblemCode.CRASHED,
            T("{label} is here but does not run", label=scanner.label),
            str(located.binary),
            T("Install it again where Vigie runs: {advice}.", advice=scanner.advice),
        )
    return Survey(
        name=scanner.name,
        label=scanner.label,
        installed=located is not None,
        version=found.version if found else "",
        database_date=found.database_date if found else "",
        has_database=scanner.has_database,
        binary=located.binary if located else None,
        own=located.own if located else False,
        installable=scanner.recipe is not None,
        service=located.service if located else "",
        configured=located is not None or not scanner.needs.service,
        advice=scanner.advice,
        problem=problem,
    )
