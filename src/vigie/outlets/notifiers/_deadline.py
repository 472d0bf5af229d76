"""A limit on a whole conversation: a receiver that sends a byte now and then holds up nobody."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts every watched connection once the time is over; `passed` tells it from a hang-up.

    Time-outs of sockets start anew with each byte, so they alone are no limit. A duplicate of
    the socket is shut, because TLS takes the first one away from whoever opened it.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        for watched in self._watched:
            watched.close()

    def watch(self, connection: socket.socket) -> None:
        """Have this connection end in time too."""
        with self._lock:
            self._watched.append(connection.dup())
            if self.passed:
                self._shut()

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        for watched in self._watched:
            with contextlib.suppress(OSError):  # the other side was faster
                watched.shutdown(socket.SHUT_RDWR)
