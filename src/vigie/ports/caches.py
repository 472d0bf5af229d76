"""The seam for what may be lost: cached answers and counters of rate limits."""

from __future__ import annotations

from typing import Protocol


class Subscription(Protocol):
    """Close it when done: a listener that reads no more is dropped, and so are its payloads."""

    def next(self, seconds: float) -> bytes | None:
        """The next payload, None when none came in time."""

    def close(self) -> None: ...


class Cache(Protocol):
    """Keys to bytes for a time. Losing everything at any moment is allowed and changes no
    answer; every method raises SourceError (retryable) when the engine cannot be reached.
    Safe to use from several threads."""

    name: str

    def get(self, key: str) -> bytes | None:
        """The value, None when it is not or no longer there."""

    def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep it that long."""

    def forget(self, key: str) -> None: ...

    def take_token(self, key: str, *, rate: float, burst: int, now: float) -> float:
        """Take one token from the bucket `key`, which fills with `rate` tokens a second up to
        `burst` (token bucket). 0.0 when there was one, else the seconds until there is."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Tell every listener of the topic, in every process of this cache; may be lost."""

    def subscribe(self, topic: str) -> Subscription:
        """Every payload published on the topic from now on."""

    def close(self) -> None: ...
