"""A small process of its own that keeps watch over one scanner and everything it starts.

`process.py` runs it as a script, so it uses the standard library only and starts in
milliseconds. It holds one end of a pipe whose other end Vigie holds: when Vigie asks, when
Vigie dies of whatever cause, or when the time is up, the whole tree is ended. On Linux it is
a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER): children that call setsid(2) or fork twice come
back to it and are found. Elsewhere it ends the scanner's process group.

Standard input: the order as one JSON line, then silence. Anything more means 'stop', end of
file means that Vigie is gone. Standard output: the account as one JSON line. Standard error, when
the order says so: what the scanner writes to its own, while it writes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_CHUNK = 1 << 16
_PATIENCE = 10.0  # seconds to go on killing what does not die
_LISTENER = 2
_GAP = b"\0"
_HEARING = 5.0  # seconds that Vigie has to read the last of it


class Order(NamedTuple):
    """What to run and within which limits. Seconds and bytes.

    `output` bounds standard output, `file` any one file that the scanner writes. With `live`, what
    it writes to its error output is handed on.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    workspace: str
    timeout: float
    grace: float
    output: int
    file: int
    live: bool = False


class Ear:
    """Hands on to Vigie what the scanner writes, and makes it wait for nothing: when Vigie reads
    too slowly the newest 64 KiB are kept, and a NUL stands for what was lost before them."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.listens = True
        os.set_blocking(_LISTENER, False)

    def hear(self, data: bytes) -> None:
        """Take what was written; as much as finds room goes on at once."""
        self.waiting += data.replace(_GAP, b"")
        if len(self.waiting) > _CHUNK:
            self.waiting[:-_CHUNK] = _GAP
        self.tell()

    def tell(self) -> None:
        """Hand on what there is room for."""
        try:
            while self.listens and self.waiting:
                del self.waiting[: os.write(_LISTENER, self.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            self.listens = False

    def watch(self, selector: selectors.BaseSelector) -> None:
        """Have the selector wait for room when, and only when, something waits for it."""
        waits, watched = self.listens and bool(self.waiting), _LISTENER in selector.get_map()
        if waits and not watched:
            selector.register(_LISTENER, selectors.EVENT_WRITE)
        elif watched and not waits:
            selector.unregister(_LISTENER)

    def finish(self) -> None:
        """Hand on the rest, unless nobody reads it."""
        deadline = time.monotonic() + _HEARING
        while self.listens and self.waiting and (left := deadline - time.monotonic()) > 0:
            select.select([], [_LISTENER], [], left)
            self.tell()


class Watch:
    """One scanner from its start to the end of its last descendant."""

    def __init__(self, order: Order, wake: int, *, stopped: bool = False) -> None:
        self.order = order
        self.wake = wake
        self.stopped = stopped  # before it began
        self.ended = "exit"
        self.error = ""
        self.pid = 0
        self.status: int | None = None
        self.written = 0
        self.tail = bytearray()
        self.streams: tuple[int, int] = (-1, -1)
        self.ear = Ear() if order.live else None

    def run(self) -> dict[str, object]:
        """The account: how it ended, its exit code (negative: the signal), bytes it printed."""
        if not self._start():
            return {"ended": "unstartable", "error": self.error}
        with open(f"{self.order.workspace}/stdout", "wb") as out:  # noqa: PTH123
            self._watch(out)
            self._end_tree()
            for stream in self.streams:
                while self._copy(stream, out) is True:
                    pass
        with open(f"{self.order.workspace}/stderr", "wb") as err:  # noqa: PTH123
            err.write(self.tail)
        if self.ear is not None and self.ended != "orphaned":
            self.ear.finish()
        if self.ended == "orphaned":
            # Nobody is left to read the report, which may hold secrets.
            shutil.rmtree(self.order.workspace, ignore_errors=True)
            around = os.path.dirname(self.order.workspace)  # noqa: PTH120
            if os.path.basename(around).startswith("vigie-"):  # noqa: PTH119
                with contextlib.suppress(OSError):  # it may hold something else yet
                    os.rmdir(around)  # noqa: PTH106
        code = os.waitstatus_to_exitcode(self.status) if self.status is not None else None
        return {"ended": self.ended, "code": code, "written": self.written}

    def _start(self) -> bool:
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        why_read, why_write = os.pipe()  # closes by itself when exec works
        warden = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self._become(out_write, err_write, why_write, warden)
        for end in (out_write, err_write, why_write):
            os.close(end)
        self.error = os.read(why_read, _CHUNK).decode("utf-8", "replace")
        os.close(why_read)
        if self.error:
            os.waitpid(self.pid, 0)
            return False
        for end in (out_read, err_read):
            os.set_blocking(end, False)
        self.streams = (out_read, err_read)
        return True

    def _become(self, out: int, err: int, why: int, warden: int) -> None:
        """In the child: put on its surroundings and become the scanner. Never returns."""
        order = self.order
        try:
            os.setsid()
            # Should the warden itself be killed, its scanner must not stay behind.
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != warden:
                os._exit(1)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out, 1)
            os.dup2(err, 2)
            _limit_files(order.file)
            signal.set_wakeup_fd(-1)
            for name in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
                signal.signal(name, signal.SIG_DFL)
            os.chdir(order.cwd)
            os.umask(0o077)
            os.execvpe(order.argv[0], order.argv, order.env)  # noqa: S606
        except OSError as error:
            os.write(why, f"{error.strerror}: {order.argv[0]}".encode())
        os._exit(1)

    def _watch(self, out: BinaryIO) -> None:
        """Copy its output until it ends, the time is up, or somebody wants it stopped."""
        if self.stopped:
            self.ended = "stopped"
            return
        deadline = time.monotonic() + self.order.timeout
        with selectors.DefaultSelector() as selector:
            for source in (0, self.wake, *self.streams):
                selector.register(source, selectors.EVENT_READ)
            while not self._is_over():
                left = deadline - time.monotonic()
                if left <= 0:
                    self.ended = "timeout"
                    return
                if self.ear is not None:
                    self.ear.watch(selector)
                for key, _ in selector.select(min(left, 60.0)):
                    if key.fd == _LISTENER and self.ear is not None:
                        self.ear.tell()
                    elif key.fd in self.streams:
                        if self._copy(key.fd, out) is False:
                            selector.unregister(key.fd)
                    elif not self._is_left_alone(key.fd):
                        return
                if self.written > self.order.output:
                    self.ended = "output"
                    return

    def _is_left_alone(self, source: int) -> bool:
        """False when the pipe from Vigie or a signal says that this must end."""
        data = os.read(source, 64)
        if source == 0:
            self.ended = "stopped" if data else "orphaned"
        elif signal.SIGTERM in data:
            self.ended = "stopped"
        return self.ended == "exit"

    def _is_over(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def _copy(self, stream: int, out: BinaryIO) -> bool | None:
        """Move one chunk; False at the end of the stream, None when nothing is there yet.

        Of standard output the beginning is kept, of standard error the end.
        """
        try:
            data = os.read(stream, _CHUNK)
        except BlockingIOError:
            return None
        if stream == self.streams[1]:
            self.tail += data
            del self.tail[:-_CHUNK]
            if self.ear is not None:
                self.ear.hear(data)
        else:
            out.write(data[: max(0, self.order.output - self.written)])
            self.written += len(data)
        return bool(data)

    def _end_tree(self) -> None:
        """SIGTERM, a moment to tidy up, then SIGKILL, until no descendant is left."""
        if self.ended != "exit":
            _signal_tree(self.pid, signal.SIGTERM)
            kill_at = time.monotonic() + self.order.grace
            while self._tree_lives() and time.monotonic() < kill_at:
                time.sleep(0.02)
        give_up = time.monotonic() + _PATIENCE
        while self._tree_lives() and time.monotonic() < give_up:
            _signal_tree(self.pid, signal.SIGKILL)
            time.sleep(0.005)

    def _tree_lives(self) -> bool:
        """Reap whoever is dead; True while a child, born here or adopted, is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid:
                self.status = status


