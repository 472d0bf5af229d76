"""`vigie migrate`: the folder's SQLite, or a PostgreSQL with the role that the platform uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from tests.services import Database as Server
from tests.services import OwnServer

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
    said = capfd.readouterr()
    assert postgres.owner_url not in said.out + said.err


def test_as_the_application_s_role_it_is_not_done(
    postgres: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {"VIGIE_OWNER_URL": postgres.app_url}
    assert run(["migrate", "--data", str(tmp_path)], environ) == 2
    said = capfd.readouterr()
    assert "vigie_app may not change the tables" in said.err
    assert "VIGIE_OWNER_URL" in said.err
    assert step_of(postgres.owner_url) == ""


def test_sqlite_has_no_roles(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--data", str(tmp_path), "--create-role"], {}) == 2
    assert "SQLite has no roles" in capfd.readouterr().err


def test_a_database_that_does_not_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    environ = {"VIGIE_OWNER_URL": "postgresql://a:hunter2@127.0.0.1:1/x"}
    assert run(["migrate", "--data", str(tmp_path)], environ) == 3
    assert "hunter2" not in capfd.readouterr().err


class Bare:
    """A PostgreSQL on which nobody has made Vigie's roles, with a database and its owner."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self.ask("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'keeps'")
        self.ask("CREATE ROLE other LOGIN PASSWORD 'others'")
        self.ask("CREATE DATABASE vigie OWNER keeper")

    def ask(self, statement: str, at: str = "") -> list[Any]:
        with psycopg.connect(at or self.admin_url, autocommit=True) as link:
            done = link.execute(statement)
            return done.fetchall() if done.description else []

    def url(self, user: str, password: str) -> str:
        parts = urlsplit(self.admin_url)
        where = f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit((parts.scheme, where, "/vigie", parts.query, ""))

    @property
    def owner(self) -> dict[str, str]:
        return {"VIGIE_OWNER_URL": self.url("keeper", "keeps")}

    def role(self) -> list[Any]:
        """Everything that the server knows of the platform's role, its password's hash too."""
        return self.ask("SELECT * FROM pg_authid WHERE rolname = 'vigie_app'")


@pytest.fixture
def bare(own_postgres: OwnServer) -> Bare:
    return Bare(own_postgres.url)


@pytest.mark.slow
def test_the_role_is_made_once_and_row_security_holds_it(
    bare: Bare, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = ["migrate", "--create-role", "--data", str(tmp_path)]
    assert run(asked, bare.owner) == 0
    password = capfd.readouterr().out.strip()
    assert len(password) > 20
    here = bare.url("vigie_app", password)
    [rights] = bare.ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin "
        "FROM pg_roles WHERE rolname = current_user", here,
    )  # fmt: skip
    assert rights == (False, False, False, False, True)
    owners = bare.ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", here)
    assert owners == [("keeper",)]
    assert bare.ask("SELECT count(*) FROM findings", here) == [(0,)]  # no tenant, no rows
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        bare.ask("ALTER TABLE findings DISABLE ROW LEVEL SECURITY", here)
    # The platform takes it for a role that is held, and the owner for one that is not.
    app, owner = {"VIGIE_DATABASE_URL": here}, {"VIGIE_DATABASE_URL": bare.owner["VIGIE_OWNER_URL"]}
    assert run(["reset-password", "ada@example.org", "--data", str(tmp_path)], app) == 0
    assert run(["reset-password", "eve@example.org", "--data", str(tmp_path)], owner) == 2
    assert "owns the tables" in capfd.readouterr().err
    # Once more, and whoever runs with the first password runs on.
    before = bare.role()
    assert run(asked, bare.owner) == 0
    said = capfd.readouterr()
    assert (said.out, bare.role()) == ("", before)
    assert "is there already and stays as it is" in said.err


@pytest.mark.slow
def test_a_password_of_ones_own(
    bare: Bare, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = ["migrate", "--create-role", "--data", str(tmp_path)]
    for password in ("it's 100% \\mine", "another"):
        assert run(asked, {**bare.owner, "VIGIE_APP_PASSWORD": password}) == 0
        said = capfd.readouterr()
        assert password not in said.out + said.err
        assert bare.ask("SELECT current_user", bare.url("vigie_app", quote(password, safe=""))) == [
            ("vigie_app",)]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "who", "match"),
    [("", "other", "other may not make the database role vigie_app"),
     ("CREATE ROLE vigie_app LOGIN SUPERUSER", "keeper", "stands above row-level security"),
     ("CREATE ROLE vigie_app LOGIN BYPASSRLS", "keeper", "stands above row-level security"),
     ("ALTER ROLE keeper NOCREATEROLE", "keeper",
      "keeper may not make the database role vigie_app")],
    ids=["no right", "superuser", "bypasses", "owner without"],
)  # fmt: skip
def test_wrong_rights_are_said_in_words(
    bare: Bare, tmp_path: Path, capfd: pytest.CaptureFixture[str], before: str, who: str, match: str
) -> None:
    if before:
        bare.ask(before)
    there = bare.role()
    url = bare.url(who, {"keeper": "keeps", "other": "others"}[who])
    asked = ["migrate", "--create-role", "--data", str(tmp_path)]
    assert run(asked, {"VIGIE_OWNER_URL": url}) == 2
    said = capfd.readouterr()
    assert match in said.err
    assert "PASSWORD 'v" not in said.err + said.out
    assert bare.role() == there
    assert step_of(bare.owner["VIGIE_OWNER_URL"]) == ""
