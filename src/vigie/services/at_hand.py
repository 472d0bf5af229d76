"""What is at hand for judging findings: the feeds, and how the tenant weighs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vigie.ports.feeds import NO_KNOWLEDGE, Knowledge
from vigie.services import policies
from vigie.services.advisories import FeedKind
from vigie.services.feeds import completed, feeds_at_hand
from vigie.services.platform import Caller, Platform
from vigie.services.recording import RecordOptions

FOLDER = "advisories"  # in the platform's own folder
_FEED_AGE = 7  # days


@contextmanager
def knowledge_of(platform: Platform) -> Iterator[Knowledge]:
    """KEV and EPSS out of the platform's database of advisories, if it has one."""
    today = platform.clock().date().isoformat()
    wanted = (FeedKind.KEV, FeedKind.EPSS)
    database, _ = feeds_at_hand(platform.folder / FOLDER, today, _FEED_AGE, wanted)
    try:
        yield completed(NO_KNOWLEDGE, database)
    finally:
        if database is not None:
            database.close()


@contextmanager
def judging(platform: Platform, caller: Caller) -> Iterator[RecordOptions]:
    """Options with the knowledge there is and the tenant's own weights."""
    with platform.database.read(caller.scope) as work:
        priority = policies.chosen(work).priority
    with knowledge_of(platform) as knowledge:
        yield RecordOptions(knowledge=knowledge, priority=priority)
