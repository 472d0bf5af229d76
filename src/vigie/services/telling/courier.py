"""The courier: takes what is due out of the outbox and sends it, at least once.

A row is claimed with a lease before it is sent, so of two couriers one sends it, and what a
killed one had in its hands is sent by another when the lease ends. Each attempt has a thread and
a time after which nobody waits for it any more; a channel has few of them at a time, so a receiver
that hangs holds up no other. What concerns the same matter of a channel goes out in its order.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from vigie.model.text import T
from vigie.ports.notifiers import Attempt, Delivered
from vigie.services import live
from vigie.services.isolation import isolated, log_failure
from vigie.services.platform import Platform
from vigie.services.sentences import plain
from vigie.services.telling import attempts
from vigie.services.telling.attempts import Claimed
from vigie.services.telling.channels import TIMEOUT
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.telling import DELIVERIES

SLOTS = 16  # attempts at a time
PER_CHANNEL = 2
HARD = 105.0  # seconds over the time-out: a ticket takes several calls
MOST_ATTEMPTS = 30
LONGEST = timedelta(hours=24)  # from the first attempt to the last
FIRST_WAIT, LONGEST_WAIT = 10.0, 3600.0  # seconds
KEPT = 20  # attempts in the log of a delivery
PAUSE = 0.5  # seconds between two looks into the outbox when nobody wakes it
_D = DELIVERIES.c
_log = structlog.get_logger("vigie.courier")


@dataclass
class _Attempt:
    """An attempt under way in its thread."""

    claimed: Claimed
    began: float
    thread: threading.Thread | None = None


@dataclass
class Courier:
    """Sends in threads of its own while `run` runs. `timeout` is in seconds for one call;
    `hard` seconds after that an attempt is given up and its thread left to itself."""

    platform: Platform
    slots: int = SLOTS
    per_channel: int = PER_CHANNEL
    timeout: float = TIMEOUT
    hard: float = HARD
    lease: float = 30.0  # seconds beyond the longest attempt
    outcomes: Counter[str] = field(default_factory=Counter)
    _busy: dict[str, _Attempt] = field(default_factory=dict)
    _stuck: list[_Attempt] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _stirred: bool = False  # something changed since it was last looked
    _stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Begin nothing more. Safe to call from a signal handler."""
        self._stopping.set()

    def wake(self) -> None:
        """Look now: something new may be due."""
        with self._changed:
            self._stirred = True
            self._changed.notify_all()

    def run(self, may: Callable[[], bool] = lambda: True) -> None:
        """Send what is due until `stop`, while it `may`; then wait for what is under way."""
        while not self._stopping.is_set():
            if may():
                self._look()
            self._wait(PAUSE)
        self.finish()

    def run_until_idle(self, longest: float = 600.0) -> int:
        """Send until nothing is due and nothing under way, at most so many seconds; how many
        attempts were begun."""
        begun, end = 0, time.monotonic() + longest
        while not self._stopping.is_set() and time.monotonic() < end:
            started = self._look()
            begun += started
            if not started and not self._busy:
                break
            self._wait(PAUSE)
        self.finish()
        return begun

    def finish(self) -> None:
        """Wait for the attempts under way, no longer than each may take."""
        while self._busy:
            self._wait(0.1)
            self._give_up()

    def step(self) -> int:
        """Give up what took too long and begin what is due; how many attempts were begun.

        Raises SourceError when the database does not answer.
        """
        self._give_up()
        begun = 0
        while not self._stopping.is_set() and (claimed := self._claim()):
            for one in claimed:
                self._begin(one)
            begun += len(claimed)
        return begun

    def _look(self) -> int:
        ran = isolated(self.step)
        log_failure(_log, "courier.failed", ran.error)
        return ran.answer or 0

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stirred, seconds)
            self._stirred = False

    def _claim(self) -> list[Claimed]:
        """Take what is due of channels that have room; none when there is nothing."""
        room = self.slots - len(self._busy)
        if room <= 0:
            return []
        at_work = Counter(one.claimed.channel for one in (*self._busy.values(), *self._stuck))
        full = sorted(channel for channel, number in at_work.items() if number >= self.per_channel)
        now = self.platform.clock()
        # Whoever only looks does not hold up those who write.
        with self.platform.database.read(SYSTEM) as work:
            if work.run(_due(now, full, 1, skip=False)).first() is None:
                return []
        with self.platform.database.begin(SYSTEM) as work:
            rows = work.run(_due(now, full, room, skip=work.dialect == "postgresql")).all()
            taken = []
            for row in rows:
                if at_work[row.channel_id] >= self.per_channel:
                    continue
                at_work[row.channel_id] += 1
                taken.append(self._take(work, row, now))
        return taken

    def _take(self, work: Work, row: Any, now: datetime) -> Claimed:
        lease = new_id()
        until = now + timedelta(seconds=self.timeout + self.hard + self.lease)
        log = row.log or {}
        live.changed(work, row.tenant_id)
        work.run(
            sa.update(DELIVERIES)
            .where(_D.id == row.id)
            .values(
                state="sending",
                lease=lease,
                leased_until=until,
                attempts=row.attempts + 1,
                log={**log, "since": log.get("since") or now.isoformat()},
            )
        )
        return Claimed(row.id, row.tenant_id, row.channel_id, lease, row.attempts + 1)

    def _begin(self, claimed: Claimed) -> None:
        # No thread that hangs may keep the process from ending.
        thread = threading.Thread(
            target=self._see_through, args=(claimed,), name=f"deliver-{claimed.id}", daemon=True
        )
        with self._changed:
            self._busy[claimed.lease] = _Attempt(claimed, time.monotonic(), thread)
        thread.start()

    def _see_through(self, claimed: Claimed) -> None:
        attempted = attempts.attempt(self.platform, claimed, self.timeout)
        ran = isolated(lambda: self._conclude(claimed, attempted))
        if ran.error is not None:  # the lease ends, and then it is sent again
            _log.warning("delivery.not-noted", delivery=claimed.id, error=str(ran.error))
        with self._changed:
            self._busy.pop(claimed.lease, None)
            self._stuck = [one for one in self._stuck if one.claimed.lease != claimed.lease]
        self.wake()

    def _give_up(self) -> None:
        """Attempts that are over their time are tried again later; their threads keep a place of
        their channel for as long as they hang, and none of the others'."""
        late = time.monotonic() - self.timeout - self.hard
        with self._changed:
            over = [one for one in self._busy.values() if one.began < late]
            for one in over:
                del self._busy[one.claimed.lease]
            self._stuck += over
        for one in over:
            said = T("the receiver did not answer in time")
            self._conclude(one.claimed, Attempt(Delivered.RETRY, said, after=60.0))

    def _conclude(self, claimed: Claimed, attempted: Attempt | None) -> None:
        if attempted is None:
            return
        conclude(self.platform, claimed, attempted)
        self.outcomes[attempted.outcome.value] += 1
        _log.info(
            "delivery.attempted", delivery=claimed.id, tenant=claimed.tenant,
            outcome=attempted.outcome.value, status=attempted.status, attempt=claimed.attempt,
        )  # fmt: skip


