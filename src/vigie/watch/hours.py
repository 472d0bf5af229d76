"""Hours of the week on somebody's clock: when a rule holds, and when it keeps quiet.

Times are compared as the clock on the wall shows them. So at the change to summer time a window
that lies in the hour that is left out is not there on that day, and at the change back one in
the hour that comes twice is there twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)
# Every week is alike but for the change of the clocks.
_FURTHEST = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Window:
    """From one minute of the day up to another, on these days (0 is Monday; of the beginning).

    `start` and `end` are minutes since midnight, `end` not part of it; an `end` that is not after
    `start` lies on the next day, so equal ones are a whole day.
    """

    start: int
    end: int
    days: frozenset[int] = frozenset(range(7))

    def holds(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether an aware time lies in it, by the clock of this zone."""
        local = moment.astimezone(zone)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.end > self.start:
            return day in self.days and self.start <= minute < self.end
        begun_today = day in self.days and minute >= self.start
        return begun_today or ((day - 1) % 7 in self.days and minute < self.end)


def within(windows: Iterable[Window], moment: datetime, zone: tzinfo) -> bool:
    """Whether any of the windows holds."""
    return any(window.holds(moment, zone) for window in windows)


def end_of(windows: tuple[Window, ...], moment: datetime, zone: tzinfo) -> datetime | None:
    """The first full minute from `moment` on at which none of them holds, in UTC; `moment` itself
    when none does now, None when one always does."""
    if not within(windows, moment, zone):
        return moment
    # Each minute is asked: whatever the clocks do, the answer is one that `within` confirms.
    found = moment.astimezone(UTC).replace(second=0, microsecond=0)
    last = found + _FURTHEST
    while found < last:
        found += _MINUTE
        if not within(windows, found, zone):
            return found
    return None


def minute_of(text: str) -> int:
    """ "07:30" as minutes since midnight; "24:00" is midnight. Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    digits = f"{hours}{minutes}"
    plain = digits.isascii() and digits.isdigit()
    if not plain or not colon or len(hours) != 2 or len(minutes) != 2:
        raise ValueError(text)
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > _DAY:
        raise ValueError(text)
    return value % _DAY


def window_of(start: str, end: str, days: Iterable[str] = ()) -> Window:
    """A window of "HH:MM" to "HH:MM" on these days ("mon"…), every day when none is named.
    Raises ValueError."""
    named = frozenset(DAYS.index(day) for day in days)
    return Window(minute_of(start), minute_of(end), named or frozenset(range(7)))
