"""The sentences at the top, when all is well and when it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.sample_result import empty, french, many, rich

from vigie.model.findings import Decision, MergedFix, Priority, Status
from vigie.model.observations import FixState
from vigie.model.results import Result
from vigie.model.runs import Outcome, Run
from vigie.model.text import ENGLISH
from vigie.outlets.phrases.sentences import (
    headline,
    is_whole,
    new_line,
    ruling_line,
    rulings,
    second,
    tally,
    unassessed_line,
    verdict,
)


def partial(result: Result) -> Result:
    return replace(result, runs=(*result.runs, Run("trivy", "trivy", Outcome.FAILED)))


def unweighed(count: int) -> Result:
    return replace(
        many(count), findings=tuple(replace(f, priority=None) for f in many(count).findings)
    )


def test_the_headline_of_a_whole_result() -> None:
    settled = tuple(replace(f, status=Status.FIXED) for f in many(2).findings)
    whole = replace(rich(), runs=empty().runs)
    assert headline(whole, ENGLISH) == "4 findings need you today."
    assert headline(replace(whole, findings=rich().findings[:1]), ENGLISH) == (
        "1 finding needs you today."
    )
    assert headline(many(3), ENGLISH) == "Nothing needs you today."
    assert headline(empty(), ENGLISH) == "No findings."
    assert headline(replace(empty(), findings=settled), ENGLISH) == "Nothing is open."
    assert headline(replace(empty(), runs=()), ENGLISH) == "Nothing was looked at."


@pytest.mark.parametrize(
    "result", [rich(), partial(many(3)), partial(empty()), partial(unweighed(1))]
)
def test_the_headline_of_a_partial_result_says_that_it_is_one(result: Result) -> None:
    said = headline(result, ENGLISH)
    assert "not everything was looked at" in said
    assert said[0].isupper() or said[0].isdigit()
    assert "What was not looked at is unknown, not safe." in second(result, ENGLISH)
    assert "tout n'a pas été examiné" in headline(result, french().words)


def test_what_nobody_weighed_is_not_soothed_away() -> None:
    assert headline(unweighed(2), ENGLISH) == ("2 findings that nobody weighed may need you today.")
    assert second(partial(unweighed(1)), ENGLISH)[0] == (
        "Nobody weighed 1 finding: its priority is unknown."
    )
    assert "Nobody weighed 1 finding: its priority is unknown." in second(rich(), ENGLISH)


def test_nothing_today_names_what_is_to_be_planned() -> None:
    planned = tuple(
        replace(f, priority=Priority(Decision.PLAN, 50, 40, 60)) for f in many(1200).findings
    )
    result = replace(empty(), findings=planned)
    assert headline(result, ENGLISH) == "Nothing needs you today."
    assert second(result, ENGLISH) == ["1,200 findings belong in the next cycle."]
    assert second(result, french().words) == ["1\u202f200 constats sont pour le prochain cycle."]


def test_all_was_looked_at_only_when_every_check_was_decided() -> None:
    looked = "Everything that was asked for was looked at."
    assert second(empty(), ENGLISH) == [looked]
    unsure = replace(empty(), not_assessed=rich().not_assessed)
    assert second(unsure, ENGLISH) == ["1 check could not be decided: unknown, not passed."]
    assert "it is unknown" in second(replace(empty(), runs=()), ENGLISH)[0]
    settled = tuple(replace(f, status=Status.FIXED) for f in many(2).findings)
    assert second(replace(empty(), findings=settled), ENGLISH) == [
        "Every finding was set aside or fixed."
    ]


def test_nothing_run_is_not_whole() -> None:
    assert is_whole(empty())
    assert not is_whole(rich())
    assert not is_whole(replace(empty(), runs=()))


def test_the_tally() -> None:
    assert tally(rich(), ENGLISH) == "13 findings, 2 have a fix, 3 are set aside"
    assert tally(rich(), french().words) == "13 constats, 2 avec un correctif, 3 écartés"
    assert tally(empty(), ENGLISH) == ""


def test_the_tally_counts_a_fix_without_a_version_as_the_summary_does() -> None:
    fixed = replace(many(1).findings[0], fix=MergedFix(FixState.FIXED))
    assert tally(replace(empty(), findings=(fixed,)), ENGLISH) == "1 finding, 1 has a fix"


def test_the_gate() -> None:
    assert verdict(rich(), ENGLISH).endswith("(policy balanced)")
    assert verdict(empty(), ENGLISH) == ""
    assert [ruling.rule for ruling in rulings(rich(), blocks=True)] == [
        "no-act-now", "required-scanners",
    ]  # fmt: skip
    (waived,) = rulings(rich(), blocks=False)
    assert ruling_line(waived, ENGLISH) == "waived until 2025-12-31 (no-high · waiver W-1)"
    assert rulings(empty(), blocks=True) == []


def test_plan_baseline_and_what_was_not_assessed() -> None:
    assert new_line(rich(), ENGLISH) == "1 is new since the baseline."
    assert new_line(many(2), ENGLISH) == ""
    old = tuple(replace(finding, new=False) for finding in many(2).findings)
    assert new_line(replace(many(2), findings=old), ENGLISH) == "Nothing is new since the baseline."
    assert unassessed_line(rich(), ENGLISH).startswith("1 check could not be decided")
    assert unassessed_line(empty(), ENGLISH) == ""
