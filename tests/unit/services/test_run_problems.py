"""Ages of databases, and words for every bad end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.stand_ins import StandIn

from vigie.model.runs import ProblemCode
from vigie.ports.plugs import Needs
from vigie.services.run_problems import age_in_days, ended_badly, missing, stale
from vigie.sources.scanners.process import Ending, Execution

NOW = datetime(2026, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("2026-06-03T00:00:00Z", 7),
        ("2026-06-09T12:00:00+00:00", 0.5),
        ("2026-06-09", 1),
        ("2026-06-09T00:00:00", 1),
        ("", None),
        ("yesterday", None),
    ],
)
def test_age_of_a_database(date: str, days: float | None) -> None:
    assert age_in_days(date, NOW) == days


def test_a_database_may_be_as_old_as_allowed_and_no_older() -> None:
    assert stale(StandIn(), "2026-06-03T00:00:00Z", NOW, 7) is None
    found = stale(StandIn(), "2026-06-02T23:59:59Z", NOW, 7)
    assert found is not None and found.code is ProblemCode.STALE
    assert str(found.message) == "the database of Stand-in is 8 days old, more than 7"
    late = NOW.replace(hour=9)
    for date, days in (("2026-06-03T01:00:00Z", 8), ("2026-05-11T22:00:00Z", 30)):
        found = stale(StandIn(), date, late, 7)
        assert found is not None and f"is {days} days old" in str(found.message)


@pytest.mark.parametrize("ending", list(Ending))
@pytest.mark.parametrize("code", [None, -9, -64, 2])
@pytest.mark.parametrize("stderr", ["", "no way\n"])
def test_every_bad_end_has_words_and_a_hint(ending: Ending, code: int | None, stderr: str) -> None:
    done = Execution(ending, code, Path("stdout"), stderr, "No such file")
    problem = ended_badly(StandIn(), done, 60)
    assert str(problem.message).startswith("Stand-in")
    assert problem.hint is not None and str(problem.hint)


def test_what_has_no_server_is_set_up_and_not_installed() -> None:
    scanner = StandIn()
    assert "is not installed" in str(missing(scanner).message)
    scanner.needs = Needs(service="url")
    problem = missing(scanner)
    assert (problem.code, str(problem.message)) == (
        ProblemCode.MISSING, "Stand-in has no server to ask",
    )  # fmt: skip
    assert str(problem.hint) == "Set it up where Vigie runs: get it."
