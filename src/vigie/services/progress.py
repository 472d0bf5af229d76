"""How far a job is, as its handler says it, and whether the handler is to stop."""

from __future__ import annotations

import threading
from enum import StrEnum


class Why(StrEnum):
    """Why a handler is to stop."""

    CANCELLED = "cancelled"
    LOST = "lost"  # the lease ran out: another worker may have the job by now
    LEAVING = "leaving"  # this worker ends


class JobStoppedError(Exception):
    """Raised inside a handler by its progress: undo what is not committed and leave."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Progress:
    """Given to a handler. Call it often: it costs nothing, and is written down once a second.

    `stop` is set when the handler is to stop; it can be handed on to what waits (a scanner).
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.why: Why | None = None
        self._lock = threading.Lock()
        self._fraction: float | None = None
        self._stage: str | None = None
        self._news = False

    def __call__(self, fraction: float | None = None, stage: str | None = None) -> None:
        """So far it is: 0–1 and a word ("reading", "merging"); None leaves it as it was.

        Raises JobStoppedError when the job was cancelled, lost, or the worker ends.
        """
        with self._lock:
            if fraction is not None:
                self._fraction, self._news = min(1.0, max(0.0, fraction)), True
            if stage is not None:
                self._stage, self._news = stage, True
        self.check()

    def check(self) -> None:
        """Raises JobStoppedError when the handler is to stop."""
        if self.why is not None:
            raise JobStoppedError(self.why)

    def end(self, why: Why) -> None:
        """Have the handler stop; the first reason stays."""
        with self._lock:
            self.why = self.why or why
        self.stop.set()

    def news(self) -> tuple[float | None, str | None] | None:
        """What was said since the last call, None when nothing was."""
        with self._lock:
            if not self._news:
                return None
            self._news = False
            return self._fraction, self._stage
