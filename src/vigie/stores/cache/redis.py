"""Cache in Redis (or what speaks its protocol: Valkey, KeyDB), shared by several processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import redis
from redis.backoff import ConstantBackoff
from redis.client import PubSub
from redis.retry import Retry

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.stores.cache import _bucket

ANSWER = 3.0  # seconds that Redis may take for one answer
SCHEMES = ("redis", "rediss", "unix")

# `_bucket.take`, run in the server, where nobody comes in between.
TAKE = """
local now, gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local begin = math.max(tonumber(redis.call('GET', KEYS[1]) or ARGV[1]), now)
local wait = begin - (burst - 1) * gap - now
if wait > tonumber(ARGV[4]) then
  return string.format('%.17g', wait)
end
local full_at = begin + gap
local kept = math.min((full_at - now + tonumber(ARGV[5])) * 1000, 31536000000)
redis.call('SET', KEYS[1], string.format('%.17g', full_at), 'PX', math.ceil(kept))
return '0'
"""


class RedisSubscription:
    """Payloads of one topic, over a connection of its own. For one thread at a time."""

    def __init__(self, cache: RedisCache, listener: PubSub) -> None:
        self._cache = cache
        self._listener = listener

    def next(self, seconds: float) -> bytes | None:
        """The next payload, None when none came in time.

        Raises SourceError when the connection is lost; the next call tries a new one.
        """
        end = time.monotonic() + seconds
        while self._listener.subscribed and not self._cache.closed.is_set():
            left = max(0.0, end - time.monotonic())
            try:
                with self._cache.asking():
                    said = self._listener.get_message(ignore_subscribe_messages=True, timeout=left)
            except (SourceError, ValueError):  # ValueError: its socket was closed under it
                if self._cache.closed.is_set():
                    return None
                raise
            if said is not None and said["type"] == "message":
                payload: bytes = said["data"]
                return payload
            if time.monotonic() >= end:
                return None
        return None

    def close(self) -> None:
        """Give the connection back."""
        self._listener.close()


class RedisCache:
    """The cache at `url` (`redis://USER:PASSWORD@HOST:6379/0`, `rediss://` with TLS, `unix://`).

    Every key and topic begins with `prefix`. Connects with the first call, and again when it
    must; nothing is tried twice for long, since whoever asks can do without.
    """

    name = "redis"

    def __init__(self, url: str, *, prefix: str = "vigie:") -> None:
        self.prefix = prefix
        try:
            parts = urlsplit(url)
            if parts.scheme not in SCHEMES:
                raise _unusable()
            self.address = (
                parts.path
                if parts.scheme == "unix"
                else f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
            )
            self._client = redis.Redis.from_url(
                url,
                socket_timeout=ANSWER,
                socket_connect_timeout=ANSWER,
                retry=Retry(ConstantBackoff(0.05), 1),
                health_check_interval=15,
                client_name="vigie",
            )
        except ValueError:
            raise _unusable() from None
        self._take = self._client.register_script(TAKE)
        self.closed = threading.Event()

    def get(self, key: str) -> bytes | None:
        """The value, None when it is not or no longer there."""
        with self.asking():
            found = self._client.get(self._value(key))
        # Bytes: the client is not asked to decode answers.
        return found if isinstance(found, bytes) else None

    def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it that long, to the millisecond."""
        kept = int(seconds * 1000)
        if kept < 1:
            self.forget(key)
            return
        with self.asking():
            self._client.set(self._value(key), value, px=kept)

    def forget(self, key: str) -> None:
        """It is no longer there."""
        with self.asking():
            self._client.delete(self._value(key))

    def take_token(self, key: str, *, rate: float, burst: int, now: float) -> float:
        """0.0 when there was a token, else the seconds until there is. Raises ValueError for a
        bucket that would never hold one."""
        _bucket.check(rate, burst)
        numbers: list[str | int | float] = [
            repr(float(now)), repr(1 / rate), burst, _bucket.GRAIN, _bucket.SLACK,
        ]  # fmt: skip
        with self.asking():
            return float(self._take(keys=[f"{self.prefix}bucket:{key}"], args=numbers))

    def publish(self, topic: str, payload: bytes) -> None:
        """Tell every listener of the topic, in every process."""
        with self.asking():
            self._client.publish(self.prefix + topic, payload)

    def subscribe(self, topic: str) -> RedisSubscription:
        """Every payload published on the topic from now on: Redis has confirmed it."""
        listener: PubSub = self._client.pubsub()  # type: ignore[no-untyped-call]
        try:
            with self.asking():
                listener.subscribe(self.prefix + topic)
                end = time.monotonic() + ANSWER
                while listener.get_message(timeout=ANSWER) is None:
                    if time.monotonic() > end:
                        raise redis.exceptions.TimeoutError
        except SourceError:
            listener.close()
            raise
        return RedisSubscription(self, listener)

    def close(self) -> None:
        """Close every connection; whoever listens hears nothing more."""
        self.closed.set()
        self._client.close()

    def _value(self, key: str) -> str:
        return f"{self.prefix}value:{key}"

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Says in our words what goes wrong with Redis (for its subscriptions too)."""
        try:
            yield
        except (redis.exceptions.RedisError, OSError) as error:
            raise SourceError(
                T("the cache at {address} does not answer", address=self.address),
                T("See whether Redis runs, and whether VIGIE_CACHE_URL is right."),
                retryable=True,
            ) from error


def _unusable() -> UserError:
    return UserError(
        T("this is no address of a Redis server"),
        T("Give redis://USER:PASSWORD@HOST:PORT/0, or rediss:// for TLS."),
    )
