"""What an execution left behind, read and put in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.observations import Verdict
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.ports.reports import ReportParser
from vigie.ports.scanners import Command, Scanner, Target
from vigie.services import run_problems as problems
from vigie.services.intake import Reading, read_file
from vigie.services.placing import place_report
from vigie.sources.scanners.process import Ending, Execution


def harvest(
    scanner: Scanner,
    target: Target,
    command: Command,
    done: Execution,
    workspace: Path,
    parsers: Mapping[str, ReportParser],
    timeout: float,
) -> list[Reading]:
    """The readings of what it left, or one that failed and says why."""
    ran = done.ending is Ending.EXIT and done.code in command.clean | command.found
    bad = None if ran else problems.ended_badly(scanner, done, timeout)
    if bad is not None and done.ending is not Ending.EXIT:
        return [failed(scanner, parsers, bad)]
    report = command.report or done.stdout
    if not report.is_file() or not report.stat().st_size:
        return [failed(scanner, parsers, bad or problems.no_report(scanner, done))]
    try:
        readings = read_file(report, parsers, forced=scanner.format)
    except UserError as error:
        named = _without_path(error, report)
        return [failed(scanner, parsers, bad or problems.unreadable_report(scanner, named))]
    if bad is not None and not any(reading.run.observations for reading in readings):
        told = [p for reading in readings for p in reading.run.problems]
        return [failed(scanner, parsers, *(told if done.code in command.unable else ()) or (bad,))]
    doubts = (bad,) if bad is not None else _doubts(scanner, command, done, readings)
    return [_placed(reading, target, workspace, doubts) for reading in readings]


def _doubts(
    scanner: Scanner, command: Command, done: Execution, readings: Iterable[Reading]
) -> tuple[Problem, ...]:
    """Where the exit code and the report contradict each other."""
    code = done.code or 0
    if code in command.clean and code in command.found:
        return ()
    readings = list(readings)
    if code in command.found and not any(reading.run.records for reading in readings):
        return (problems.found_without_records(scanner, code),)
    fails = any(
        o.verdict is Verdict.FAIL and o.claim is None
        for reading in readings
        for o in (reading.report.observations if reading.report else ())
    )
    if code in command.clean and fails:
        return (problems.records_without_found(scanner, code),)
    return ()


def _placed(
    reading: Reading, target: Target, workspace: Path, doubts: tuple[Problem, ...]
) -> Reading:
    """The reading about the target itself, as a run of ours and not a file that was read."""
    run = replace(
        reading.run,
        file="",
        problems=(*reading.run.problems, *doubts),
        outcome=worse(reading.run.outcome, doubts),
    )
    report = place_report(reading.report, target, workspace) if reading.report is not None else None
    return Reading(run, report)


def failed(scanner: Scanner, parsers: Mapping[str, ReportParser], *told: Problem) -> Reading:
    """The reading of a run that has nothing to show but these."""
    parser = parsers.get(scanner.format)
    return Reading(
        Run(
            tool=parser.tool if parser is not None else scanner.name,
            format=scanner.format,
            outcome=Outcome.FAILED,
            problems=told,
            coverage=parser.coverage if parser is not None else None,
        )
    )


def worse(outcome: Outcome, noted: Iterable[Problem]) -> Outcome:
    """Partial when one of these says that something was not looked at."""
    telling = any(problem.code is not ProblemCode.NOTE for problem in noted)
    return Outcome.PARTIAL if telling and outcome is Outcome.COMPLETE else outcome


def _without_path(error: UserError, report: Path) -> UserError:
    """The same error without the name of a file that is gone when somebody reads it."""
    params = {
        name: report.name if value == str(report) else value
        for name, value in error.message.params.items()
    }
    return UserError(replace(error.message, params=params), error.hint)
