"""A platform on a test's database, with stand-ins for what the test does not need.

`platform(store, tmp_path)` builds it, `member(tenant)` and `worker(tenant)` call its use-cases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vigie.model.access import ROLE_PERMISSIONS, Permission, Principal, PrincipalKind, Role
from vigie.model.text import ENGLISH
from vigie.ports.queues import WorkItem
from vigie.services.access.security_policy import SecurityPolicy
from vigie.services.live import Announcer
from vigie.services.outbound import Outbound
from vigie.services.platform import Caller, Platform, Plugged, system_caller
from vigie.services.sealing import Sealing
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.wiring.plugs import OUTLETS, REPORTS, SCANNERS, Plugs

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """`move(days=1)`."""
        self.now += timedelta(**by)


@dataclass
class MemoryLease:
    """An item that was taken."""

    item: WorkItem
    waiting: deque[WorkItem]
    attempt: int = 1

    def done(self) -> None:
        """Nothing is left to do."""

    def again(self, delay: float) -> None:
        self.waiting.append(self.item)

    def extend(self) -> None:
        """It never ends."""


class MemoryQueue:
    """Hands out what was put, at once and in order; `put_items` is all that ever was."""

    name = "memory"

    def __init__(self) -> None:
        self.put_items: list[WorkItem] = []
        self._waiting: deque[WorkItem] = deque()

    def put(self, item: WorkItem, delay: float = 0.0) -> None:
        self.put_items.append(item)
        self._waiting.append(item)

    def take(self, kinds: Sequence[str], wait: float) -> MemoryLease | None:
        for item in list(self._waiting):
            if item.kind in kinds:
                self._waiting.remove(item)
                return MemoryLease(item, self._waiting)
        return None

    def depth(self) -> int:
        return len(self._waiting)

    def close(self) -> None:
        """Nothing is open."""


class Absent:
    """What the test does not need; whoever uses it all the same learns of it."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"this test's platform has no {self._what} (asked for {name})")


def platform(database: Database, folder: Path, **given: Any) -> Platform:
    """The platform on this database. `given` replaces any field of `Platform`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Any] = {
        "database": database,
        "queue": MemoryQueue(),
        "cache": MemoryCache(),
        "secrets": Absent("secrets"),
        "outbound": Outbound(),
        "policy": SecurityPolicy(),
        "plugs": plugged(),
        "folder": folder,
        "words": lambda _language: ENGLISH,
        "clock": Clock(),
        "sealing": Sealing(bytes(range(32))),
    }
    made = Platform(**{**parts, **given})
    database.announce = Announcer(made.cache)
    return made


def plugged(**given: Any) -> Plugged:
    """The plugs that come with Vigie; none that call out."""
    kinds: dict[str, Any] = {
        "parsers": Plugs(REPORTS),
        "scanners": Plugs(SCANNERS),
        "outlets": Plugs(OUTLETS),
        "notifiers": {},
        "trackers": {},
    }
    return Plugged(**{**kinds, **given})


def member(
    tenant: str,
    role: Role = Role.ANALYST,
    *,
    name: str = "Ada",
    permissions: frozenset[Permission] | None = None,
) -> Caller:
    """Somebody of this tenant with what the role may, or with just these permissions."""
    allowed = ROLE_PERMISSIONS[role] if permissions is None else permissions
    return Caller(
        Principal(PrincipalKind.USER, new_id(), tenant, role, allowed, session="", name=name)
    )


def worker(tenant: str) -> Caller:
    """The platform itself at work."""
    return system_caller("worker", tenant)
