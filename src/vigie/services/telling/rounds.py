"""The courier's rounds: what is committed to the outbox goes out at once.

Of all processes that want to, one makes them, by a lease in the database; another takes over when
it is gone. The cache wakes it; where no word comes (workers that share no cache with it) it looks
by itself, twice a second.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog

from vigie.model.errors import SourceError
from vigie.services import leadership, live
from vigie.services.isolation import isolated, log_failure
from vigie.services.platform import Platform
from vigie.services.telling.courier import Courier
from vigie.stores.relational.ids import new_id

LEADS = "courier"
LEASE = timedelta(seconds=30)
ASK = 2.0  # seconds after which it is asked again whether another still leads
_LISTEN = 1.0  # seconds in which the listening thread sees that it is to stop
_AGAIN = 5.0  # seconds until a cache that did not answer is asked again
_log = structlog.get_logger("vigie.courier")


class Rounds:
    """Makes them in threads of its own, from `start` to `stop`."""

    def __init__(self, platform: Platform, courier: Courier | None = None) -> None:
        self.platform = platform
        self.courier = courier or Courier(platform)
        self.name = new_id()
        self._over = threading.Event()
        self._leads = False
        self._ask_at = 0.0
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for name, target in (("courier", self._run), ("outbox", self._listen))
        ]

    def start(self) -> None:
        """Begin. Once."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Begin nothing more, and let another make them at once. What is under way after so many
        seconds is sent again by whoever comes next."""
        self._over.set()
        self.courier.stop()
        self.courier.wake()
        end = time.monotonic() + patience
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, end - time.monotonic()))
        freed = isolated(
            lambda: leadership.free_at(self.platform, LEADS, self.name, timedelta(0))
        )  # fmt: skip
        log_failure(_log, "courier.failed", freed.error, what="leave")

    def _run(self) -> None:
        self.courier.run(self._may)

    def _may(self) -> bool:
        """Whether this process leads. Its lease is renewed long before it ends."""
        now = time.monotonic()
        if now < self._ask_at:
            return self._leads
        held = isolated(lambda: leadership.hold(self.platform, LEADS, self.name, LEASE))
        log_failure(_log, "courier.failed", held.error, what="lead")
        self._leads = bool(held.answer)
        self._ask_at = now + (LEASE.total_seconds() / 3 if self._leads else ASK)
        return self._leads

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                self._pass_on()
            except SourceError as error:
                log_failure(_log, "courier.failed", error, what="listen")
                self._over.wait(_AGAIN)

    def _pass_on(self) -> None:
        subscription = self.platform.cache.subscribe(live.OUTBOX)
        try:
            self.courier.wake()  # for what came before somebody listened
            while not self._over.is_set():
                if subscription.next(_LISTEN) is not None:
                    self.courier.wake()
        finally:
            subscription.close()
