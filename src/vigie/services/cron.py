"""When a schedule is due: cron expressions in a time zone, by Debian's cron rules.

At the change to summer time, what falls into the hour that is left out runs right after it; at
the change back, what falls into the hour that comes twice runs once. Expressions of which the
minute or the hour begins with `*` run by the clock that passes, in both.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from vigie.model.errors import UserError
from vigie.model.text import T

_LONGEST = 200  # characters of an expression


def next_after(expression: str, time_zone: str, moment: datetime) -> datetime | None:
    """The first time after `moment` at which it is due, in UTC; None when it never is again.

    `expression` has five fields (minute, hour, day of the month, month, day of the week),
    `time_zone` is a name of the IANA database. Raises UserError for what is neither.
    """
    zone = zone_of(time_zone)
    if len(expression) > _LONGEST or len(expression.split()) != 5:
        raise _no_expression(expression[:_LONGEST])
    try:
        for found in CronSim(expression, moment.astimezone(zone)):
            # In the hour that comes twice it may name the first pass when that is over.
            if (due := found.astimezone(UTC)) > moment:
                return due
    except CronSimError:
        raise _no_expression(expression) from None
    return None


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name of the IANA database. Raises UserError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # ValueError: a path that leads out of the database; OSError: a folder of it.
        raise UserError(
            T("there is no time zone {name}", name=name[:_LONGEST]),
            T("Give a name of the IANA database, such as Europe/Paris or UTC."),
        ) from None


def zone_or_utc(name: str) -> tzinfo:
    """The zone; UTC for one that this machine does not know (any more)."""
    try:
        return zone_of(name)
    except UserError:
        return UTC


def _no_expression(expression: str) -> UserError:
    return UserError(
        T("{expression!r} says no time", expression=expression),
        T("Give minute, hour, day, month and weekday, as cron does: 30 2 * * MON-FRI."),
    )
