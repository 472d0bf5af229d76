"""Answers that are written while they are read, and what they hold open meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.ports.caches import Cache
from vigie.services.failures import TooMany
from vigie.services.live import topic_of

MOST_OF_TENANT = 50  # listeners of one tenant at this server
MOST_IN_ALL = 500
_PATIENCE = 5.0  # seconds in which a listening thread sees that nobody needs it any more
_log = structlog.get_logger("vigie.live")


class ClosingResponse(StreamingResponse):
    """A stream whose source is closed when the answer ends, however it ends."""

    def __init__(self, content: Iterator[bytes], *, close: Callable[[], Any], **given: Any) -> None:
        super().__init__(_chunks(content), **given)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


async def _chunks(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await run_in_threadpool(next, content, b""):
        yield chunk


class Bell:
    """Rings for one listener when its tenant has something new."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """True when it rang in that time."""
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    def ring(self) -> None:
        """From any thread; nothing happens once the server has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._rung.set)


class Listeners:
    """Who listens at this server. One thread a tenant waits for the cache's word, however many
    listen; what that word does not reach is found by looking."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._threads: set[str] = set()
        self._over = threading.Event()
        self.ended = False

    def end(self) -> None:
        """The server stops: every stream ends by itself, now. From any thread."""
        self.ended = True
        self._over.set()
        with self._lock:
            bells = [bell for of_tenant in self._bells.values() for bell in of_tenant]
        for bell in bells:
            bell.ring()

    @contextmanager
    def listen(self, tenant: str) -> Iterator[Bell]:
        """A bell of this tenant. Raises TooMany when as many listen as may."""
        bell = Bell()
        with self._lock:
            self._check(tenant)
            self._bells[tenant].add(bell)
            if tenant not in self._threads:
                self._threads.add(tenant)
                threading.Thread(
                    target=self._watch, args=(tenant,), name=f"events of {tenant}", daemon=True
                ).start()
        try:
            yield bell
        finally:
            with self._lock:
                self._bells[tenant].discard(bell)
                if not self._bells[tenant]:
                    del self._bells[tenant]

    def check(self, tenant: str) -> None:
        """Raises TooMany when as many listen as may."""
        with self._lock:
            self._check(tenant)

    def _check(self, tenant: str) -> None:
        here = len(self._bells.get(tenant, ()))
        if here >= MOST_OF_TENANT or sum(map(len, self._bells.values())) >= MOST_IN_ALL:
            raise TooMany(
                T("too many listen to events already"), T("Close one of them."), after=30.0
            )

    def _watch(self, tenant: str) -> None:
        while True:
            try:
                self._pass_on(tenant)
                return
            except SourceError as error:
                # Without the cache everybody still looks from time to time.
                _log.warning("events are not announced", tenant=tenant, why=str(error))
            if self._over.wait(_PATIENCE) or not self._of(tenant):
                return

    def _pass_on(self, tenant: str) -> None:
        """Until nobody listens any more."""
        subscription = self._cache.subscribe(topic_of(tenant))
        try:
            said: bytes | None = b"what came before somebody listened"
            while (bells := self._of(tenant)) and not self.ended:
                if said is not None:
                    for bell in bells:
                        bell.ring()
                said = subscription.next(_PATIENCE)
        finally:
            subscription.close()

    def _of(self, tenant: str) -> list[Bell]:
        with self._lock:
            bells = list(self._bells.get(tenant, ()))
            if not bells:
                self._threads.discard(tenant)
            return bells


def listeners_of(app: Any) -> Listeners:
    """Who listens at this application."""
    with _MAKING:
        if not hasattr(app.state, "listeners"):
            app.state.listeners = Listeners(app.state.platform.cache)
        found: Listeners = app.state.listeners
        return found


_MAKING = threading.Lock()
