"""What must have happened before a gate may say yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vigie.model.observations import Kind
from vigie.model.policy import Policy, Requirements
from vigie.model.results import Result, Ruling
from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.model.text import T, Text

REQUIRED = "required-scanner"

# Documents that speak about findings or list components, and look for nothing.
_LOOKS_FOR_NOTHING = frozenset({"openvex", "csaf"})
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


def unmet(result: Result, policy: Policy, today: str) -> Iterator[Ruling]:
    """One ruling for each requirement that is not met."""
    require = policy.require
    yield from _nothing_seen(result, policy)
    for scanner in require.scanners:
        runs = [run for run in result.runs if run.tool == scanner]
        # One run that finished does not make up for another that did not.
        if not runs or not all(map(_is_whole, runs)):
            yield _scanner(scanner, runs)
    if require.complete:
        yield from _incomplete(result, require)
    if require.database_age_days is not None:
        yield from _old_databases(result, require, today)


def _nothing_seen(result: Result, policy: Policy) -> Iterator[Ruling]:
    """No findings are no good news when nobody looked, whatever the policy asks for."""
    remedy = T("scan it, or give the reports of scanners that did")
    if not result.runs:
        text = T("nothing was looked at: there is no run in the result")
        yield Ruling(REQUIRED, "", True, text, remedy=remedy)
    elif all(run.outcome is Outcome.FAILED for run in result.runs):
        text = T("nothing was looked at: every run failed")
        yield Ruling(REQUIRED, "", True, text, remedy=remedy)
    elif not any(_looked(run, policy) for run in result.runs):
        text = T("nothing was looked for: there are only lists of components and statements")
        yield Ruling(REQUIRED, "", True, text, remedy=remedy)


def _looked(run: Run, policy: Policy) -> bool:
    if run.outcome is Outcome.FAILED or run.format in _LOOKS_FOR_NOTHING:
        return False
    kinds = run.coverage.kinds if run.coverage is not None else frozenset(Kind)
    asks = bool(policy.rules) and all(rule.when.licences for rule in policy.rules)
    # A bill of materials answers for licences alone.
    return asks or kinds != frozenset({Kind.LICENCE})


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
    remedy = T(
        "install or mend it where Vigie runs, and scan again; `vigie scanners` shows its "
        "state there"
    )
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
    """True when it finished, has no problem worth the name, and its counts add up."""
    if run.outcome is not Outcome.COMPLETE or not _adds_up(run):
        return False
    return all(problem.code is ProblemCode.NOTE for problem in run.problems)


def _adds_up(run: Run) -> bool:
    return run.records == run.observations + sum(bool(p.record) for p in run.problems)


def _why(run: Run) -> Text | str:
    telling = [p for p in run.problems if p.code is not ProblemCode.NOTE]
    if telling:
        # The gravest first: a record that was skipped explains less than a crash.
        return min(telling, key=lambda p: p.code not in _FATAL).message
    if not _adds_up(run):
        return T("it holds {records} records and {observations} observations",
                 records=run.records, observations=run.observations)  # fmt: skip
    return run.outcome.value


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
    if age < -1:  # one day for clocks that differ; a database of next year is nonsense
        return T("the database of {name} is dated {date}, which has not come yet", name=run.tool,
                 date=run.database_date[:10])  # fmt: skip
    if age <= (require.database_age_days or 0):
        return None
    return T(
        "the database of {name} is {count} day old",
        "the database of {name} is {count} days old",
        name=run.tool,
        count=age,
    )
