"""Says, once it is committed, that something happened; whoever waits for it looks then.

The cache carries the word and may lose it: nobody relies on it alone, everybody looks from time
to time as well.
"""

from __future__ import annotations

import time

import structlog

from vigie.model.errors import SourceError
from vigie.ports.caches import Cache
from vigie.stores.relational.database import Work

OUTBOX = "outbox"  # the topic of what is to be sent, of all tenants
SILENCE = 10.0  # seconds without a word after the cache did not answer
_NEWS = b"new"
_log = structlog.get_logger("vigie.live")


def topic_of(tenant: str) -> str:
    """The topic of what happens in a tenant."""
    return f"events:{tenant}"


def changed(work: Work, tenant: str = "") -> None:
    """Something of this transaction's tenant (or of the one named) is new: an event, how far a
    job is, where a delivery stands."""
    work.announce(topic_of(tenant or work.tenant))


def to_send(work: Work) -> None:
    """Something is in the outbox that may go now."""
    changed(work)
    work.announce(OUTBOX)


class Announcer:
    """Publishes topics in a cache. Never fails: what it tells of is committed already; and a
    cache that is gone holds up writers once in a while, not each time."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._silent_until = 0.0

    def __call__(self, topic: str) -> None:
        """Tell whoever listens to the topic."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._cache.publish(topic, _NEWS)
        except SourceError as error:
            self._silent_until = time.monotonic() + SILENCE
            _log.warning("live.silent", why=str(error), seconds=SILENCE)
