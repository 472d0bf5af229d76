"""Processes of the platform: one platform to a folder, children that never outlive their parent."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.wiring.telemetry import forget_process

LOCK = "up.lock"
PARENT = "VIGIE_PARENT"  # set for children: the process that they follow
_PR_SET_PDEATHSIG = 1
_LONGEST_PAUSE = 60.0
_STEADY = 60.0  # seconds after which a child that ends was no failed start
_log = structlog.get_logger("vigie.processes")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one at a time in this folder; the system lets go of it however this process ends.

    Raises UserError when another is there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UserError(
                T("a platform runs in {folder} already (process {pid})",
                  folder=str(folder), pid=lock.read(20).strip() or "?"),
                T("Stop that one first, or give another folder: --data DIR."),
            ) from None  # fmt: skip
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def follow_parent(environ: Mapping[str, str]) -> bool:
    """In a child: end at once when the parent is gone, however it ended. False when this process
    is nobody's child.

    The kernel sees to it on Linux (prctl(2), PR_SET_PDEATHSIG); everywhere, standard input is a
    pipe whose other end only the parent holds.
    """
    parent = environ.get(PARENT, "")
    if not parent.isdigit():
        return False
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):  # it was gone before
            _end()
    threading.Thread(target=_wait_for_the_end, name="lifeline", daemon=True).start()
    return True


def _wait_for_the_end() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class _Place:
    """Where one child runs; a new one takes it when that ends."""

    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause: float = 0.0
    again: float = 0.0


@dataclass
class Children:
    """So many processes of one command, each begun again when it ends by itself.

    Call everything from one thread that lives as long as they do: on Linux they end with the
    thread that began them.
    """

    command: Sequence[str]
    count: int
    environ: Mapping[str, str]
    places: list[_Place] = field(default_factory=list)

    def start(self) -> None:
        """Begin all of them."""
        self.places = [_Place() for _ in range(self.count)]
        self.watch()

    def watch(self) -> None:
        """Begin again what has ended: at once the first time, then later and later."""
        now = time.monotonic()
        for place in self.places:
            process = place.process
            if process is not None and process.poll() is not None:
                _log.warning("worker.ended", pid=process.pid, code=process.returncode)
                _close(process)
                forget_process(process.pid)
                steady = now - place.began > _STEADY
                place.pause = 0.0 if steady else min(_LONGEST_PAUSE, place.pause * 2 or 1.0)
                place.again = now + place.pause
                place.process = None
            if place.process is None and now >= place.again:
                place.process, place.began = self._begin(), now

    def pids(self) -> list[int]:
        """Those that run."""
        return [place.process.pid for place in self.places if place.process is not None]

    def stop(self, patience: float) -> None:
        """SIGTERM, then SIGKILL for those that are not gone after `patience` seconds."""
        running = [place.process for place in self.places if place.process is not None]
        self.places = []
        for process in running:
            process.terminate()
        end = time.monotonic() + patience
        for process in running:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _log.warning("worker.killed", pid=process.pid)
                process.kill()
                process.wait()
            _close(process)

    def _begin(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal reaches the parent, which stops it in order.
        return subprocess.Popen(
            [*self.command],
            stdin=subprocess.PIPE,
            env={**self.environ, PARENT: str(os.getpid())},
            start_new_session=True,
        )


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
