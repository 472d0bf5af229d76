"""Our side of the courier: starts it, answers what it asks, and ends it in time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from vigie.model.errors import SourceError, UserError
from vigie.ports.notifiers import Allows

_COURIER = Path(__file__).with_name("courier.py")
_LONGEST_LINE = 64 * 1024
_MOST_QUESTIONS = 64
# Nothing else of our surroundings is any business of a third party's code.
_PASSED_ON = ("LANG", "LC_ALL", "PATH", "PYTHONPATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TZ",
              "VIRTUAL_ENV")  # fmt: skip


class Ended(Enum):
    """How it went. `UNKNOWN`: apprise knows no such address; `MISSING`: there is no apprise."""

    DONE = auto()
    FAILED = auto()
    UNKNOWN = auto()
    MISSING = auto()
    FORBIDDEN = auto()
    LATE = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is what the service answered, 0 when nobody wrote it down."""

    ended: Ended
    status: int = 0


class _Said(msgspec.Struct):
    """One line of the courier's: a question, or the end."""

    ask: tuple[str, int] | None = None
    ended: str = ""
    status: int = 0


def carry(letter: Mapping[str, Any], seconds: float, allows: Allows) -> Outcome:
    """Have the courier deliver it within `seconds`. The address goes through a pipe, so that no
    list of processes shows it. Never raises for what apprise or the service does."""
    environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # -P: what lies beside the script or in the working folder is not imported.
    with subprocess.Popen(
        [sys.executable, "-P", str(_COURIER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        cwd="/",
    ) as courier:
        late = threading.Event()
        timer = threading.Timer(seconds, _end, (courier, late))
        timer.daemon = True
        timer.start()
        try:
            outcome = _spoken(courier, letter, allows)
        finally:
            timer.cancel()
            timer.join()
            courier.kill()
            with contextlib.suppress(OSError):
                courier.stdin.close()  # type: ignore[union-attr]
    return Outcome(Ended.LATE) if late.is_set() else outcome


def _end(courier: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    courier.kill()


def _spoken(courier: subprocess.Popen[bytes], letter: Mapping[str, Any], allows: Allows) -> Outcome:
    """The conversation. What was refused once decides, whatever apprise makes of it."""
    assert courier.stdin is not None and courier.stdout is not None  # noqa: S101 - pipes
    refused: Outcome | None = None
    with contextlib.suppress(OSError, msgspec.DecodeError):
        _write(courier.stdin, letter)
        for _ in range(_MOST_QUESTIONS):
            said = msgspec.json.decode(courier.stdout.readline(_LONGEST_LINE), type=_Said)
            if said.ask is None:
                ended = Ended.__members__.get(said.ended.upper(), Ended.FAILED)
                refused = None if ended is Ended.DONE else refused
                return refused or Outcome(ended, said.status)
            try:
                addresses = allows(*said.ask)
                _write(courier.stdin, {"allowed": True, "addresses": addresses})
            except UserError:
                refused = Outcome(Ended.FORBIDDEN)
                _write(courier.stdin, {"allowed": False})
            except SourceError:
                _write(courier.stdin, {"allowed": False})
    return refused or Outcome(Ended.FAILED)


def _write(pipe: BinaryIO | Any, value: Mapping[str, Any]) -> None:
    pipe.write(msgspec.json.encode(value) + b"\n")
    pipe.flush()
