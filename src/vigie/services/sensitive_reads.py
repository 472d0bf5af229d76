"""What somebody looked at, where looking is worth an entry: people, their sessions, keys, the names
of secrets. The audit log, exports and downloads write their own, each time.

The same person looking at the same again from the same address within five minutes is one entry:
a screen that reloads its list must not fill the log. Which pages they saw is not said, for any
page may have shown anybody.
"""

from __future__ import annotations

from contextlib import suppress

from vigie.model.errors import SourceError
from vigie.services.platform import Caller, Platform

SECONDS = 300.0


def note(platform: Platform, caller: Caller, noun: str) -> None:
    """Write `<noun>.read`, unless this was written a moment ago. Call it before reading: what
    cannot be written down is not shown."""
    key = f"read:{caller.tenant}:{caller.principal.actor}:{caller.address}:{noun}"
    with suppress(SourceError):  # without a cache every read is an entry
        if platform.cache.get(key) is not None:
            return
    with platform.database.begin(caller.scope) as work:
        work.audit(caller.entry(f"{noun}.read", noun))
    # Only now: an entry that could not be written is written the next time.
    with suppress(SourceError):
        platform.cache.set(key, b"1", SECONDS)
