"""Runs scanners on targets, side by side, and reads what they say.

Whatever goes wrong with one of them is a problem of its run and stops no other; a run that
could not look at everything is partial or failed and says why, never 'no findings'.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.progress import SILENT, Progress
from vigie.ports.reports import ReportParser
from vigie.ports.scanners import Scanner, Target
from vigie.services.execution import Printed, Task, Terms, Workshop, run_task
from vigie.services.intake import Reading
from vigie.services.targets import resolve_target
from vigie.sources.scanners.contents import DEFAULT_EXCLUDED
from vigie.sources.scanners.locate import locate

__all__ = ["DEFAULT_EXCLUDED", "ScanOptions", "resolve_target", "scan"]

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan.

    `wanted` are names of scanners; empty or "auto" among them means every one that is
    installed and suits the target. `timeout` is in seconds for each scanner and target,
    `jobs` how many run at once (0: one for each processor). `excluded` are names of folders
    to leave out, `settings` each scanner's own, `folder` where Vigie's own scanners lie (None:
    the usual place).
    """

    wanted: tuple[str, ...] = ()
    timeout: float = 600.0
    jobs: int = 0
    max_database_age_days: int = 7
    offline: bool = False
    excluded: tuple[str, ...] = DEFAULT_EXCLUDED
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folder: Path | None = None


def scan(
    targets: Sequence[Target],
    scanners: Mapping[str, Scanner],
    parsers: Mapping[str, ReportParser],
    options: ScanOptions,
    progress: Progress = SILENT,
    *,
    stop: threading.Event | None = None,
    printed: Printed | None = None,
) -> list[Reading]:
    """One or more readings for each scanner and target, in the order of targets and names.

    Ctrl-C, or setting `stop`, ends what runs: what had finished is returned all the same, the
    rest as cancelled. `printed` is given what each scanner writes to its error output. Raises
    UserError when a name is unknown or no scanner has anything to look at.
    """
    stop = stop or threading.Event()
    tasks = _plan(targets, scanners, options)
    progress.planned([task.job for task in tasks])
    terms = Terms(
        timeout=options.timeout,
        max_database_age_days=options.max_database_age_days,
        offline=options.offline,
        excluded=options.excluded,
        settings=options.settings,
    )
    workshop = Workshop(parsers, terms, progress, stop, printed)
    readings = _run_all(tasks, workshop, options.jobs or os.cpu_count() or 1)
    if not readings:
        raise UserError(
            T("no scanner that is here has anything to look at in {targets}",
              targets=tuple(target.reference for target in targets)),
            T("Where Vigie runs, vigie scanners lists what is installed, and vigie scanners "
              "install gets more."),
        )  # fmt: skip
    return readings


def _plan(
    targets: Sequence[Target], scanners: Mapping[str, Scanner], options: ScanOptions
) -> list[Task]:
    asked = tuple(dict.fromkeys(name for name in options.wanted if name != AUTO))
    for name in asked:
        if name not in scanners:
            raise UserError(
                T("there is no scanner {name}", name=name),
                T("Choose from: {names}", names=tuple(scanners)),
            )
    automatic = not asked or AUTO in options.wanted
    names = sorted(scanners) if automatic else sorted(asked)
    tasks = []
    for target in targets:
        for name in names:
            scanner = scanners[name]
            located = locate(scanner, options.folder, options.settings.get(name))
            suits = scanner.handles(target)
            if name in asked or (located is not None and suits):
                tasks.append(Task(scanner, target, located, suits, name in asked))
    if not tasks:
        _refuse_nothing(targets, scanners, options)
    return tasks


def _refuse_nothing(
    targets: Sequence[Target], scanners: Mapping[str, Scanner], options: ScanOptions
) -> None:
    suiting = tuple(
        name
        for name in sorted(scanners)
        if any(scanners[name].handles(target) for target in targets)
    )
    if any(locate(s, options.folder, options.settings.get(s.name)) for s in scanners.values()):
        message = T("none of the installed scanners looks at this kind of target")
    else:
        message = T("no scanner is installed")
    if installable := [name for name in suiting if scanners[name].recipe is not None]:
        raise UserError(
            message,
            T(
                "Get one where Vigie runs: vigie scanners install {names}",
                names=" ".join(installable),
            ),
        )
    raise UserError(message, T("Where Vigie runs, vigie scanners lists the scanners there are."))


def _run_all(tasks: Sequence[Task], workshop: Workshop, jobs: int) -> list[Reading]:
    results: dict[int, list[Reading]] = {}
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="vigie-scan") as pool:
        waiting: dict[Future[list[Reading]], int] = {
            pool.submit(run_task, task, workshop): place for place, task in enumerate(tasks)
        }
        try:
            while waiting:
                for done in _finished(waiting, workshop.stop):
                    results[waiting.pop(done)] = done.result()
        finally:
            # Also when a bug of ours ends this early: nothing may go on running.
            workshop.stop.set()
    return [reading for place in sorted(results) for reading in results[place]]


def _finished(
    waiting: Mapping[Future[list[Reading]], int], stop: threading.Event
) -> set[Future[list[Reading]]]:
    """Those that are done; Ctrl-C tells all to stop and the wait goes on, for it is short."""
    try:
        return wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED).done
    except KeyboardInterrupt:
        stop.set()
        return set()
