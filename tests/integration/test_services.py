"""The servers that other tests stand on: they run, they are kept apart, and they leave nothing."""

from __future__ import annotations

import psycopg
import pytest
from tests.services import Database, PostgresServer


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