def conclude(platform: Platform, claimed: Claimed, attempted: Attempt) -> None:
    """Write down what came of an attempt; nothing when the lease is another's by now."""
    now = platform.clock()
    with platform.database.begin(of_tenant(claimed.tenant)) as work:
        mine = (work.mine(DELIVERIES), _D.id == claimed.id, _D.lease == claimed.lease)
        row = work.run(sa.select(_D.log, _D.reference).where(*mine).with_for_update()).first()
        if row is None:
            return
        log = row.log or {}
        detail = attempted.detail
        if detail is not None:  # a receiver may have repeated a token in its refusal
            detail = platform.secrets.redactor.mask_text(detail)
        entry = {
            "at": now.isoformat(), "outcome": attempted.outcome.value,
            "detail": plain(detail), "status": attempted.status,
            "after": attempted.after,
        }  # fmt: skip
        live.changed(work)
        state, due = _what_next(claimed.attempt, log.get("since"), attempted, now)
        work.run(
            sa.update(DELIVERIES)
            .where(*mine)
            .values(
                state=state,
                due_at=due,
                log={**log, "attempts": [*log.get("attempts", ()), entry][-KEPT:]},
                reference=attempted.reference[:500] or row.reference,
                ended_at=now if state in ("done", "dead") else None,
                lease="",
                leased_until=None,
            )
        )


def _what_next(
    number: int, since: str | None, attempted: Attempt, now: datetime
) -> tuple[str, datetime]:
    """The state after this attempt, and when the next is due."""
    if attempted.outcome is Delivered.DONE:
        return "done", now
    due = now + timedelta(seconds=wait_after(number, attempted.after))
    began = datetime.fromisoformat(since) if since else now
    over = number >= MOST_ATTEMPTS or due - began > LONGEST
    return ("dead", now) if over or attempted.outcome is Delivered.REJECTED else ("retry", due)


def wait_after(number: int, asked: float | None) -> float:
    """Seconds until the next attempt: twice as long each time, scattered so that what failed
    together does not come back together, and never sooner than the receiver asks."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(number - 1, 20))
    return max(wait * random.uniform(0.75, 1.25), asked or 0.0)  # noqa: S311  no secret


def _due(now: datetime, full: list[str], room: int, *, skip: bool) -> sa.Select[Any]:
    earlier = DELIVERIES.alias("earlier")
    ahead = sa.exists().where(
        earlier.c.tenant_id == _D.tenant_id,  # as the index on keys begins
        earlier.c.channel_id == _D.channel_id,
        earlier.c.key == _D.key,
        earlier.c.id < _D.id,
        sa.or_(
            earlier.c.state.in_(("waiting", "retry", "sending")),
            sa.and_(earlier.c.state == "held", earlier.c.due_at <= now),
        ),
    )
    served = sa.select(TENANTS.c.id).where(TENANTS.c.disabled_at.is_(None))
    ready = sa.or_(
        sa.and_(_D.state.in_(("waiting", "retry", "held")), _D.due_at <= now),
        sa.and_(_D.state == "sending", _D.leased_until < now),
    )
    query = (
        sa.select(_D.id, _D.tenant_id, _D.channel_id, _D.attempts, _D.log)
        .where(ready, ~ahead, _D.tenant_id.in_(served))
        .order_by(_D.due_at, _D.id)
        .limit(room)
    )
    if full:
        query = query.where(_D.channel_id.not_in(full))
    return query.with_for_update(skip_locked=True, of=DELIVERIES) if skip else query
