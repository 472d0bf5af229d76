"""When a schedule is due, through the changes of the clocks of many places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.services.cron import next_after, zone_or_utc

# Whole and half hours, both halves of the globe, a day left out, a change at midnight.
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca")  # fmt: skip
MOMENTS = st.integers(1_262_304_000, 2_082_758_400).map(lambda s: datetime.fromtimestamp(s, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("expression", "zone", "moment", "due"),
    [
        ("30 2 * * *", "UTC", "2026-03-01T02:29:59.9+00:00", "2026-03-01T02:30:00+00:00"),
        ("30 2 * * *", "UTC", "2026-03-01T02:30:00+00:00", "2026-03-02T02:30:00+00:00"),
        ("0 9 * * MON-FRI", "Europe/Paris", "2026-03-06T12:00+00:00", "2026-03-09T08:00+00:00"),
        ("0 0 L * *", "UTC", "2028-02-01T00:00+00:00", "2028-02-29T00:00+00:00"),
        # Left out at the change to summer time: right after it, once.
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00+00:00", "2026-03-29T01:00+00:00"),
        ("30 2 * * *", "Europe/Paris", "2026-03-29T01:00+00:00", "2026-03-30T00:30+00:00"),
        # Twice at the change back: the first time only, also seen from within the second.
        ("30 2 * * *", "Europe/Paris", "2026-10-25T00:00+00:00", "2026-10-25T00:30+00:00"),
        ("30 2 * * *", "Europe/Paris", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),
        ("50 2 * * *", "Europe/Paris", "2026-10-25T01:10+00:00", "2026-10-26T01:50+00:00"),
        # By the clock that passes: every half hour, in both.
        ("*/30 * * * *", "Europe/Paris", "2026-10-25T00:30+00:00", "2026-10-25T01:00+00:00"),
        ("*/30 * * * *", "Europe/Paris", "2026-03-29T00:30+00:00", "2026-03-29T01:00+00:00"),
    ],
)
def test_it_is_due(expression: str, zone: str, moment: str, due: str) -> None:
    assert next_after(expression, zone, at(moment)) == at(due)


@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 59), st.integers(0, 23))
def test_once_a_day_is_once_on_every_day_there_is(
    moment: datetime, zone: str, minute: int, hour: int
) -> None:
    """The days in a row, each once, at the wanted time or, where that is left out, after it."""
    place, days = ZoneInfo(zone), []
    for _ in range(4):
        due = next_after(f"{minute} {hour} * * *", zone, moment)
        assert due is not None
        assert due.tzinfo is UTC
        assert moment < due <= moment + timedelta(days=2, hours=2)
        local = due.astimezone(place)
        assert (local.hour, local.minute) == (hour, minute) or left_out(local, hour, minute)
        days.append(local.date())
        moment = due
    assert len(set(days)) == len(days)


def left_out(local: datetime, hour: int, minute: int) -> bool:
    """Whether this day has no such time, which the change of clocks before `local` swallowed."""
    wanted = local.replace(hour=hour, minute=minute, fold=0)
    back = wanted.astimezone(UTC).astimezone(local.tzinfo)
    swallowed = (back.hour, back.minute) != (hour, minute)
    # At midnight the day before asked for it, and a whole day can be left out (Apia, 2011).
    return swallowed or local.hour <= 1 or (local.year, local.month) in {(2011, 12), (2012, 1)}


@given(MOMENTS, st.sampled_from(ZONES))
def test_every_quarter_of_an_hour_comes_every_quarter_of_an_hour(
    moment: datetime, zone: str
) -> None:
    due = next_after("*/15 * * * *", zone, moment)
    assert due is not None
    assert timedelta(0) < due - moment <= timedelta(minutes=15)


@pytest.mark.parametrize(
    "expression",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* * 30 2 *", "@daily", "*/0 * * * *", "x " * 300,
     "0 0 * * MON#9", "1-0 * * * *"],
)  # fmt: skip
def test_what_says_no_time_is_refused(expression: str) -> None:
    with pytest.raises(UserError, match="says no time"):
        next_after(expression, "UTC", at("2026-01-01T00:00+00:00"))


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(expression: str) -> None:
    try:
        next_after(expression, "UTC", at("2026-01-01T00:00+00:00"))
    except UserError as error:
        assert "says no time" in str(error)


@pytest.mark.parametrize("zone", ["", "Europe/Vigie", "../../etc/passwd", "Europe", "/etc/x", "\0"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(UserError, match="no time zone"):
        next_after("* * * * *", zone, at("2026-01-01T00:00+00:00"))


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Europe"])
def test_a_zone_that_is_not_known_any_more_is_utc(name: str) -> None:
    assert zone_or_utc(name) is UTC
    assert str(zone_or_utc("Europe/Paris")) == "Europe/Paris"
