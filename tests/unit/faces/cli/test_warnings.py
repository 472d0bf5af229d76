"""What is not covered is said; notes of a run are for the result alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.sample_result import empty, rich

from vigie.faces.cli.session import Session
from vigie.faces.cli.warnings import warn_of
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import T


def test_partial_runs_and_odd_input_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    warn_of(rich(), Session(environ={}))
    said = capsys.readouterr().err
    assert "warning: grype: the database is 428 days old" in said
    assert "warning: semgrep: it took longer than 600 s" in said
    assert "kev.json holds no KEV catalogue" in said


def test_notes_of_a_run_stay_in_the_result_and_many_problems_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = [Problem(ProblemCode.RECORD, T("bad"), record=str(n)) for n in range(9)]
    problems.append(Problem(ProblemCode.NOTE, T("a note")))
    run = Run("x", "x", Outcome.PARTIAL, problems=tuple(problems))
    note = Problem(ProblemCode.NOTE, T("suppression S-1 fits no finding"))
    warn_of(replace(empty(), runs=(run,), problems=(note,)), Session(environ={}))
    said = capsys.readouterr().err
    assert said.count("x: bad") == 3
    assert "x: 6 more problems" in said
    assert "note" not in said
    assert "\nsuppression S-1 fits no finding\n" in said
    warn_of(replace(empty(), problems=(note,)), Session(environ={}, verbosity=-1))
    assert not capsys.readouterr().err
