"""What must have happened before a gate may say yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vigie.model.observations import Kind
from vigie.model.policy import Requirements
from vigie.model.results import Result, Ruling
from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.model.text import T, Text

REQUIRED = "required-scanner"

_FATAL = frozenset(
    {
        ProblemCode.MISSING,
        ProblemCode.SKIPPED,
        ProblemCode.CRASHED,
        ProblemCode.TIMEOUT,
        ProblemCode.CANCELLED,
        ProblemCode.REPORT,
        ProblemCode.STALE,
    }
)


def unmet(result: Result, require: Requirements, today: str) -> Iterator[Ruling]:
    """One ruling for each requirement that is not met."""
    if not result.runs:
        text = T("nothing was looked at: there is no run in the result")
        yield Ruling(REQUIRED, "", True, text)
    for scanner in require.scanners:
        runs = [run for run in result.runs if run.tool == scanner]
        # One run that finished does not make up for another that did not.
        if not runs or not all(map(_is_whole, runs)):
            yield _scanner(scanner, runs)
    if require.complete:
        yield from _incomplete(result, require)
    if require.database_age_days is not None:
        yield from _old_databases(result, require, today)


def _old_databases(result: Result, require: Requirements, today: str) -> Iterator[Ruling]:
    for run in result.runs:
        text = _database(run, require, today)
        if text is not None:
            rule = REQUIRED if run.tool in require.scanners else "database-age"
            remedy = T("update its database and scan again")
            yield Ruling(rule, run.tool, True, text, remedy=remedy)


def _scanner(scanner: str, runs: list[Run]) -> Ruling:
    if not runs:
        text = T("required scanner {name} did not look", name=scanner)
    else:
        bad = next(run for run in runs if not _is_whole(run))
        text = T("required scanner {name} did not finish: {why}", name=scanner, why=_why(bad))
    remedy = T("install or mend it and scan again; `vigie scanners` shows its state")
    return Ruling(REQUIRED, scanner, True, text, remedy=remedy)


def _incomplete(result: Result, require: Requirements) -> Iterator[Ruling]:
    for run in result.runs:
        if _is_whole(run) or run.tool in require.scanners:
            continue  # all is well, or it was said already
        yield Ruling(
            "complete",
            run.tool,
            True,
            T("the run of {name} is not complete: {why}", name=run.tool, why=_why(run)),
            remedy=T("mend the cause and scan again, or set require.complete: false"),
        )
    for problem in result.problems:
        if problem.code in _FATAL:
            yield Ruling("complete", problem.where, True, problem.message, remedy=problem.hint)


def _is_whole(run: Run) -> bool:
    return run.outcome is Outcome.COMPLETE and not any(p.code in _FATAL for p in run.problems)


def _why(run: Run) -> Text | str:
    return next((p.message for p in run.problems if p.code is not ProblemCode.NOTE), None) or (
        run.outcome.value
    )


def _database(run: Run, require: Requirements, today: str) -> Text | None:
    """Why a run's database is too old; None when it is not, or when it needs none."""
    coverage = run.coverage
    if coverage is None or Kind.VULNERABILITY not in coverage.kinds or not coverage.ecosystems:
        return None
    if not run.database_date:
        if run.tool in require.scanners:
            return T("the age of {name}'s database is unknown", name=run.tool)
        return None
    try:
        age = (date.fromisoformat(today[:10]) - date.fromisoformat(run.database_date[:10])).days
    except ValueError:
        return T("the age of {name}'s database is unknown", name=run.tool)
    if age <= (require.database_age_days or 0):
        return None
    return T(
        "the database of {name} is {count} day old",
        "the database of {name} is {count} days old",
        name=run.tool,
        count=age,
    )
