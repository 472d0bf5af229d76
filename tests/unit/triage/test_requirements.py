"""What must have happened before a gate may say yes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import ALL_TYPES, run

from vigie.model.observations import Kind
from vigie.model.policy import Condition, GateRule, Policy, Requirements
from vigie.model.results import Result
from vigie.model.runs import Coverage, Outcome, Problem, ProblemCode, Run
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.triage.requirements import REQUIRED, unmet

TODAY = "2026-03-01"
LENIENT = Requirements(complete=False)
SEVERE = GateRule("severe", Condition(severity=Severity.HIGH))
COPYLEFT = GateRule("copyleft", Condition(licences=("GPL-*",)))


def rulings(
    *runs: Run, require: Requirements = LENIENT, rules: tuple[GateRule, ...] = (SEVERE,)
) -> list[tuple[str, str]]:
    result = Result("shop", f"{TODAY}T00:00:00Z", runs=runs)
    found = unmet(result, Policy("test", rules, require), TODAY)
    return [(ruling.rule, str(ruling.text)) for ruling in found]


def test_when_every_run_failed_nobody_looked_whatever_the_policy_forgives() -> None:
    failed = run(outcome=Outcome.FAILED)
    assert rulings(failed, failed) == [(REQUIRED, "nothing was looked at: every run failed")]
    assert rulings(failed, run("grype")) == []


@pytest.mark.parametrize("name", ["openvex", "csaf"])
def test_statements_alone_are_no_scan(name: str) -> None:
    said = run(name, coverage=Coverage(frozenset({Kind.VULNERABILITY})))
    assert "only lists of components and statements" in rulings(said)[0][1]
    assert rulings(said, run()) == []


def test_a_bill_of_materials_answers_for_licences_alone() -> None:
    listed = run("cyclonedx", coverage=Coverage(frozenset({Kind.LICENCE})))
    assert rulings(listed)[0][0] == REQUIRED
    assert rulings(listed, rules=(COPYLEFT,)) == []
    assert rulings(listed, rules=(COPYLEFT, SEVERE))[0][0] == REQUIRED


def test_a_scanner_that_failed_beside_a_bill_of_materials_did_not_look() -> None:
    listed = run("cyclonedx", coverage=Coverage(frozenset({Kind.LICENCE})))
    assert rulings(listed, run(outcome=Outcome.FAILED))[0][0] == REQUIRED
    assert rulings(listed, run()) == []


def test_a_run_whose_counts_do_not_add_up_is_not_whole() -> None:
    cut = run(records=9, observations=2)
    assert "9 records and 2 observations" in rulings(cut, require=Requirements())[0][1]
    assert "9 records" in rulings(cut, require=Requirements(("trivy",), complete=False))[0][1]
    skipped = Problem(ProblemCode.NOTE, T("left out"), record="x")
    assert rulings(run(records=3, observations=2, problems=(skipped,)), require=Requirements()) == [
    ]  # fmt: skip


def test_a_record_that_could_not_be_read_leaves_the_run_unfinished() -> None:
    odd = Problem(ProblemCode.RECORD, T("odd"), record="x")
    touched_up = run(records=1, problems=(odd,))
    assert rulings(touched_up, require=Requirements())[0] == (
        "complete",
        "the run of trivy is not complete: odd",
    )


def test_the_gravest_problem_is_named() -> None:
    problems = (
        Problem(ProblemCode.RECORD, T("odd"), record="x"),
        Problem(ProblemCode.CRASHED, T("fell over")),
    )
    broken = run(outcome=Outcome.PARTIAL, records=1, problems=problems)
    assert "fell over" in rulings(broken, require=Requirements(("trivy",)))[0][1]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-03-02", ""),  # clocks differ
        ("2026-03-03", "has not come yet"),
        ("2099-01-01T00:00:00Z", "has not come yet"),
        ("2026-02-20", "9 days old"),
    ],
)
def test_the_date_of_a_database(date: str, said: str) -> None:
    dated = replace(run(), database_date=date, coverage=Coverage(frozenset(Kind), ALL_TYPES))
    found = rulings(dated, require=Requirements(database_age_days=3))
    assert [said in text for _, text in found] == ([True] if said else [])
