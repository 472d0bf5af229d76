"""The embedded work queue: a table of ids with leases, for SQLite and PostgreSQL alike.

An item may be taken when `available_at` has come. Taking it moves that to the end of the
lease, so an item that was never answered is simply there again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from vigie.ports.queues import WorkItem
from vigie.stores.relational.database import Database, Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.operations import QUEUE

PAUSE = 0.2  # seconds between two looks for what other processes put, or what fell due


@dataclass(slots=True)
class TableLease:
    """One row, held until it is answered or the lease ends."""

    item: WorkItem
    attempt: int
    queue: TableQueue
    row: str
    key: str

    def done(self) -> None:
        """It is finished: its row goes, also when the lease has ended meanwhile."""
        self.queue.remove(self.row)

    def again(self, delay: float) -> None:
        """Hand it out again in `delay` seconds; nothing when another holds it by now."""
        self.queue.hold(self.row, self.key, delay, leased=False)

    def extend(self) -> None:
        """The lease runs anew from now; nothing when another holds it by now."""
        self.queue.hold(self.row, self.key, self.queue.lease, leased=True)


class TableQueue:
    """The queue in the table `queue` of this database, which stays its owner's to close.

    `lease` is in seconds.
    """

    name = "table"

    def __init__(self, database: Database, *, lease: float = 60.0) -> None:
        self.database = database
        self.lease = lease
        self._bell = threading.Condition()
        self._rung = 0

    def put(self, item: WorkItem, delay: float = 0.0) -> None:
        """Announce it, to be handed out in `delay` seconds. Committed when this returns."""
        with self.database.begin(SYSTEM) as work:
            row = {
                "id": new_id(),
                "kind": item.kind,
                "tenant_id": item.tenant,
                "job_id": item.job,
                "available_at": _now(work) + timedelta(seconds=max(0.0, delay)),
                "lease": "",
                "attempts": 0,
            }
            work.run(sa.insert(QUEUE), row)
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def take(self, kinds: Sequence[str], wait: float) -> TableLease | None:
        """The next item of these kinds, None when none came within `wait` seconds."""
        if not kinds:
            return None
        end = time.monotonic() + wait
        while True:
            with self._bell:
                heard = self._rung
            # Whoever only looks does not hold up those who write.
            taken = self._claim(kinds) if self._any(kinds) else None
            left = end - time.monotonic()
            if taken is not None or left <= 0:
                return taken
            with self._bell:
                self._bell.wait_for(lambda: self._rung != heard, min(left, PAUSE))  # noqa: B023

    def depth(self) -> int:
        """How many items wait or are leased."""
        with self.database.read(SYSTEM) as work:
            return int(work.run(sa.select(sa.func.count()).select_from(QUEUE)).scalar_one())

    def remove(self, row: str) -> None:
        """Hand it out no more (for leases)."""
        with self.database.begin(SYSTEM) as work:
            work.run(sa.delete(QUEUE).where(QUEUE.c.id == row))

    def hold(self, row: str, key: str, seconds: float, *, leased: bool) -> None:
        """Hand it out no sooner than that, if the lease of that key is the last (for leases)."""
        with self.database.begin(SYSTEM) as work:
            until = _now(work) + timedelta(seconds=max(0.0, seconds))
            work.run(
                sa.update(QUEUE)
                .where(QUEUE.c.id == row, QUEUE.c.lease == key)
                .values(
                    available_at=until,
                    leased_until=until if leased else None,
                    lease=key if leased else "",
                )
            )

    def close(self) -> None:
        """Nothing of its own is open."""

    def _any(self, kinds: Sequence[str]) -> bool:
        with self.database.read(SYSTEM) as work:
            return work.run(_next(kinds, _now(work))).first() is not None

    def _claim(self, kinds: Sequence[str]) -> TableLease | None:
        with self.database.begin(SYSTEM) as work:
            now = _now(work)
            # In PostgreSQL several look at once: a row that another takes right now is passed by.
            found = work.run(_next(kinds, now).with_for_update(skip_locked=True)).first()
            if found is None:
                return None
            until, key = now + timedelta(seconds=self.lease), new_id()
            work.run(
                sa.update(QUEUE)
                .where(QUEUE.c.id == found.id)
                .values(
                    available_at=until,
                    leased_until=until,
                    lease=key,
                    attempts=found.attempts + 1,
                )
            )
        item = WorkItem(found.kind, found.tenant_id, found.job_id)
        return TableLease(item, found.attempts + 1, self, found.id, key)


def _next(kinds: Sequence[str], now: datetime) -> sa.Select[tuple[str, str, str, str, int]]:
    columns = (QUEUE.c.id, QUEUE.c.kind, QUEUE.c.tenant_id, QUEUE.c.job_id, QUEUE.c.attempts)
    return (
        sa.select(*columns)
        .where(QUEUE.c.available_at <= now, QUEUE.c.kind.in_(kinds))
        .order_by(QUEUE.c.available_at, QUEUE.c.id)
        .limit(1)
    )


def _now(work: Work) -> datetime:
    """By the clock that all who share the queue share: PostgreSQL's, or this machine's."""
    if work.dialect != "postgresql":
        return datetime.now(UTC)
    now: datetime = work.run(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now
