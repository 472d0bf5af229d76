"""What keeps the reader from relying on the whole: runs that fell short, and problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.model.results import Result
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import T, Words
from vigie.outlets.phrases.figures import line
from vigie.outlets.phrases.subjects import asset_names, short

_MOST_STEPS = 2  # of a report's path


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something that keeps the reader from relying on the whole.

    `subject` is who, `place` which report or asset, `problems` what and what to do, each once.
    """

    subject: str
    outcome: Outcome | None
    problems: tuple[tuple[str, str], ...]
    place: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """The problems, one line each."""
        return tuple(_one_line(what, hint) for what, hint in self.problems)


def caveats_of(result: Result, words: Words, most: int = 5) -> list[Caveat]:
    """Runs that are not complete, the failed ones first, then problems of the whole."""
    names = asset_names(result, words)
    runs = [run for run in result.runs if run.outcome is not Outcome.COMPLETE]
    runs.sort(key=lambda run: run.outcome is not Outcome.FAILED)
    found = [
        Caveat(
            run_name(run),
            run.outcome,
            problems_of(run.problems, words, most, run.tool),
            run_place(run, names),
        )
        for run in runs
    ]
    loose = [problem for problem in result.problems if problem.code is not ProblemCode.NOTE]
    if loose:
        found.append(Caveat(words(T("inputs")), None, problems_of(loose, words, most)))
    return found


def run_name(run: Run) -> str:
    """ "grype 0.87.0"."""
    return line(f"{run.tool} {run.version}")


def run_place(run: Run, names: Mapping[str, str]) -> str:
    """What a run read or looked at: the end of the report's path, else the asset's name."""
    if not run.file:
        return names.get(run.asset, short(run.asset))
    path = line(run.file).replace("\\", "/")
    steps = path.split("/")
    return path if len(steps) <= _MOST_STEPS else "/".join(["…", *steps[-_MOST_STEPS:]])


def problems_of(
    problems: Sequence[Problem], words: Words, most: int, tool: str = ""
) -> tuple[tuple[str, str], ...]:
    """What and what to do, each pair once; what is left out is counted.

    `tool` is whose they are, where that is said already.
    """
    said = Counter(_problem(problem, words, tool) for problem in problems)
    shown = [(f"{what} (×{n})" if n > 1 else what, hint) for (what, hint), n in said.items()]
    if len(shown) > most:
        more = T("and {count} more", count=len(shown) - most)
        shown = [*shown[:most], (words(more), "")]
    return tuple(shown)


def reasons(
    problems: Sequence[Problem], words: Words, most: int, tool: str = ""
) -> tuple[str, ...]:
    """The same, one line each."""
    return tuple(_one_line(what, hint) for what, hint in problems_of(problems, words, most, tool))


def _problem(problem: Problem, words: Words, tool: str) -> tuple[str, str]:
    where = line(problem.where or problem.record)
    said = line(words(problem.message))
    if where and where != tool and where not in said:
        said = f"{said} ({where})"
    return said, line(words(problem.hint)) if problem.hint else ""


def _one_line(what: str, hint: str) -> str:
    return f"{what} — {hint}" if hint else what
