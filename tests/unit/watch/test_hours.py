"""Hours of the week, also when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.watch.hours import DAYS, Window, end_of, minute_of, window_of, within

PARIS = ZoneInfo("Europe/Paris")
ZONES = [UTC, PARIS, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"),
         ZoneInfo("Asia/Kathmandu")]  # fmt: skip
NIGHT = window_of("22:00", "07:00")

minutes = st.integers(0, 24 * 60 - 1)
windows = st.builds(Window, minutes, minutes, st.frozensets(st.integers(0, 6), min_size=1))
# Around every change of the clocks there is in these zones in 2026, and in between.
moments = st.integers(0, 365 * 24 * 60).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
zones = st.sampled_from(ZONES)


def by_wall_clock(window: Window, moment: datetime, zone: object) -> bool:
    """The definition, minute by minute of the two days on which it may have begun."""
    local = moment.astimezone(zone).replace(tzinfo=None)  # type: ignore[arg-type]
    length = (window.end - window.start) % (24 * 60) or 24 * 60
    for back in (0, 1):
        begun = local.replace(hour=0, minute=0) - timedelta(days=back)
        if begun.weekday() not in window.days:
            continue
        since = local - begun - timedelta(minutes=window.start)
        if timedelta(0) <= since < timedelta(minutes=length):
            return True
    return False


@given(windows, moments, zones)
def test_a_window_is_what_the_clock_on_the_wall_says(
    window: Window, moment: datetime, zone: ZoneInfo
) -> None:
    assert window.holds(moment, zone) == by_wall_clock(window, moment, zone)


@given(st.lists(windows, min_size=1, max_size=3), moments, zones)
def test_the_end_is_the_first_minute_at_which_none_holds(
    several: list[Window], moment: datetime, zone: ZoneInfo
) -> None:
    end = end_of(tuple(several), moment, zone)
    if end is None:
        assert within(several, moment + timedelta(days=7), zone)
        return
    assert not within(several, end, zone)
    step = moment.replace(second=0, microsecond=0)
    while step < end:
        assert within(several, step, zone)
        step += timedelta(minutes=7)
    if end != moment:
        assert within(several, end - timedelta(minutes=1), zone)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(28, 9.0), (29, 8.0), (30, 9.0)],
    ids=["before", "an-hour-is-left-out", "after"],
)
def test_a_night_is_as_long_as_the_clocks_make_it(day: int, hours: float) -> None:
    # Clocks go forward on 29 March 2026 at 02:00 in Paris.
    begins = datetime(2026, 3, day, 22, tzinfo=PARIS) - timedelta(days=1)
    end = end_of((NIGHT,), begins.astimezone(UTC), PARIS)
    assert end == datetime(2026, 3, day, 7, tzinfo=PARIS)
    assert (end - begins.astimezone(UTC)).total_seconds() / 3600 == hours


def test_the_hour_that_comes_twice_is_quiet_twice() -> None:
    # Clocks go back on 25 October 2026 at 03:00 in Paris.
    window = window_of("02:00", "03:00")
    quiet = [
        hour
        for hour in range(6)
        if window.holds(datetime(2026, 10, 24, 22, 30, tzinfo=UTC) + timedelta(hours=hour), PARIS)
    ]
    assert quiet == [2, 3]


def test_what_always_holds_never_ends() -> None:
    assert end_of((window_of("00:00", "00:00"),), datetime(2026, 3, 1, tzinfo=UTC), UTC) is None


def test_days_are_those_on_which_it_begins() -> None:
    friday = window_of("22:00", "02:00", ["fri"])
    assert DAYS[4] == "fri"
    assert friday.holds(datetime(2026, 3, 7, 1, tzinfo=UTC), UTC)  # a Saturday
    assert not friday.holds(datetime(2026, 3, 6, 1, tzinfo=UTC), UTC)


@pytest.mark.parametrize("text", ["7:00", "25:00", "12:60", "1200", "ab:cd", "١٢:٠٠", "", "-1:30"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as raised:
        minute_of(text)
    assert raised.value.args == (text,)


def test_times_of_day() -> None:
    assert [minute_of(t) for t in ("00:00", "07:30", "23:59", "24:00")] == [0, 450, 1439, 0]
