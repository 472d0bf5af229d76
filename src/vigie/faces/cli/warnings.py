"""What the answer does not cover, said where the person looks."""

from __future__ import annotations

from vigie.faces.cli.session import Session
from vigie.model.results import Result
from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.text import T

MOST = 3  # of one run; the result holds them all


def warn_of(result: Result, session: Session) -> None:
    """Warn of runs that are not complete and of odd input.

    A run's notes are for the result alone. Those of the result itself are about files that the
    person gave (a suppression that fits nothing may be a slip of the pen), so they are told.
    """
    for run in result.runs:
        if run.outcome is Outcome.COMPLETE:
            continue
        telling = [p for p in run.problems if p.code is not ProblemCode.NOTE]
        for problem in telling[:MOST]:
            session.warn(_of_tool(run.tool, problem))
        if len(telling) > MOST:
            session.note(
                T("{tool}: {count} more problem; the result lists them",
                  "{tool}: {count} more problems; the result lists them",
                  tool=run.tool, count=len(telling) - MOST)
            )  # fmt: skip
    for problem in result.problems:
        if problem.code is ProblemCode.NOTE:
            session.note(problem.message)
        else:
            session.warn(problem)


def _of_tool(tool: str, problem: Problem) -> Problem:
    message = T("{label}: {what}", label=tool, what=problem.message)
    return Problem(problem.code, message, problem.where, problem.hint, problem.record)
