"""A process of its own in which apprise works: it may talk only to whom it is allowed to.

Started as a script, by `sending`; imports nothing of Vigie. It reads one letter from its input,
asks there before every look-up and connection, and writes how it went. The guard is an audit
hook (PEP 578), which once set cannot be taken off: no connection that was not asked for, no file
but those of Python and the system's certificates, no writing, no program. What C code does
without telling Python passes by it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any, TextIO

_MOST_MEMORY = 2 << 30
_STATUS = re.compile(r"\berror=(\d{3})\b")  # how apprise's plugins write an answer down
_READABLE = (
    *(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, *sys.path) if path),
    "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/lib/ssl", "/usr/share/ca-certificates",
    "/usr/share/zoneinfo", "/etc/localtime", "/etc/hosts", "/etc/resolv.conf", "/etc/mime.types",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_FORBIDDEN = (
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod",
    "os.truncate", "shutil.", "sqlite3.", "socket.bind", "ftplib.", "webbrowser.",
)  # fmt: skip


class Guard:
    """Asks the other side, and refuses what it does not allow."""

    def __init__(self, questions: TextIO, answers: TextIO) -> None:
        self._questions, self._answers = questions, answers
        self._allowed: set[tuple[Any, Any]] = set()
        self._lock = threading.RLock()
        self._look_up = socket.getaddrinfo

    def set(self) -> None:
        socket.getaddrinfo = self.look_up
        sys.addaudithook(self.audit)

    def ask(self, host: str, port: int) -> Sequence[str]:
        """The addresses to use, none said means any. Raises PermissionError."""
        with self._lock:
            write(self._questions, {"ask": [host, port]})
            said = json.loads(self._answers.readline() or "{}")
        if not said.get("allowed"):
            raise PermissionError("this address may not be connected to")
        return said.get("addresses") or ()

    def look_up(self, host: Any, port: Any, *options: Any, **named: Any) -> list[Any]:
        """`socket.getaddrinfo`, for what is allowed only and with the addresses that are."""
        name = host.decode("ascii") if isinstance(host, bytes) else str(host)
        number = int(port) if str(port).isdecimal() else 0
        addresses = self.ask(name, number) or (name,)
        found = [one for a in addresses for one in self._look_up(a, port, *options, **named)]
        self._allowed |= {(place[0], place[1]) for *_, place in found}
        return found

    def audit(self, event: str, given: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is not for a courier")
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._connects(given[1])
        elif event == "open":
            _opens(given[0], given[2])

    def _connects(self, place: Any) -> None:
        if place is None:
            return  # already connected
        if not isinstance(place, tuple):
            raise PermissionError("sockets of this machine are not for a courier")
        if (place[0], place[1]) not in self._allowed:
            self.ask(str(place[0]), int(place[1]))
            self._allowed.add((place[0], place[1]))


def _opens(path: Any, flags: Any) -> None:
    if isinstance(path, int) or path is None:
        return  # a descriptor that is open already
    real = os.path.realpath(os.fsdecode(path))
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if real == os.devnull:
        return
    inside = any(real == one or real.startswith(one.rstrip("/") + "/") for one in _READABLE)
    if writes or not inside:
        raise PermissionError("this file is not for a courier")


class Statuses(logging.Handler):
    """Keeps the last status that a plugin wrote down, and nothing else of what it wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.last = 0

    def emit(self, record: logging.LogRecord) -> None:
        found = _STATUS.search(record.getMessage())
        if found:
            self.last = int(found[1])


def write(pipe: TextIO, value: dict[str, Any]) -> None:
    pipe.write(json.dumps(value) + "\n")
    pipe.flush()


def deliver(letter: dict[str, Any], guard: Guard) -> dict[str, Any]:
    """One letter through apprise. With `check` it is only looked at."""
    try:
        import apprise  # noqa: PLC0415 - only this process pays for it
    except ImportError:
        return {"ended": "missing"}
    statuses = Statuses()
    logging.getLogger("apprise").addHandler(statuses)
    logging.getLogger("apprise").setLevel(logging.INFO)
    asset = apprise.AppriseAsset(storage_mode="memory", http_redirects=False)
    guard.set()
    service = apprise.Apprise.instantiate(letter["url"], asset=asset, suppress_exceptions=True)
    if service is None:
        return {"ended": "unknown"}
    if letter.get("check"):
        return {"ended": "done"}
    courier = apprise.Apprise(asset=asset)
    courier.add(service)
    done = courier.notify(
        title=letter["title"], body=letter["body"], body_format="text", notify_type=letter["type"]
    )
    return {"ended": "done" if done else "failed", "status": statuses.last}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the address
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    # Whatever a plugin prints must not be taken for ours.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    letter = json.loads(sys.stdin.readline())
    write(out, deliver(letter, Guard(out, sys.stdin)))
    out.flush()
    os._exit(0)  # threads of a plugin are not waited for


if __name__ == "__main__":
    main()