def _signal_tree(scanner: int, name: signal.Signals) -> None:
    """Signal every descendant of this process and the scanner's group."""
    for pid in _descendants(os.getpid()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, name)
    if not sys.platform.startswith("linux"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(scanner, name)


def _descendants(ancestor: int) -> Iterator[int]:
    """Process ids below `ancestor`, by the parents that /proc/<pid>/stat names (proc(5))."""
    children: dict[int, list[int]] = {}
    with contextlib.suppress(FileNotFoundError):
        for entry in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
            with contextlib.suppress(OSError), open(f"/proc/{entry}/stat", "rb") as stat:  # noqa: PTH123
                # The name stands in brackets and may hold anything, brackets too.
                parent = int(stat.read().rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry))
    waiting = children.get(ancestor, [])
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _limit_files(size: int) -> None:
    import resource  # noqa: PLC0415 (not on every system)

    for limit, wanted in ((resource.RLIMIT_FSIZE, size), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (soft, hard))


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _wake_on_signals() -> int:
    """A descriptor that becomes readable when a child ends or somebody asks us to."""
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(write)
    for name in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(name, lambda *_: None)
    # Ctrl-C in a terminal is for Vigie, which decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return read


def _read_order() -> tuple[Order, bool] | None:
    """What to do, and whether the word to stop has come with it already."""
    words = b""
    while b"\n" not in words:
        data = os.read(0, _CHUNK)
        if not data:
            return None
        words += data
    line, _, more = words.partition(b"\n")
    return Order(*json.loads(line)), bool(more)


def main() -> None:
    """Run what the order says and give the account."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake = _wake_on_signals()
    found = _read_order()
    if found is not None:
        order, stopped = found
        account = Watch(order, wake, stopped=stopped).run()
        with contextlib.suppress(OSError):
            os.write(1, json.dumps(account).encode() + b"\n")


if __name__ == "__main__":
    main()
