"""Events: a list, and those that come after one that is known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.queries import Page, Query
from vigie.services import records
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import PLATFORM, is_id
from vigie.stores.relational.listing import page_of
from vigie.stores.relational.listings import events as listed
from vigie.stores.relational.tables.governance import EVENTS

EVENT = Noun("event", EVENTS)
MOST = 500  # at once
OVERLAP = timedelta(seconds=30)  # a transaction takes no longer
_REMEMBERED = 5000  # ids that were given
_E = EVENTS.c


def page(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the events."""
    with platform.database.read(caller.scope) as work:
        return page_of(work, listed.LISTING, query)


def one(platform: Platform, caller: Caller, event_id: str) -> dict[str, Any]:
    """One event. Raises NotFound."""
    row = records.read(platform, caller, EVENT, event_id)
    return {key: value for key, value in row.items() if key != "tenant_id"}


class Following:
    """Reads on from an event: each call gives what has come since.

    Transactions end in another order than their events were made in, so what lies just before
    the last one is looked at again, and what was given already is left out.
    """

    def __init__(
        self, platform: Platform, caller: Caller, last: str = "", kinds: Sequence[str] = ()
    ) -> None:
        """After the event of the id `last`; after the newest when there is none of that id.
        `since` is the time of that event, None without."""
        self._platform = platform
        self._caller = caller
        self._kinds = list(kinds)
        self._given: OrderedDict[str, None] = OrderedDict()
        with platform.database.read(caller.scope) as work:
            self._last, self._at = self._start(work, last)
        self.since = self._at if is_id(last) and self._last == last else None

    def more(self) -> list[dict[str, Any]]:
        """Events that were not given yet, oldest first, `MOST` at once."""
        with self._platform.database.read(self._caller.scope) as work:
            found = {row["id"]: row for row in (*self._late(work), *self._new(work))}
        rows = list(found.values())
        for row in rows:
            self._given[row["id"]] = None
            self._at, self._last = max((self._at, self._last), (row["at"], row["id"]))
        while len(self._given) > _REMEMBERED:
            self._given.popitem(last=False)
        return rows

    def _start(self, work: Work, last: str) -> tuple[str, datetime]:
        query = sa.select(_E.id, _E.at).where(work.mine(EVENTS))
        if is_id(last):
            row = work.run(query.where(_E.id == last)).one_or_none()
            if row is not None:
                self._given[row.id] = None
                return row.id, row.at
        since = self._platform.clock() - OVERLAP
        rows = work.run(query.where(_E.at >= since).order_by(_E.at, _E.id)).all()
        self._given.update((row.id, None) for row in rows)
        return (rows[-1].id, rows[-1].at) if rows else (PLATFORM, since)

    def _new(self, work: Work) -> list[dict[str, Any]]:
        beyond = sa.tuple_(_E.at, _E.id) > sa.tuple_(
            sa.bindparam(None, self._at, type_=_E.at.type),
            sa.bindparam(None, self._last, type_=_E.id.type),
        )
        return self._read(work, beyond)

    def _late(self, work: Work) -> list[dict[str, Any]]:
        window = sa.and_(_E.at >= self._at - OVERLAP, _E.at <= self._at)
        query = self._wanted(work, sa.select(_E.id).where(window)).order_by(_E.at, _E.id)
        ids = work.run(query.limit(_REMEMBERED)).scalars()
        missing = [one for one in ids if one not in self._given][:MOST]
        return self._read(work, _E.id.in_(missing)) if missing else []

    def _read(self, work: Work, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        query = self._wanted(work, sa.select(EVENTS).where(where))
        rows = work.run(query.order_by(_E.at, _E.id).limit(MOST)).mappings()
        return [
            {key: value for key, value in row.items() if key != "tenant_id"}
            for row in rows
            if row["id"] not in self._given
        ]

    def _wanted(self, work: Work, query: sa.Select[Any]) -> sa.Select[Any]:
        query = query.where(work.mine(EVENTS))
        return query.where(_E.kind.in_(self._kinds)) if self._kinds else query
