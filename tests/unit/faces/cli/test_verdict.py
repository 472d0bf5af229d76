"""The exit code tells the truth about what was and what was not looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.sample_result import empty

from vigie.faces.cli.verdict import code_of_gate, code_of_merge, code_of_scan
from vigie.model.results import GateOutcome, GateResult, Result
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import T


def result(*outcomes: Outcome, gate: GateOutcome | None = None, file: str = "") -> Result:
    runs = tuple(Run("x", "x", outcome, file=file) for outcome in outcomes)
    return replace(empty(), runs=runs, gate=GateResult(gate, "p") if gate else None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (result(Outcome.COMPLETE), 0),
        (result(Outcome.COMPLETE, Outcome.PARTIAL), 3),
        (result(Outcome.FAILED), 3),
        (result(Outcome.COMPLETE, gate=GateOutcome.FAIL), 1),
        (result(Outcome.PARTIAL, gate=GateOutcome.PASS), 0),
        (result(Outcome.COMPLETE, gate=GateOutcome.INCOMPLETE), 3),
    ],
)
def test_a_scan(given: Result, code: int) -> None:
    assert code_of_scan(given) == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (result(Outcome.COMPLETE, Outcome.PARTIAL, file="a"), 0),
        (result(Outcome.COMPLETE, Outcome.FAILED, file="a"), 2),
        (result(Outcome.FAILED, gate=GateOutcome.PASS, file="a"), 2),
        (result(Outcome.FAILED, gate=GateOutcome.FAIL, file="a"), 1),
        (result(Outcome.FAILED, gate=GateOutcome.INCOMPLETE, file="a"), 3),
    ],
)
def test_a_merge(given: Result, code: int) -> None:
    assert code_of_merge(given) == code


@pytest.mark.parametrize("gate", [None, GateOutcome.PASS])
def test_a_scan_that_somebody_stopped(gate: GateOutcome | None) -> None:
    stopped = Run("x", "x", Outcome.FAILED, problems=(Problem(ProblemCode.CANCELLED, T("x")),))
    assert code_of_scan(replace(result(gate=gate), runs=(stopped,))) == 130
    # Judged later, it is a list that is not whole, and nobody is at the keyboard.
    if gate is None:
        assert code_of_gate(replace(result(), runs=(stopped,))) == 3
    assert code_of_gate(replace(result(gate=GateOutcome.FAIL), runs=(stopped,))) == 1
