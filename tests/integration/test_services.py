"""The servers that other tests stand on: they run, they are kept apart, and they leave nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.service_engines import connects, free_port
from tests.services import Database, PostgresServer

ROOT = Path(__file__).resolve().parents[2]


def test_the_app_role_owns_nothing_and_obeys_row_security(postgres: Database) -> None:
    with psycopg.connect(postgres.owner_url) as owner:
        owner.execute("CREATE TABLE thing (tenant text)")
        owner.execute("ALTER TABLE thing ENABLE ROW LEVEL SECURITY")
        owner.execute("INSERT INTO thing VALUES ('one')")
        owner.execute("GRANT SELECT ON thing TO vigie_app")
    with psycopg.connect(postgres.app_url) as app:
        assert app.execute("SELECT * FROM thing").fetchall() == []
        role = app.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = user"
        ).fetchone()
        assert role == (False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (n int)")


def test_databases_are_fresh_or_copies_of_a_template(postgres_server: PostgresServer) -> None:
    built = []

    def build(database: Database) -> None:
        built.append(database.name)
        with psycopg.connect(database.owner_url) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 7 AS n")

    copies = [postgres_server.fresh_database(("a test", build)) for _ in range(2)]
    empty = postgres_server.fresh_database()
    try:
        with psycopg.connect(copies[0].owner_url) as owner:
            owner.execute("UPDATE kept SET n = 8")
        with psycopg.connect(copies[1].owner_url) as owner:
            assert owner.execute("SELECT n FROM kept").fetchone() == (7,)
        with psycopg.connect(empty.owner_url) as owner:
            assert owner.execute("SELECT to_regclass('kept')").fetchone() == (None,)
        assert len(built) <= 1
    finally:
        for database in (*copies, empty):
            postgres_server.drop(database)


ASKS = """
import pathlib, time

def test_all(postgres, nats, redis, tmp_path_factory):
    urls = [postgres.admin_url, nats.url, redis.url]
    pathlib.Path("urls").write_text(chr(10).join(urls) + chr(10))
    while pathlib.Path("wait").exists():
        time.sleep(0.02)
"""


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A folder with a test that asks for every server."""
    (tmp_path / "test_inner.py").write_text(ASKS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def begin(folder: Path, *more: str, **environment: str) -> subprocess.Popen[str]:
    """A run of pytest in that folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "tests.service_fixtures", *more],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def listening(folder: Path) -> list[bool]:
    """Which of the three servers can be reached."""
    ports = [urlsplit(line).port or 0 for line in (folder / "urls").read_text().splitlines()]
    return [connects(port) for port in ports]


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.usefixtures("postgres_server", "nats", "redis")
@pytest.mark.parametrize("more", [[], ["-n", "1"]], ids=["one process", "workers"])
def test_the_end_of_a_run_says_what_ran_and_leaves_no_server(inner: Path, more: list[str]) -> None:
    run = begin(inner, *more)
    words = run.communicate(timeout=200)[0]
    assert run.returncode == 0, words
    for name in ("PostgreSQL", "NATS", "Redis"):
        assert f"{name}: run, " in words
    assert listening(inner) == [False, False, False]


@pytest.mark.usefixtures("postgres_server", "nats", "redis", "in_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_servers_end_with_a_run_that_is_interrupted(inner: Path, number: signal.Signals) -> None:
    (inner / "wait").touch()
    run = begin(inner)
    wait_until(lambda: (inner / "urls").exists() and all(listening(inner)))
    run.send_signal(number)
    run.communicate(timeout=200)
    wait_until(lambda: not any(listening(inner)))


@pytest.mark.parametrize("more", [[], ["-n", "1"]], ids=["one process", "workers"])
def test_a_server_that_cannot_be_had_is_said_and_its_tests_are_skipped(
    inner: Path, more: list[str]
) -> None:
    nobody = f"postgresql://postgres@127.0.0.1:{free_port()}/postgres"
    run = begin(inner, *more, VIGIE_TEST_POSTGRES=nobody)
    words = run.communicate(timeout=200)[0]
    assert "1 skipped" in words
    assert "PostgreSQL: not run, its tests were skipped: " in words
