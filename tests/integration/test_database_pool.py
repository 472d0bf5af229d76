"""Databases that tests use one after another are as good as new each time."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from tests.database_pool import DatabasePool
from tests.services import PostgresServer
from tests.store_fixtures import _migrated

ROW = (
    "INSERT INTO tenants (id, name, slug, created_at)"
    " VALUES (gen_random_uuid(), 'Acme', 'acme', now())"
)


@pytest.fixture
def pool(postgres_server: PostgresServer) -> Iterator[DatabasePool]:
    made = DatabasePool(postgres_server, _migrated)
    yield made
    made.close()


def used(pool: DatabasePool, *statements: str) -> str:
    """The name of a database that somebody did this to and gave back."""
    taken = pool.take()
    # Left open and in the middle of something, as by a test that failed.
    forgotten = psycopg.connect(taken.made.admin_url)
    for statement in statements:
        forgotten.execute(statement)
        forgotten.commit()
    forgotten.execute("LOCK TABLE tenants")
    pool.give_back(taken)
    forgotten.close()
    return taken.made.name


def test_what_was_written_is_gone(pool: DatabasePool) -> None:
    name = used(pool, ROW)
    again = pool.take()
    assert again.made.name == name
    with psycopg.connect(again.made.admin_url) as link:
        assert link.execute("SELECT count(*) FROM tenants").fetchone() == (0,)
        assert link.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    pool.give_back(again)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (a int)",
        "ALTER TABLE tenants ADD COLUMN more text",
        "ALTER TABLE findings DISABLE ROW LEVEL SECURITY",
        "GRANT DELETE ON audit TO vigie_app",
        "UPDATE alembic_version SET version_num = '0'",
        "CREATE INDEX more ON tenants (name)",
    ],
)
def test_what_was_changed_besides_rows_comes_to_nobody_again(
    pool: DatabasePool, change: str
) -> None:
    name = used(pool, change)
    fresh = pool.take()
    assert fresh.made.name != name
    pool.give_back(fresh)
