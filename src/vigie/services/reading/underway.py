"""What is under way: jobs and deliveries whose state changed since somebody looked last, and logs
of scans that grew.

They are states and no events: of several changes between two looks the last is told, and whoever
comes back is told how things stand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.access import Permission
from vigie.services.platform import Caller, Platform
from vigie.services.reading import scan_logs
from vigie.services.reading.scan_logs import GrowingLogs
from vigie.stores.relational.bulk import select_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.operations import JOBS
from vigie.stores.relational.tables.telling import DELIVERIES

MOST = 200  # of a sort at once, the newest
OVERLAP = timedelta(seconds=30)  # a transaction takes no longer
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Sort:
    """Something that changes its state: its table, what is told of it, and who may hear it."""

    subject: str
    table: sa.Table
    permission: Permission
    open: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def kind(self) -> str:
        """How a change of it is called among events."""
        return f"{self.subject}.changed"


SORTS = (
    Sort(
        "job", JOBS, Permission.JOBS_READ, ("queued", "running"),
        ("kind", "state", "progress", "stage", "attempts", "subject_kind", "subject_id"),
    ),
    Sort(
        "delivery", DELIVERIES, Permission.DELIVERIES_READ,
        ("waiting", "held", "retry", "sending"),
        ("state", "matter", "attempts", "channel_id", "rule_id"),
    ),
)  # fmt: skip


@dataclass
class _Watched:
    sort: Sort
    since: datetime
    heard: datetime  # what ended before is known to whoever listens
    told: OrderedDict[str, tuple[Any, ...]] = field(default_factory=OrderedDict)
    open: set[str] = field(default_factory=set)
    first: bool = True

    def look(self, work: Work, now: datetime) -> list[sa.Row[Any]]:
        """The rows that are not as they were, oldest first."""
        news = []
        for row in self._rows(work):
            shown = tuple(getattr(row, name) for name in self.sort.shown)
            over = row.state not in self.sort.open
            if self.told.get(row.id) != shown and not (over and self._is_old(row)):
                news.append(row)
            self.told[row.id] = shown
            self.told.move_to_end(row.id)
            (self.open.discard if over else self.open.add)(row.id)
        while len(self.told) > _REMEMBERED:
            self.open.discard(self.told.popitem(last=False)[0])
        self.since, self.first = now - OVERLAP, False
        return sorted(news, key=lambda row: row.id)

    def _is_old(self, row: sa.Row[Any]) -> bool:
        return self.first and row.ended_at is not None and row.ended_at < self.heard

    def _rows(self, work: Work) -> list[sa.Row[Any]]:
        table = self.sort.table
        wanted = (table.c.id, table.c.ended_at, *(table.c[name] for name in self.sort.shown))
        recent = [table.c.state.in_(self.sort.open), table.c.created_at >= self.since]
        if self.first:
            recent.append(table.c.ended_at >= self.heard)
        query = sa.select(*wanted).where(work.mine(table), sa.or_(*recent))
        found = {row.id: row for row in work.run(query.order_by(table.c.id.desc()).limit(MOST))}
        missing = sorted(self.open - set(found))[-_REMEMBERED:]
        for row in select_where(work, table, "id", missing, *wanted):
            found[row.id] = row
        # Those that are gone (retention) are nothing to ask for again.
        self.open &= set(found)
        return list(found.values())


class Underway:
    """Each call of `more` tells what has changed since the last; the first one what is open."""

    def __init__(
        self,
        platform: Platform,
        caller: Caller,
        since: datetime | None = None,
        kinds: Sequence[str] = (),
    ) -> None:
        """`since` is when somebody who comes back left: what ended meanwhile is told too. Only
        what the caller may read, and of `kinds` where any are named."""
        self._platform = platform
        self._caller = caller
        now = platform.clock()
        heard = now if since is None else since - OVERLAP
        self._watched = [
            _Watched(sort, now - OVERLAP, heard)
            for sort in SORTS
            if caller.principal.may(sort.permission) and (not kinds or sort.kind in kinds)
        ]
        wanted = not kinds or scan_logs.KIND in kinds
        self._logs = (
            [GrowingLogs()] if wanted and caller.principal.may(Permission.SCANS_READ) else []
        )

    def more(self) -> list[dict[str, Any]]:
        """Changes, with the keys of an event; their `id` is "": there is nothing to go on from."""
        if not self._watched and not self._logs:
            return []
        now = self._platform.clock()
        with self._platform.database.read(self._caller.scope) as work:
            found = [
                (
                    one.sort.kind,
                    one.sort.subject,
                    row.id,
                    {n: getattr(row, n) for n in one.sort.shown},
                )
                for one in self._watched
                for row in one.look(work, now)
            ]
            for logs in self._logs:
                found += [(scan_logs.KIND, "scan", *news) for news in logs.look(work)]
        return [
            {
                "id": "", "kind": kind, "subject_kind": subject, "subject_id": id_,
                "severity": "", "at": now, "document": document,
            }
            for kind, subject, id_, document in found
        ]  # fmt: skip
