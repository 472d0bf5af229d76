"""Cache of one process, for the embedded form. Bounded: what was not used longest goes first."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict, deque

from vigie.stores.cache import _bucket

LARGEST = 64 * 1024 * 1024  # bytes of all values together
ENTRIES = 50_000  # values, and as many buckets
BACKLOG = 1000  # payloads that a listener may be behind; the oldest are lost first


class MemorySubscription:
    """Payloads of one topic for one listener. One that nobody holds any more is gone."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=BACKLOG)
        self._arrived = threading.Condition()
        self._closed = False

    def next(self, seconds: float) -> bytes | None:
        """The next payload, None when none came in time or it is closed."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting or self._closed, max(0.0, seconds))
            return self._waiting.popleft() if self._waiting else None

    def close(self) -> None:
        """Wake whoever waits; nothing comes any more."""
        with self._arrived:
            self._closed = True
            self._waiting.clear()
            self._arrived.notify_all()

    def give(self, payload: bytes) -> None:
        """Called by the cache that it listens to."""
        with self._arrived:
            if not self._closed:
                self._waiting.append(payload)
                self._arrived.notify()


class MemoryCache:
    """Values, buckets and listeners of this process."""

    name = "memory"

    def __init__(self, *, entries: int = ENTRIES, largest: int = LARGEST) -> None:
        self._entries, self._largest = entries, largest
        self._lock = threading.Lock()
        self._values: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._topics: dict[str, weakref.WeakSet[MemorySubscription]] = {}

    def get(self, key: str) -> bytes | None:
        """The value, None when it is not or no longer there."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            until, value = found
            if until <= time.monotonic():
                self._drop(key)
                return None
            self._values.move_to_end(key)
            return value

    def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it that long; not at all what alone is larger than the whole cache."""
        with self._lock:
            self._drop(key)
            if seconds <= 0 or len(value) > self._largest:
                return
            self._values[key] = (time.monotonic() + seconds, value)
            self._size += len(value)
            while len(self._values) > self._entries or self._size > self._largest:
                self._drop(next(iter(self._values)))

    def forget(self, key: str) -> None:
        """It is no longer there."""
        with self._lock:
            self._drop(key)

    def take_token(self, key: str, *, rate: float, burst: int, now: float) -> float:
        """0.0 when there was a token, else the seconds until there is. Raises ValueError for a
        bucket that would never hold one."""
        _bucket.check(rate, burst)
        with self._lock:
            today = time.monotonic()
            full_at, until = self._buckets.get(key, (now, 0.0))
            if until <= today:  # the clock behind `now` may have been wrong for a while
                full_at = now
            full_at, wait = _bucket.take(full_at, rate, burst, now)
            if not wait:
                self._buckets[key] = (full_at, today + full_at - now + _bucket.SLACK)
                self._buckets.move_to_end(key)
            if len(self._buckets) > self._entries:
                self._buckets.popitem(last=False)
            return wait

    def publish(self, topic: str, payload: bytes) -> None:
        """Tell every listener of the topic."""
        with self._lock:
            listeners = list(self._topics.get(topic, ()))
        for listener in listeners:
            listener.give(payload)

    def subscribe(self, topic: str) -> MemorySubscription:
        """Every payload published on the topic from now on."""
        listener = MemorySubscription()
        with self._lock:
            for name in [name for name, held in self._topics.items() if not held]:
                del self._topics[name]
            self._topics.setdefault(topic, weakref.WeakSet()).add(listener)
        return listener

    def close(self) -> None:
        """Forget everything and send the listeners away."""
        with self._lock:
            listeners = [one for held in self._topics.values() for one in held]
            self._values.clear()
            self._size = 0
            self._buckets.clear()
            self._topics.clear()
        for listener in listeners:
            listener.close()

    def _drop(self, key: str) -> None:
        found = self._values.pop(key, None)
        if found is not None:
            self._size -= len(found[1])
