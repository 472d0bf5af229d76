"""Runs one command of a scanner in a clean, bounded, killable process of its own."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.ports.scanners import Command
from vigie.sources.scanners import warden

# What a scanner may see of our surroundings: where programs, homes, certificates and proxies
# are. Nothing of Vigie's, and no token or key of anything.
_INHERITED = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)  # fmt: skip
_NEVER = ("VIGIE_*",)
# Unless it is the tool's own and named in full: a pattern must not let one through by chance.
_SECRET = ("*TOKEN*", "*SECRET*", "*API_KEY*", "*APIKEY*", "*PRIVATE_KEY*")


class Ending(StrEnum):
    """How an execution ended."""

    EXIT = "exit"  # by itself; the exit code tells more
    TIMEOUT = "timeout"
    STOPPED = "stopped"  # because we asked
    OUTPUT = "output"  # it printed more than it may
    UNSTARTABLE = "unstartable"  # the system would not start it
    LOST = "lost"  # its warden was killed


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an execution may take. Seconds and bytes.

    `grace` lies between SIGTERM and SIGKILL. `file` bounds each file it writes, and leaves
    room for vulnerability databases.
    """

    timeout: float = 600.0
    grace: float = 3.0
    output: int = 2 * 1024**3
    file: int = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Execution:
    """What happened. `code` is negative for a signal, None when it never ran.

    `stdout` is a file, `stderr` the last 64 KiB in words.
    """

    ending: Ending
    code: int | None
    stdout: Path
    stderr: str
    error: str = ""


DEFAULT_BOUNDS = Bounds()
# Given what a scanner writes to its error output, while it writes it, and b"" now and then while it
# writes nothing. A NUL stands where something was lost because it wrote faster than it is read.
Heard = Callable[[bytes], None]
_SILENCE = 0.25  # seconds without a word
_PAUSE = 0.1  # seconds between two looks: with what is read at once, 640 KiB/s
_AT_ONCE = 1 << 16


def execute(
    command: Command,
    workspace: Path,
    bounds: Bounds = DEFAULT_BOUNDS,
    *,
    stop: threading.Event | None = None,
    heard: Heard | None = None,
) -> Execution:
    """Run the command to its end and leave nothing of it running.

    `workspace` is a private folder that exists; output and temporary files go there. Setting
    `stop` from another thread ends it. `heard` is called in this thread. Raises SourceError when
    not even the watching process starts.
    """
    order = _order(command, workspace, bounds)._replace(live=heard is not None)
    with _start_warden(order) as process:
        words, account = process.stdin, process.stdout
        if words is None or account is None:  # never, with two pipes
            raise AssertionError
        _tell(words, json.dumps(order).encode() + b"\n")
        try:
            if heard is not None:
                _listen(process, stop or threading.Event(), heard)
            _wait(process, words, stop)
        finally:
            # Also on an error of ours: without the pipe the warden ends the whole tree.
            with contextlib.suppress(OSError):
                words.close()
            line = account.readline()
    return _account(line, workspace)


def clean_environment(
    inherits: Iterable[str] = (), ours: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What a scanner may see of our environment, plus the variables that `inherits` names."""
    ours = os.environ if ours is None else ours
    named = frozenset(inherits)
    patterns = (*_INHERITED, *named)
    return {
        name: value
        for name, value in ours.items()
        if _matches(name, patterns)
        and not _matches(name.upper(), _NEVER)
        and (name in named or not _matches(name.upper(), _SECRET))
    }


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _order(command: Command, workspace: Path, bounds: Bounds) -> warden.Order:
    scratch = workspace / "tmp"
    scratch.mkdir(mode=0o700, exist_ok=True)
    argv = [str(word) for word in command.argv]
    environment = clean_environment(command.inherits)
    environment["TMPDIR"] = str(scratch)
    if os.sep in argv[0]:
        # A tool's helpers lie beside it in its own environment.
        folders = (str(Path(argv[0]).parent), environment.get("PATH", os.defpath))
        environment["PATH"] = os.pathsep.join(folders)
    environment.update(command.env)
    return warden.Order(
        argv=argv,
        env=environment,
        cwd=str(command.cwd or workspace),
        workspace=str(workspace),
        timeout=bounds.timeout,
        grace=bounds.grace,
        output=bounds.output,
        file=bounds.file,
    )


def _start_warden(order: warden.Order) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if order.live else subprocess.DEVNULL,
            env={},
            # A Ctrl-C in the terminal must not reach it: it has to tidy up first.
            start_new_session=True,
        )
    except OSError as error:
        raise SourceError(
            T("no process can be started: {why}", why=error.strerror or ""),
            T("See whether the machine is out of memory or processes."),
            retryable=True,
        ) from None


def _tell(pipe: IO[bytes], words: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.write(words)
        pipe.flush()


def _listen(process: subprocess.Popen[bytes], stop: threading.Event, heard: Heard) -> None:
    """Pass on what comes until nothing more can come, or it is to stop: then nobody waits for the
    last words of something that was ended."""
    if process.stderr is None:  # never, with a pipe
        raise AssertionError
    with process.stderr as source, selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        while not stop.is_set():
            data = b""
            if selector.select(_SILENCE):
                data = os.read(source.fileno(), _AT_ONCE)
                if not data:
                    return
            heard(data)
            if data:
                stop.wait(_PAUSE)


def _wait(process: subprocess.Popen[bytes], pipe: IO[bytes], stop: threading.Event | None) -> None:
    told = False
    while True:
        try:
            process.wait(0.1 if stop is not None and not told else None)
            return
        except subprocess.TimeoutExpired:
            if stop is not None and stop.is_set():
                _tell(pipe, b"stop\n")
                told = True


def _account(line: bytes, workspace: Path) -> Execution:
    stdout, stderr = workspace / "stdout", workspace / "stderr"
    try:
        account = json.loads(line)
    except ValueError:
        account = {"ended": Ending.LOST}
    words = ""
    with contextlib.suppress(OSError):
        words = stderr.read_bytes().decode("utf-8", "replace")
    return Execution(
        Ending(account["ended"]), account.get("code"), stdout, words, account.get("error", "")
    )
