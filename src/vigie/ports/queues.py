"""The seam for work queues: at least once, with a lease.

The work itself is a row of the store (`jobs`); the queue only hands out its id, so a message
that comes twice, late or never changes nothing for good: a job is claimed in the store, and
the scheduler announces again what was lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Which job: its id, whose it is, and its kind, by which workers choose."""

    kind: str
    tenant: str
    job: str


class Lease(Protocol):
    """One item in the hands of one worker until the lease ends; then another may get it."""

    item: WorkItem
    attempt: int  # 1 for the first time it is handed out

    def done(self) -> None:
        """It is finished and must not be handed out again."""

    def again(self, delay: float) -> None:
        """Hand it out again in `delay` seconds."""

    def extend(self) -> None:
        """Still at it: the lease runs anew from now."""


class Queue(Protocol):
    """Hands out work. Safe to use from several threads and processes.

    Every method raises SourceError (retryable) when the engine behind it cannot be reached.
    """

    name: str

    def put(self, item: WorkItem, delay: float = 0.0) -> None:
        """Announce it, to be handed out in `delay` seconds. Durable when this returns."""

    def take(self, kinds: Sequence[str], wait: float) -> Lease | None:
        """The next item of these kinds, None when none came within `wait` seconds."""

    def depth(self) -> int:
        """How many items wait or are leased."""

    def close(self) -> None: ...
