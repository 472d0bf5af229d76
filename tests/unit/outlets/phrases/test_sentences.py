"""The sentences at the top, when all is well and when it is not."""

from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import empty, french, many, rich

from vigie.model.findings import Status
from vigie.model.runs import Outcome, Problem, ProblemCode, Run
from vigie.model.text import ENGLISH, T
from vigie.outlets.phrases.sentences import (
    caveats_of,
    clears_line,
    headline,
    is_whole,
    new_line,
    problem_line,
    reasons,
    ruling_line,
    rulings,
    step_line,
    tally,
    unassessed_line,
    verdict,
)


def test_the_headline_never_promises_what_was_not_looked_at() -> None:
    failed = replace(empty(), runs=(Run("trivy", "trivy", Outcome.FAILED),))
    settled = tuple(replace(f, status=Status.FIXED) for f in many(2).findings)
    assert headline(rich(), ENGLISH) == "4 findings need you today."
    assert headline(replace(rich(), findings=rich().findings[:1]), ENGLISH) == (
        "1 finding needs you today."
    )
    assert headline(many(3), ENGLISH) == "Nothing needs you today."
    assert headline(empty(), ENGLISH) == "No findings."
    assert headline(replace(empty(), findings=settled), ENGLISH) == "Nothing is open."
    assert headline(failed, ENGLISH) == "No findings, but this is not safe."
    assert headline(replace(empty(), runs=()), ENGLISH) == "Nothing was looked at."


def test_nothing_run_is_not_whole() -> None:
    assert is_whole(empty())
    assert not is_whole(rich())
    assert not is_whole(replace(empty(), runs=()))


def test_the_tally() -> None:
    assert tally(rich(), ENGLISH) == "13 findings, 2 have a fix, 3 are set aside"
    assert tally(rich(), french().words) == "13 constats, 2 avec un correctif, 3 écartés"
    assert tally(empty(), ENGLISH) == "Everything that was asked for was looked at."
    assert tally(replace(empty(), runs=()), ENGLISH) == ""


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
    assert problem_line(problem, ENGLISH) == "a.json is empty"


def test_the_gate() -> None:
    assert verdict(rich(), ENGLISH).endswith("(policy balanced)")
    assert verdict(empty(), ENGLISH) == ""
    assert [ruling.rule for ruling in rulings(rich(), blocks=True)] == [
        "no-act-now", "required-scanners",
    ]  # fmt: skip
    (waived,) = rulings(rich(), blocks=False)
    assert ruling_line(waived, ENGLISH) == "no-high: waived until 2025-12-31 (waiver W-1)"
    assert rulings(empty(), blocks=True) == []


def test_plan_baseline_and_what_was_not_assessed() -> None:
    step = rich().plan.steps[1]
    assert step_line(step, ENGLISH) == "Upgrade requests 2.31.0 to 2.32.0"
    assert clears_line(step, french().words) == "règle 1 constat"
    assert new_line(rich(), ENGLISH) == "1 is new since the baseline."
    assert new_line(many(2), ENGLISH) == ""
    old = tuple(replace(finding, new=False) for finding in many(2).findings)
    assert new_line(replace(many(2), findings=old), ENGLISH) == "Nothing is new since the baseline."
    assert unassessed_line(rich(), ENGLISH).startswith("1 check could not be decided")
    assert unassessed_line(empty(), ENGLISH) == ""
