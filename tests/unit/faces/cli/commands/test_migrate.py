"""`vigie migrate`: the folder's SQLite, or a PostgreSQL with the role that the platform uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services import Database as Server

from vigie.faces.cli.main import run
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database


def step_of(url: str) -> str:
    database = Database(url)
    try:
        return migration.revision_of(database.engine)
    finally:
        database.close()


def test_the_folders_own_database(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--data", str(tmp_path)], {}) == 0
    assert step_of(f"sqlite:///{tmp_path}/vigie.db") == migration.newest()
    assert f"was at step 0 and is at {migration.newest()}" in capfd.readouterr().err
    assert run(["migrate", "--data", str(tmp_path)], {}) == 0


def test_postgresql_as_its_owner(
    postgres: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {"VIGIE_OWNER_URL": postgres.owner_url, "VIGIE_DATABASE_URL": postgres.app_url}
    assert run(["migrate", "--data", str(tmp_path)], environ) == 0
    assert step_of(postgres.owner_url) == migration.newest()
    assert not (tmp_path / "vigie.db").exists()
    # As the application's role it is not done, and says so in words.
    said = capfd.readouterr()
    assert postgres.owner_url not in said.out + said.err


def test_sqlite_has_no_roles(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--data", str(tmp_path), "--create-role"], {}) == 2
    assert "SQLite has no roles" in capfd.readouterr().err


def test_a_database_that_does_not_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    environ = {"VIGIE_OWNER_URL": "postgresql://a:hunter2@127.0.0.1:1/x"}
    assert run(["migrate", "--data", str(tmp_path)], environ) == 3
    assert "hunter2" not in capfd.readouterr().err
