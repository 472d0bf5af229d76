"""A platform's database on an engine of its own, and the processes of Vigie that run on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from tests.service_engines import CannotStartError, Postgres

from bench.measuring import NotMeasured, vigie
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database

PATIENCE = 120.0
_ADDRESS = re.compile(r"http://[\d.]+:(\d+)")
# As an administrator would set them on a machine of this size, and nothing left out that keeps
# what was committed through a power cut.
_POSTGRES = (
    "fsync = on\nfull_page_writes = on\nshared_buffers = 1GB\nwork_mem = 16MB\n"
    "maintenance_work_mem = 256MB\nmax_wal_size = 4GB\neffective_cache_size = 4GB\n"
    "random_page_cost = 1.1\n"
)


@dataclass
class Process:
    """One process of Vigie. `log` is what it wrote to standard error."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self, pattern: re.Pattern[str]) -> str:
        """The first group of the pattern, as soon as the log has it. Raises RuntimeError."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = pattern.search(self.log.read_text(errors="replace"))
            if found:
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(f"not said: {pattern.pattern}: {self.log.read_text()[-1500:]}")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()


@dataclass
class Home:
    """One platform: `engine` in words, the application's `url`, its `folder`."""

    engine: str
    url: str
    folder: Path
    started: list[Process] = field(default_factory=list)

    def start(self, *command: str, **environ: str) -> Process:
        """`vigie COMMAND…` on this platform."""
        log = self.folder / f"{command[0]}-{len(self.started)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                vigie(*command), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**_plain_environment(), "VIGIE_DATA": str(self.folder),
                     "VIGIE_DATABASE_URL": self.url, **environ},
            )  # fmt: skip
        self.started.append(Process(process, log))
        return self.started[-1]

    def server(self, *options: str, **environ: str) -> tuple[Process, int]:
        """A server, and the port that it answers at."""
        process = self.start("server", "--listen", "127.0.0.1:0", *options, **environ)
        return process, int(process.said(_ADDRESS))

    def worker(self) -> Process:
        return self.start("worker")

    def stop(self) -> None:
        """Every process of it."""
        while self.started:
            self.started.pop().stop()


@contextmanager
def sqlite_home(folder: Path) -> Iterator[Home]:
    """A migrated SQLite in this folder."""
    url = f"sqlite:///{folder / 'vigie.db'}"
    _migrate(url)
    home = Home("SQLite", url, folder)
    try:
        yield home
    finally:
        home.stop()


@contextmanager
def postgres_home(folder: Path) -> Iterator[Home]:
    """A migrated database on a PostgreSQL that is started for it. Raises NotMeasured."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        engine = Postgres(folder / "postgresql")
        running = engine.start()
        running.stop()
        _set_up(folder / "postgresql")
        running = engine.start()
    except CannotStartError as reason:
        raise NotMeasured(str(reason)) from None
    try:
        admin = engine.url(running.port)
        version, url = _database(admin)
        home = Home(f"PostgreSQL {version}", url, folder)
        try:
            yield home
        finally:
            home.stop()
    finally:
        running.stop()


@contextmanager
def place(kept: Path | None) -> Iterator[Path]:
    """A folder that is forgotten afterwards, or the one that is to be kept."""
    folder = kept or Path(tempfile.mkdtemp(prefix="vigie-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # PostgreSQL runs as another user when root starts it
    try:
        yield folder
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def status(pid: int, name: str) -> float:
    """A line of /proc/PID/status in MiB: VmRSS, or VmHWM for the peak. Raises NotMeasured."""
    path = Path(f"/proc/{pid}/status")
    if not path.exists():
        raise NotMeasured("memory of processes is read from /proc, which is not here")
    line = next(line for line in path.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def processor(pid: int) -> float:
    """Seconds of processor that a process has used. Raises NotMeasured."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        raise NotMeasured("what processes use is read from /proc, which is not here")
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _set_up(folder: Path) -> None:
    file = folder / "data" / "postgresql.conf"
    if _POSTGRES not in (said := file.read_text()):
        file.write_text(said + _POSTGRES)  # the last word on a setting holds


def _database(admin: str) -> tuple[str, str]:
    """PostgreSQL's version, and the application's address of the migrated database."""
    where = admin.rpartition("@")[2].partition("/")[0]
    password = admin.partition("postgres:")[2].partition("@")[0]
    with psycopg.connect(admin, autocommit=True) as link:
        version = str(link.info.server_version // 10_000)
        if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = 'vigie_app'").fetchone():
            for role in ("vigie_owner", "vigie_app"):
                link.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
            link.execute("CREATE DATABASE vigie OWNER vigie_owner TEMPLATE template0")
    _migrate(f"postgresql://vigie_owner:{password}@{where}/vigie")
    return version, f"postgresql://vigie_app:{password}@{where}/vigie"


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        migration.upgrade(database.engine)
    finally:
        database.close()


def _plain_environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
