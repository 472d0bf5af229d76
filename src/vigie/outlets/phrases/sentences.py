"""The sentences at the top: what needs somebody, what the gate says, what was not looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.model.findings import Decision, Finding
from vigie.model.results import Result, Ruling, Step
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import T, Text, Words
from vigie.outlets.phrases.figures import line, number
from vigie.outlets.phrases.labels import GATE, decision_of
from vigie.outlets.phrases.subjects import named

UNKNOWN_REST = T("Not everything was looked at: the rest is unknown, not safe.")


def is_whole(result: Result) -> bool:
    """True when something looked, and everything that was asked for looked at everything."""
    return bool(result.runs) and result.complete


def counted(findings: Sequence[Finding]) -> dict[Decision | None, int]:
    """How many findings that count have each decision."""
    return Counter(decision_of(finding) for finding in findings if finding.status.counts)


def headline(result: Result, words: Words) -> str:
    """The one sentence somebody reads who reads nothing else."""
    counts = counted(result.findings)
    total = sum(counts.values())
    urgent = counts.get(Decision.ACT, 0)
    if not result.runs:
        return words(T("Nothing was looked at."))
    if urgent:
        return words(
            T(
                "{n} finding needs you today.",
                "{n} findings need you today.",
                count=urgent,
                n=number(urgent, words.lang),
            )
        )
    if total:
        return words(T("Nothing needs you today."))
    if not is_whole(result):
        return words(T("No findings, but this is not safe."))
    return words(T("Nothing is open.") if result.findings else T("No findings."))


def tally(result: Result, words: Words) -> str:
    """How many findings count, how many of them have a fix, and how many do not count."""
    total = sum(finding.status.counts for finding in result.findings)
    fixable = sum(f.status.counts and bool(f.fix.versions) for f in result.findings)
    settled = len(result.findings) - total
    if not result.findings:
        return words(T("Everything that was asked for was looked at.")) if is_whole(result) else ""
    said = [T("{n} finding", "{n} findings", count=total, n=number(total, words.lang))]
    if fixable:
        n = number(fixable, words.lang)
        said.append(T("{n} has a fix", "{n} have a fix", count=fixable, n=n))
    if settled:
        n = number(settled, words.lang)
        said.append(T("{n} is set aside", "{n} are set aside", count=settled, n=n))
    return ", ".join(words(text) for text in said)


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something that keeps the reader from relying on the whole: who, how it ended, why."""

    subject: str
    outcome: Outcome | None
    reasons: tuple[str, ...]


def caveats_of(result: Result, words: Words, most: int = 5) -> list[Caveat]:
    """Runs that are not complete, the failed ones first, then problems of the whole."""
    runs = [run for run in result.runs if run.outcome is not Outcome.COMPLETE]
    runs.sort(key=lambda run: run.outcome is not Outcome.FAILED)
    found = [Caveat(run_name(run), run.outcome, reasons(run.problems, words, most)) for run in runs]
    loose = [problem for problem in result.problems if problem.code is not ProblemCode.NOTE]
    if loose:
        found.append(Caveat(words(T("inputs")), None, reasons(loose, words, most)))
    return found


def run_name(run: Run) -> str:
    """ "grype 0.87.0"."""
    return line(f"{run.tool} {run.version}")


def reasons(problems: Sequence[Problem], words: Words, most: int) -> tuple[str, ...]:
    """Each problem once, with what to do about it; what is left out is counted."""
    said = Counter(problem_line(problem, words) for problem in problems)
    shown = [f"{text} (×{count})" if count > 1 else text for text, count in said.items()]
    if len(shown) > most:
        more = T("and {count} more", count=len(shown) - most)
        shown = [*shown[:most], words(more)]
    return tuple(shown)


def problem_line(problem: Problem, words: Words) -> str:
    """What, where, and what to do, on one line."""
    where = problem.where or problem.record
    said = words(problem.message)
    if where and where not in said:
        said = f"{said} ({where})"
    hint = words(problem.hint) if problem.hint else ""
    return line(f"{said} — {hint}" if hint else said)


def verdict(result: Result, words: Words) -> str:
    """What the gate says, with the policy's name; "" when none was asked."""
    if result.gate is None:
        return ""
    policy = words(T("policy {name}", name=line(result.gate.policy))) if result.gate.policy else ""
    said = words(GATE[result.gate.outcome])
    return f"{said} ({policy})" if policy else said


def rulings(result: Result, *, blocks: bool) -> list[Ruling]:
    """The gate's rulings that block, or those that were let through."""
    return [r for r in result.gate.rulings if r.blocks is blocks] if result.gate else []


def ruling_line(ruling: Ruling, words: Words) -> str:
    """What the rule says, and what would have to change."""
    said = f"{ruling.rule}: {words(ruling.text)}"
    if ruling.waiver:
        said += " " + words(T("(waiver {name})", name=ruling.waiver))
    return line(f"{said} — {words(ruling.remedy)}" if ruling.remedy else said)


def step_line(step: Step, words: Words) -> str:
    """ "Upgrade openssl 3.0.11 to 3.0.13"."""
    upgrade = T("Upgrade {package} to {version}", package=named(step.component),
                version=line(step.version))  # fmt: skip
    return words(upgrade)


def clears_line(step: Step, words: Words) -> str:
    """ "clears 12 findings"."""
    count = len(step.clears)
    n = number(count, words.lang)
    return words(T("clears {n} finding", "clears {n} findings", count=count, n=n))


def new_line(result: Result, words: Words) -> str:
    """What changed against the baseline; "" when there was none."""
    known = [f.new for f in result.findings if f.status.counts and f.new is not None]
    if not known:
        return ""
    fresh = sum(known)
    text: Text = T(
        "{n} is new since the baseline.",
        "{n} are new since the baseline.",
        count=fresh,
        n=number(fresh, words.lang),
    )
    return words(text) if fresh else words(T("Nothing is new since the baseline."))


def unassessed_line(result: Result, words: Words) -> str:
    """How many checks could not be decided; "" for none."""
    count = len(result.not_assessed)
    if not count:
        return ""
    return words(
        T(
            "{n} check could not be decided: unknown, not passed.",
            "{n} checks could not be decided: unknown, not passed.",
            count=count,
            n=number(count, words.lang),
        )
    )
