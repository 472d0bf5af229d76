"""Work queue on NATS with JetStream, for platforms of several processes or machines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import nats.errors

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.stores.queue._jetstream import (
    ANSWER,
    GONE,
    Link,
    NoStreamsError,
    NotReachedError,
    hand_back,
)

Answer = TypeVar("Answer")
PATIENCE = 30.0  # seconds after which a call is given up, whatever it hangs on
SCHEMES = ("nats", "tls", "ws", "wss")


@dataclass(slots=True)
class NatsLease:
    """One message, held until it is answered or the lease ends."""

    item: WorkItem
    attempt: int
    queue: NatsQueue
    reply: str

    def done(self) -> None:
        """It is finished; returns when the server knows."""
        self.queue.answer(self.reply, b"+ACK")

    def again(self, delay: float) -> None:
        """Hand it out again in `delay` seconds."""
        self.queue.answer(self.reply, hand_back(delay))

    def extend(self) -> None:
        """The lease runs anew from now."""
        self.queue.answer(self.reply, b"+WPI")


class NatsQueue:
    """The queue in the stream `stream` of the servers at `url` (several: with commas between).

    `nats://USER:PASSWORD@HOST:4222`, `nats://TOKEN@HOST`, or `tls://…` with a certificate that
    this machine trusts. `lease` is in seconds. `replicas` is for a cluster of servers; it
    counts when the stream is made. Connects with the first call, and again when it must.
    """

    name = "nats"

    def __init__(
        self, url: str, *, stream: str = "vigie", lease: float = 60.0, replicas: int = 1
    ) -> None:
        urls = [one.strip() for one in url.split(",") if one.strip()]
        self.address = ", ".join(_address(one) for one in urls)
        if not urls:
            raise _unusable()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="vigie-nats", daemon=True
        )
        self._thread.start()
        self._link = Link(urls, stream, lease, replicas)

    def put(self, item: WorkItem, delay: float = 0.0) -> None:
        """Announce it. Stored in the stream when this returns."""
        self._call(lambda: self._link.put(item, delay))

    def take(self, kinds: Sequence[str], wait: float) -> NatsLease | None:
        """The next item of these kinds, None when none came within `wait` seconds."""
        if not kinds:
            return None
        taken = self._call(lambda: self._link.take(kinds, wait), wait)
        return None if taken is None else NatsLease(taken.item, taken.attempt, self, taken.reply)

    def depth(self) -> int:
        """How many items wait or are leased."""
        return self._call(self._link.depth)

    def answer(self, reply: str, word: bytes) -> None:
        """Tell the server about a message that was handed out (for leases)."""
        self._call(lambda: self._link.answer(reply, word))

    def close(self) -> None:
        """Leave the server; leased items come back to others when their lease ends."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._link.close(), self._loop).result(ANSWER)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, begin: Callable[[], Awaitable[Answer]], wait: float = 0.0) -> Answer:
        """Run it in the thread of the connection; once more when that was lost."""
        future = asyncio.run_coroutine_threadsafe(self._twice(begin), self._loop)
        try:
            return future.result(wait + PATIENCE)
        except NoStreamsError:
            raise SourceError(
                T("NATS at {address} keeps no streams", address=self.address),
                T("Start it with JetStream: nats-server -js."),
                retryable=True,
            ) from None
        except (NotReachedError, nats.errors.Error, OSError, TimeoutError, CancelledError) as error:
            raise SourceError(
                T("the queue at {address} does not answer", address=self.address),
                T("See whether NATS runs, and whether VIGIE_QUEUE_URL is right."),
                retryable=True,
            ) from error
        finally:
            future.cancel()  # when this thread was interrupted; nothing otherwise

    async def _twice(self, begin: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await begin()
        except GONE:
            self._link.forget()
            return await begin()
        except TimeoutError:
            # A connection that only looks alive is not used again.
            await self._link.close()
            raise


def _address(url: str) -> str:
    """Host and port, without what lets us in. Raises UserError for what is no address."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise _unusable()
        return f"{parts.hostname}:{parts.port or 4222}"
    except ValueError:
        raise _unusable() from None


def _unusable() -> UserError:
    return UserError(
        T("this is no address of a NATS server"),
        T("Give nats://USER:PASSWORD@HOST:PORT; several with commas between."),
    )
