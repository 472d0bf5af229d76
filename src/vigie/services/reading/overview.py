"""What to do first, what changed, how the risk moves, and what nobody has looked at."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.findings import Status
from vigie.services.platform import Caller, Platform
from vigie.services.reading.first import first, needs
from vigie.stores.relational.database import Work
from vigie.stores.relational.remembering import remembered
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import HISTORY, SUPPRESSIONS, TALLIES

STALE = timedelta(days=7)  # without a complete run, an asset counts as not assessed any more
MOST_DAYS = 90
_COUNTING = tuple(status.value for status in Status if status.counts)
_CHANGES = {"found": "new", "reopened": "reopened", "closed": "closed"}
_FIRST = 5
_DAY = 86_400


def overview(platform: Platform, caller: Caller, since: datetime, days: int) -> dict[str, Any]:
    """The tenant at a glance; `days` is how far back the line of risk goes."""
    now = platform.clock()
    with platform.database.read(caller.scope) as work:
        counts = remembered(work, "overview", lambda: counts_of(work))
        total, days = counts["total"], min(days, MOST_DAYS)
        risk = remembered(work, ("risk", days, now.date()), lambda: _risk(work, now, days, total))
        changed = remembered(work, ("changed", since), lambda: _changed(work, since))
        # What a moment makes of the assets' days is the same for the rest of its minute.
        minute = now.replace(second=0, microsecond=0)
        coverage = remembered(work, ("coverage", minute), lambda: coverage_of(work, minute))
        return {
            "at": now,
            "since": since,
            "counts": counts,
            "first": remembered(work, "first", lambda: first(work, _FIRST)),
            "needs": remembered(work, "needs", lambda: needs(work)),
            "changed": {**changed, "expired": _expired(work, since, now)},
            "risk": risk,
            "coverage": coverage,
        }


def counts_of(work: Work) -> dict[str, Any]:
    """What counts now: from the tallies."""
    table = TALLIES
    number = sa.func.sum(table.c["count"]).label("number")
    columns = (table.c.kind, table.c.severity, table.c.status, table.c.decision)
    query = sa.select(*columns, number).where(work.mine(table)).group_by(*columns)
    found: dict[str, Any] = {"total": 0, "by_severity": {}, "by_decision": {}, "by_kind": {}}
    aside = 0
    for row in work.run(query).all():
        if row.status not in _COUNTING:
            aside += int(row.number)
            continue
        found["total"] += int(row.number)
        for name, word in (("severity", row.severity.value), ("decision", row.decision.value),
                           ("kind", row.kind)):  # fmt: skip
            by = found[f"by_{name}"]
            by[word] = by.get(word, 0) + int(row.number)
    return {**found, "not_counting": aside}


def _changed(work: Work, since: datetime) -> dict[str, int]:
    table = HISTORY
    query = (
        sa.select(table.c.what, sa.func.count().label("number"))
        .where(work.mine(table), table.c.at >= since, table.c.what.in_(sorted(_CHANGES)))
        .group_by(table.c.what)
    )
    found = {_CHANGES[row.what]: row.number for row in work.run(query).all()}
    return {name: found.get(name, 0) for name in _CHANGES.values()}


def _expired(work: Work, since: datetime, now: datetime) -> int:
    table = SUPPRESSIONS
    query = sa.select(sa.func.count()).select_from(table).where(
        work.mine(table), table.c.expires_at >= since, table.c.expires_at <= now,
        table.c.revoked_at.is_(None),
    )  # fmt: skip
    number: int = work.run(query).scalar_one()
    return number


def _risk(work: Work, now: datetime, days: int, today: int) -> list[dict[str, Any]]:
    """How many findings were somebody's work at the end of each day (UTC), oldest first: what
    there is today, and back from it by what came and went."""
    table = HISTORY
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    day = _day_of(work, table.c.at).label("day")
    query = (
        sa.select(day, table.c.what, sa.func.count().label("number"))
        .where(work.mine(table), table.c.at >= start, table.c.what.in_(sorted(_CHANGES)))
        .group_by(day, table.c.what)
    )
    moved: dict[int, dict[str, int]] = defaultdict(dict)
    for row in work.run(query).all():
        moved[int(row.day)][row.what] = row.number
    line = []
    open_then = today
    for back in range(days):
        moment = now - timedelta(days=back)
        of_day = moved.get(int(moment.timestamp()) // _DAY, {})
        came = of_day.get("found", 0) + of_day.get("reopened", 0)
        went = of_day.get("closed", 0)
        line.append({"day": moment.date(), "open": open_then, "new": came, "closed": went})
        open_then = max(0, open_then - came + went)
    return line[::-1]


def _day_of(work: Work, column: Any) -> Any:
    """Days since 1970 (UTC), in SQL."""
    if work.dialect == "sqlite":
        return sa.type_coerce(column, sa.BigInteger).op("/")(_DAY * 1_000_000)
    seconds = sa.extract("epoch", column)
    return sa.cast(sa.func.floor(seconds / _DAY), sa.Integer)


def coverage_of(work: Work, now: datetime) -> dict[str, Any]:
    """Assets that a complete run looked at lately, longer ago, and never: unknown is not zero."""
    table = ASSETS
    fresh = table.c.looked_at >= now - STALE
    never = table.c.looked_at.is_(None)
    total, seen, unseen = (
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.case((fresh, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((never, 1), else_=0)), 0),
    )
    here = (work.mine(table), table.c.archived_at.is_(None))
    row: Any = work.run(sa.select(total, seen, unseen).where(*here)).one()
    oldest = (
        sa.select(table.c.id, table.c.kind, table.c.name, table.c.looked_at)
        .where(*here, sa.or_(never, table.c.looked_at < now - STALE))
        .order_by(sa.case((never, 0), else_=1), table.c.looked_at, table.c.id)
        .limit(_FIRST)
    )
    return {
        "assets": row[0],
        "assessed": int(row[1]),
        "stale": row[0] - int(row[1]) - int(row[2]),
        "never": int(row[2]),
        "stale_after_days": STALE.days,
        "longest_unseen": [dict(one) for one in work.run(oldest).mappings().all()],
    }
