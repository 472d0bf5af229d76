"""The scheduler: starts what is due, announces what was lost, and does the periodic duties.

Several may run; one at a time leads, by a lease in the database, and another takes over when
it is gone. Two leaders at once, when clocks differ, would start nothing twice either: each
schedule and each duty is claimed in the database before it is started.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TypeAlias

import structlog

from vigie.services import leadership
from vigie.services.announcing import announce_lost
from vigie.services.due_schedules import Starter, start_due
from vigie.services.isolation import isolated, log_failure
from vigie.services.platform import Platform
from vigie.services.telemetry import metrics
from vigie.stores.relational.ids import new_id

LEADS = "scheduler"
LEASE = timedelta(seconds=30)
TICK = 2.0  # seconds
# A duty that failed, or whose process was killed, is tried again this soon.
RETRY = timedelta(minutes=10)
Call: TypeAlias = Callable[[Platform], object]
_log = structlog.get_logger("vigie.scheduler")


@dataclass(frozen=True, slots=True)
class Duty:
    """What the platform does for itself again and again: retention, audit checkpoints.

    It must bear being done twice; it is done by one process at a time.
    """

    name: str
    every: timedelta
    call: Call


class Scheduler:
    """Ticks in the thread that calls `run`, until `stop` is called from anywhere.

    `starters` make the job of a schedule where a bare job of its kind is not enough. `done`
    and `failed` count duties by name.
    """

    def __init__(
        self,
        platform: Platform,
        duties: Sequence[Duty] = (),
        starters: Mapping[str, Starter] = MappingProxyType({}),
        *,
        tick: float = TICK,
    ) -> None:
        self.platform = platform
        self.duties = duties
        self.starters = starters
        self.tick = tick
        self.name = new_id()
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._leads = False
        self._at_work: dict[str, threading.Thread] = {}

    def stop(self) -> None:
        """End after this tick. Safe to call from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Tick until `stop`; then let another lead at once."""
        while not self._stopping.is_set():
            self._note("tick", isolated(self.step).error)
            self._stopping.wait(self.tick)
        metrics.LEADER.set(0)
        freed = isolated(
            lambda: leadership.free_at(self.platform, LEADS, self.name, timedelta(0))
        )  # fmt: skip
        self._note("leave", freed.error)

    def step(self) -> bool:
        """One tick; False when another leads. Duties go on in threads of their own.

        Raises SourceError when the database does not answer.
        """
        leads = leadership.hold(self.platform, LEADS, self.name, LEASE)
        metrics.LEADER.set(float(leads))
        if leads != self._leads:
            self._leads = leads
            _log.info("scheduler.leads" if leads else "scheduler.follows", name=self.name)
        if not leads:
            return False
        for part in (self._start_due, self._announce, self._begin_duties):
            self._note(part.__name__, isolated(part).error)
        return True

    def finish_duties(self) -> None:
        """Wait for the duties that are at work (for tests, and before the database is closed)."""
        for thread in self._at_work.values():
            thread.join()

    def _start_due(self) -> None:
        start_due(self.platform, self.starters)

    def _announce(self) -> None:
        count = announce_lost(self.platform)
        if count:
            _log.info("jobs.announced", count=count)

    def _begin_duties(self) -> None:
        for duty in self.duties:
            busy = self._at_work.get(duty.name)
            if busy is not None and busy.is_alive():
                continue
            # Held until the retry: if this process dies meanwhile, another does it then.
            holder = new_id()
            length = min(duty.every, RETRY)
            if leadership.hold(self.platform, f"duty:{duty.name}", holder, length):
                thread = threading.Thread(
                    target=self._do, args=(duty, holder), name=f"duty-{duty.name}", daemon=True
                )
                self._at_work[duty.name] = thread
                thread.start()

    def _do(self, duty: Duty, holder: str) -> None:
        ran = isolated(lambda: duty.call(self.platform))
        self._note(duty.name, ran.error)
        counted = self.done if ran.error is None else self.failed
        counted[duty.name] += 1
        metrics.DUTIES.labels(duty.name, "done" if ran.error is None else "failed").inc()
        wait = duty.every if ran.error is None else min(duty.every, RETRY)
        freed = isolated(
            lambda: leadership.free_at(self.platform, f"duty:{duty.name}", holder, wait)
        )
        self._note(duty.name, freed.error)

    @staticmethod
    def _note(what: str, error: Exception | None) -> None:
        log_failure(_log, "scheduler.failed", error, what=what.strip("_"))
