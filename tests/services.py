"""Real PostgreSQL, NATS and Redis for tests: one of each for a whole run, or one of one's own.

The fixtures in tests/service_fixtures.py are the usual way in. `own_server` is for tests that
stop, kill and start a server again. VIGIE_TEST_POSTGRES (a superuser's address on a server that
is there for tests), VIGIE_TEST_NATS and VIGIE_TEST_REDIS name servers to use instead.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.service_engines import ENGINES, PATIENCE, CannotStartError, Running

KEEPER = Path(__file__).with_name("service_keeper.py")
VARIABLES = {
    "PostgreSQL": "VIGIE_TEST_POSTGRES",
    "NATS": "VIGIE_TEST_NATS",
    "Redis": "VIGIE_TEST_REDIS",
}
OWNER, APP = "vigie_owner", "vigie_app"
MARK = "made by the tests of Vigie"


class MissingError(Exception):
    """Why a service cannot be had, in plain words."""


@dataclass(frozen=True)
class Services:
    """The servers of one test run. `folder` is shared by its processes; `pid` ends the run."""

    folder: Path
    pid: int

    @classmethod
    def create(cls) -> Services:
        """For a new test run, which this process ends."""
        folder = Path(tempfile.mkdtemp(prefix="vigie-services-"))
        folder.chmod(0o711)  # PostgreSQL runs as another user when root starts it
        return cls(folder, os.getpid())

    def url(self, name: str) -> str:
        """The address of a running server; starts it when nobody has yet. Raises MissingError."""
        given = os.environ.get(VARIABLES[name], "")
        if given:
            (self.folder / f"{name}.given").touch()
            return given
        with self.locked(name):
            answer, failed = self.folder / f"{name}.json", self.folder / f"{name}.failed"
            if not answer.exists() and not failed.exists():
                self._keep(name, answer, failed)
            if failed.exists():
                raise MissingError(failed.read_text())
            return str(json.loads(answer.read_text())["url"])

    def fail(self, name: str, reason: str) -> MissingError:
        """What the end of the run says about a server that was named but cannot be used."""
        (self.folder / f"{name}.failed").write_text(reason)
        return MissingError(reason)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """One process of the run at a time."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def said(self) -> Iterator[str]:
        """One plain line for every service that a test asked for."""
        for name, variable in VARIABLES.items():
            failed = self.folder / f"{name}.failed"
            if failed.exists():
                yield f"{name}: not run, its tests were skipped: {failed.read_text()}"
            elif (self.folder / f"{name}.given").exists():
                yield f"{name}: run, the server that {variable} names"
            elif (self.folder / f"{name}.json").exists():
                yield f"{name}: run, a server of its own on this machine"

    def stop(self) -> None:
        """Stop every server of the run and forget its data."""
        for answer in self.folder.glob("*.json"):
            end_process(int(json.loads(answer.read_text())["keeper"]))
        shutil.rmtree(self.folder, ignore_errors=True)

    def _keep(self, name: str, answer: Path, failed: Path) -> None:
        log = self.folder / f"{name}.log"
        with log.open("wb") as out:
            subprocess.run(
                [sys.executable, str(KEEPER), name, str(self.folder), str(self.pid)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=True,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE + 30
        while not answer.exists() and not failed.exists():
            if time.monotonic() > end:
                words = log.read_text(errors="replace").strip() or "it took too long to start"
                failed.write_text(words.splitlines()[-1])
            time.sleep(0.02)


def end_process(pid: int) -> None:
    """SIGTERM, then wait until it is gone; SIGKILL when that takes too long."""
    try:
        os.kill(pid, signal.SIGTERM)
        if hasattr(os, "pidfd_open"):
            watched = os.pidfd_open(pid)
            gone = select.select([watched], [], [], 30)[0]
            os.close(watched)
            if not gone:
                os.kill(pid, signal.SIGKILL)
            return
        for _ in range(600):
            os.kill(pid, 0)
            time.sleep(0.05)
    except ProcessLookupError:
        pass


class OwnServer:
    """A server of one test, which may end it and start it again at the same address.

    Start it in a thread that lasts as long as the test: it dies with the thread.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.engine = ENGINES[name](folder)
        self.running: Running = self.engine.start()
        self.url = self.engine.url(self.running.port)

    def stop(self) -> None:
        self.running.stop()

    def kill(self) -> None:
        """kill -9."""
        self.running.kill()

    def start(self) -> None:
        """Again, with what it had on its disk."""
        self.running = self.engine.start(self.running.port)


@contextmanager
def own_server(name: str) -> Iterator[OwnServer]:
    """A PostgreSQL, NATS or Redis that nobody else uses. Raises CannotStartError."""
    folder = Path(tempfile.mkdtemp(prefix=f"vigie-own-{name.lower()}-"))
    folder.chmod(0o711)
    try:
        server = OwnServer(name, folder / name.lower())
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Database:
    """A database of its own. `owner_url`: the role that makes its tables, no superuser.
    `app_url`: the role vigie_app, which owns nothing and cannot bypass row security."""

    name: str
    owner_url: str
    app_url: str
    admin_url: str  # a superuser, for tests that look behind the curtain


class PostgresServer:
    """Makes databases on the run's PostgreSQL."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.admin_url = services.url("PostgreSQL")
        # The same for all processes of the run, and for nobody who does not know the address.
        self._passwords = {
            role: hashlib.sha256(f"{role} {self.admin_url}".encode()).hexdigest()[:32]
            for role in (OWNER, APP)
        }
        with services.locked("PostgreSQL-roles"):
            done = services.folder / "PostgreSQL.roles"
            if not done.exists():
                self._make_roles()
                done.touch()

    def fresh_database(self, template: tuple[str, Callable[[Database], None]] | None = None
    ) -> Database:  # fmt: skip
        """A new database: empty, or a copy of the template of that name, which `build` fills
        once in a run (it must close its connections)."""
        name = f"vigie_test_{secrets.token_hex(8)}"
        source = "template0" if template is None else self._template(*template)
        self._create(name, source)
        return self._database(name)

    def drop(self, database: Database) -> None:
        """Also when somebody is still connected."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    sql.Identifier(database.name)
                )
            )

    def _template(self, key: str, build: Callable[[Database], None]) -> str:
        run = hashlib.sha256(f"{self.services.folder} {key}".encode()).hexdigest()[:16]
        name = f"vigie_test_template_{run}"
        with self.services.locked(name):
            done = self.services.folder / name
            if not done.exists():
                self.drop(self._database(name))
                self._create(name, "template0")
                build(self._database(name))
                done.touch()
        return name

    def _create(self, name: str, source: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(source)
                )
            )

    def _database(self, name: str) -> Database:
        return Database(
            name,
            owner_url=self._address(name, OWNER, self._passwords[OWNER]),
            app_url=self._address(name, APP, self._passwords[APP]),
            admin_url=self._address(name),
        )

    def _address(self, name: str, user: str = "", password: str = "") -> str:
        parts = urlsplit(self.admin_url)
        where = parts.netloc
        if user:
            where = f"{user}:{password}@{where.rpartition('@')[2]}"
        return urlunsplit((parts.scheme, where, f"/{name}", parts.query, ""))

    def _make_roles(self) -> None:
        """The two roles. On a server that was named, roles of another's making stay untouched."""
        try:
            with psycopg.connect(self.admin_url, autocommit=True, connect_timeout=10) as link:
                for role, password in self._passwords.items():
                    self._make_role(link, role, password)
        except psycopg.Error as error:
            first = str(error).strip().splitlines()[0]
            raise self.services.fail("PostgreSQL", first) from error

    def _make_role(self, link: psycopg.Connection, role: str, password: str) -> None:
        found = link.execute(
            "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s", (role,)
        ).fetchone()
        if found and found[0] != MARK:
            raise self.services.fail(
                "PostgreSQL", f"there is a role {role} already that the tests did not make"
            )
        name, verb = sql.Identifier(role), sql.SQL("ALTER" if found else "CREATE")
        link.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
            ).format(verb, name, sql.Literal(password))
        )
        link.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(name, sql.Literal(MARK)))


__all__ = ["CannotStartError", "Database", "MissingError", "OwnServer", "PostgresServer",
           "Services", "own_server"]  # fmt: skip
