"""Which exit code an answer deserves."""

from __future__ import annotations

from vigie.faces.cli.exit import ExitCode
from vigie.model.results import GateOutcome, Result
from vigie.model.runs import Outcome, ProblemCode

_GATE = {
    GateOutcome.PASS: ExitCode.FINE,
    GateOutcome.FAIL: ExitCode.REFUSED,
    GateOutcome.INCOMPLETE: ExitCode.INCOMPLETE,
}


def code_of_scan(result: Result) -> ExitCode:
    """The gate's word when there is a gate; else 3 when something was not looked at.

    A scan that somebody stopped is 130, whatever the rest says.
    """
    codes = {problem.code for run in result.runs for problem in run.problems}
    if ProblemCode.CANCELLED in codes:
        return ExitCode.INTERRUPTED
    if result.gate is not None:
        return _GATE[result.gate.outcome]
    return ExitCode.FINE if result.complete else ExitCode.INCOMPLETE


def code_of_gate(result: Result) -> ExitCode:
    """The gate's word about a saved result, and nothing else."""
    return _GATE[result.gate.outcome] if result.gate is not None else ExitCode.INCOMPLETE


def code_of_merge(result: Result) -> ExitCode:
    """The gate's no, else 2 when a report could not be read: a pass must not hide that."""
    gate = _GATE[result.gate.outcome] if result.gate is not None else ExitCode.FINE
    unread = any(run.outcome is Outcome.FAILED and run.file for run in result.runs)
    return ExitCode.USAGE if gate is ExitCode.FINE and unread else gate
