"""Reads reports made elsewhere or by our own scanner runs into readings: a run and its words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.observations import Observation, Verdict
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import T
from vigie.ports.reports import Report, ReportParser
from vigie.sources.reports.document import Limits, open_document
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise
from vigie.sources.reports.records import collected_in

# Files that lie in a folder of reports and are surely none.
_NO_REPORTS = frozenset({".md", ".txt", ".log", ".html", ".pdf", ".png", ".zip", ".gz", ".yml"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A run and the report it left; `report` is None when there is none to read."""

    run: Run
    report: Report | None = None


def read_paths(
    paths: Iterable[Path],
    parsers: Mapping[str, ReportParser],
    *,
    forced: str = "",
    limits: Limits | None = None,
) -> list[Reading]:
    """Every report in the files and folders given.

    A file that cannot be read becomes a failed run with the reason, so the others are not
    lost. Raises UserError when no file could be read at all, or a folder holds none.
    """
    readings: list[Reading] = []
    for path in paths:
        files, closed = _files(path)
        readings += [_failure(Path(e.filename), forced, _unreadable(e)) for e in closed]
        if not files and not closed:
            raise UserError(
                T("{name} holds no report", name=str(path)),
                T("Give report files, or a folder that has some."),
            )
        for file in files:
            readings += _attempt(file, parsers, forced, limits)
    failed = [r for r in readings if r.run.outcome is Outcome.FAILED]
    if failed and len(failed) == len(readings):
        problem = failed[0].run.problems[0]
        raise UserError(problem.message, problem.hint or "")
    return readings


def read_file(
    path: Path,
    parsers: Mapping[str, ReportParser],
    *,
    forced: str = "",
    limits: Limits | None = None,
    lists: Callable[[], Sequence[Observation]] = list,
) -> list[Reading]:
    """One reading for each tool and asset in the file, whose observations are collected in what
    `lists` gives: something that appends as a list does. Raises UserError."""
    document = open_document(path, limits)
    known = (parsers[name] for name in parsers)
    parser = parsers[forced] if forced else recognise(document, known)
    with collected_in(lists):
        reports = read_document(parser, document)
    return [Reading(run_of(report, parser, file=str(path)), report) for report in reports]


def run_of(report: Report, parser: ReportParser, *, file: str = "") -> Run:
    """The run that a report speaks of: complete unless the report has problems of its own."""
    telling = [p for p in report.problems if p.code is not ProblemCode.NOTE]
    return Run(
        tool=report.tool,
        format=parser.format,
        outcome=Outcome.PARTIAL if telling else Outcome.COMPLETE,
        version=report.version,
        database_date=report.database_date,
        started=report.started,
        ended=report.ended,
        records=report.records,
        observations=len(report.observations),
        passed=sum(o.verdict is Verdict.PASS for o in report.observations),
        problems=report.problems,
        file=file,
        coverage=report.coverage or parser.coverage,
        ecosystems=report.ecosystems,
    )


def _attempt(
    file: Path, parsers: Mapping[str, ReportParser], forced: str, limits: Limits | None
) -> list[Reading]:
    try:
        return read_file(file, parsers, forced=forced, limits=limits)
    except UserError as error:
        return [_failure(file, forced, error)]


def _failure(path: Path, forced: str, error: UserError) -> Reading:
    problem = Problem(ProblemCode.REPORT, error.message, str(path), error.hint)
    name = forced or path.name
    return Reading(Run(name, forced, Outcome.FAILED, problems=(problem,), file=str(path)))


def _unreadable(error: OSError) -> UserError:
    return UserError(
        T("{name} cannot be read: {error}", name=str(error.filename), error=error.strerror or "")
    )


def _files(path: Path) -> tuple[list[Path], list[OSError]]:
    """The file itself; of a folder everything in it that may be a report, in a stable order.

    Links to folders are not followed, so no loop is walked. The errors are of folders inside
    that cannot be listed: their reports must not be missing in silence.
    """
    if not path.is_dir():
        return [path], []
    closed: list[OSError] = []
    found: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    return sorted(f for f in found if f.suffix.lower() not in _NO_REPORTS and f.is_file()), closed
