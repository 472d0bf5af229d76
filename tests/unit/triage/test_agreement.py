"""A scanner's silence is not evidence of absence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, flaw, hit, merged, run, told

from vigie.model.observations import Kind, Rule
from vigie.model.runs import Coverage, Outcome, Run
from vigie.triage.merge import Told


def absence_of(other: Run, published: str = "") -> tuple[bool, str]:
    seen = replace(flaw("CVE-2024-1"), rule=Rule("CVE-2024-1", published=published))
    found = merged(told(seen), Told(other, IMAGE, ())).findings[0]
    absence = found.agreement.absences[0]
    return absence.could_know, str(absence.reason)


def test_a_tool_that_could_know_is_silent() -> None:
    assert absence_of(run("grype")) == (True, "looked and did not report it")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (run("x", coverage=Coverage(frozenset({Kind.SECRET}))), "kind"),
        (run("x", coverage=Coverage(frozenset(Kind), frozenset({"deb"}))), "does not cover pypi"),
        (run("x", ecosystems=frozenset({"deb"})), "looked at no pypi"),
        (run("x", outcome=Outcome.FAILED), "failed"),
        (run("x", outcome=Outcome.PARTIAL), "partial"),
        (run("x", coverage=None), "not known"),
    ],
)
def test_a_tool_that_could_not_know_says_nothing_by_its_silence(other: Run, reason: str) -> None:
    could_know, why = absence_of(other)
    assert not could_know
    assert reason in why


def test_a_database_older_than_the_advisory_could_not_know() -> None:
    old = run("grype", database_date="2024-01-01T00:00:00Z")
    assert absence_of(old, published="2024-02-01")[0] is False
    assert absence_of(old, published="2023-12-01")[0] is True


@pytest.mark.parametrize(
    "date",
    ["2024-01-31T06:08:13Z", "2024-01-31", "20240131", "2024-01-31 01:23:45 +0000 UTC",
     "Wed, 31 Jan 2024 14:00:01 UTC", "2024-01-31T23:59:59.123456789+02:00"],
)  # fmt: skip
def test_dates_are_compared_as_dates_however_a_tool_spells_them(date: str) -> None:
    old = run("grype", database_date=date)
    assert absence_of(old, published="2024-02-01T00:00:00Z")[0] is False
    assert absence_of(old, published="Tue, 30 Jan 2024 00:00:00 GMT")[0] is True


@pytest.mark.parametrize("date", ["", "v5", "31/01/2024", "yesterday"])
def test_a_date_that_nobody_can_read_excuses_nothing(date: str) -> None:
    assert absence_of(run("grype", database_date=date), published="2024-02-01")[0] is True
    recent = run("grype", database_date="2020-01-01")
    assert absence_of(recent, published=date)[0] is True


def test_runs_on_other_assets_do_not_count() -> None:
    other = replace(IMAGE, name="till:1", digests=frozenset())
    found = merged(told(flaw("CVE-2024-1")), Told(run("grype"), other, ())).findings[0]
    assert found.agreement.absences == ()


def test_rules_of_code_scanners_are_their_own() -> None:
    found = merged(told(hit("R1", "a.py", 1)), Told(run("bandit"), IMAGE, ())).findings[0]
    assert found.agreement.silent == ()
