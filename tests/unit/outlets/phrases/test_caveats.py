"""What keeps the reader from relying on the whole."""

from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import empty, rich

from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import ENGLISH, T
from vigie.outlets.phrases.caveats import caveats_of, reasons, run_place


def test_caveats_name_the_failed_run_first_and_give_reason_and_hint() -> None:
    failed, partial, loose = caveats_of(rich(), ENGLISH)
    assert (failed.subject, failed.outcome) == ("semgrep", Outcome.FAILED)
    assert failed.reasons == ("it took longer than 600 s (examples/shop)",)
    assert partial.reasons[0] == "the database is 428 days old — Run grype db update."
    assert loose.outcome is None
    assert caveats_of(empty(), ENGLISH) == []


def test_notes_are_no_caveat() -> None:
    note = Problem(ProblemCode.NOTE, T("worth knowing"))
    assert caveats_of(replace(empty(), problems=(note,)), ENGLISH) == []


def test_a_problem_a_thousand_times_is_said_once() -> None:
    same = [Problem(ProblemCode.RECORD, T("no id"), where="a")] * 1000
    other = [Problem(ProblemCode.RECORD, T("odd {n}", n=n)) for n in range(9)]
    said = reasons([*same, *other], ENGLISH, 3)
    assert said == ("no id (a) (×1000)", "odd 0", "odd 1", "and 7 more")


def test_a_place_is_not_said_twice() -> None:
    problem = Problem(ProblemCode.INPUT, T("{name} is empty", name="a.json"), where="a.json")
    assert reasons([problem], ENGLISH, 1) == ("a.json is empty",)


def test_a_run_is_told_by_the_end_of_its_report_or_by_its_asset() -> None:
    run = Run("trivy", "trivy", Outcome.COMPLETE, asset="image:shop")
    assert run_place(replace(run, file="/home/ci/build/7/trivy/app.json"), {}) == "…/trivy/app.json"
    assert run_place(replace(run, file="trivy/app.json"), {}) == "trivy/app.json"
    assert run_place(replace(run, file="C:\\ci\\out\\app.json"), {}) == "…/out/app.json"
    assert run_place(run, {"image:shop": "shop:1"}) == "shop:1"
    assert run_place(run, {}) == "image:shop"


def test_a_run_s_tool_stands_above_its_problems_and_not_behind_each() -> None:
    problem = Problem(ProblemCode.STALE, T("the database is old"), where="trivy")
    run = Run("trivy", "trivy", Outcome.PARTIAL, problems=(problem,))
    (caveat,) = caveats_of(replace(empty(), runs=(run,)), ENGLISH)
    assert caveat.reasons == ("the database is old",)
    assert reasons([problem], ENGLISH, 1, run.tool) == ("the database is old",)
    assert reasons([problem], ENGLISH, 1) == ("the database is old (trivy)",)
