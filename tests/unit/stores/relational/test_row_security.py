"""Attacks on the second wall: what a tenant's transaction can reach in PostgreSQL by itself,
with SQL written by an attacker and no query layer in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.model.errors import UserError
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import PLATFORM, new_id
from vigie.stores.relational.policies import APPEND_ONLY
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables import METADATA
from vigie.stores.relational.tables.schema import is_shared, is_tenants

TENANT_TABLES = sorted(t.name for t in METADATA.tables.values() if is_tenants(t))
CLOSED = sorted(t.name for t in METADATA.tables.values() if is_tenants(t) and not is_shared(t))
PLATFORM_TABLES = sorted(t.name for t in METADATA.tables.values() if not is_tenants(t))

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


def fill(store: Store, tenant: str) -> None:
    """One row of this tenant in every tenant table, written by the superuser, whom no wall
    stops; foreign keys are not what is tried here."""
    with psycopg.connect(store.admin_url) as link:
        link.execute("SET session_replication_role = replica")
        for table in METADATA.tables.values():
            if is_tenants(table):
                row = _row(table, tenant)
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join(["%s"] * len(row))
                link.execute(
                    f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(row.values())
                )


def _row(table: sa.Table, tenant: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "tenant_id":
            row["tenant_id"] = tenant
        elif not column.nullable:
            row[column.name] = _value(column)
    return row


def _value(column: sa.Column[Any]) -> Any:
    kind = type(column.type).__name__
    return {
        "Id": new_id(), "Text": new_id(), "Moment": NOW, "LargeBinary": b"x", "Boolean": False,
    }.get(kind, 1)  # fmt: skip


@contextmanager
def as_app(store: Store, tenant: str | None, system: str = "") -> Iterator[psycopg.Connection]:
    """A connection of the application's role; the tenant is set as `Database.begin` does."""
    with psycopg.connect(store.url) as link:
        if tenant is not None:
            link.execute(
                "SELECT set_config('vigie.tenant', %s, true), set_config('vigie.system', %s, true)",
                (tenant, system),
            )
        yield link
        link.rollback()


def rows(link: psycopg.Connection, statement: str) -> int:
    found = link.execute(statement).fetchone()
    assert found is not None
    return int(found[0])


@pytest.fixture
def two(store: Store) -> tuple[str, str]:
    mine, other = store.tenant("Mine"), store.tenant("Other")
    fill(store, mine)
    fill(store, other)
    return mine, other


def test_every_tenant_table_is_under_row_security(store: Store) -> None:
    with psycopg.connect(store.admin_url) as link:
        held = link.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity "
            "AND relforcerowsecurity"
        ).fetchall()
    assert set(TENANT_TABLES) | set(PLATFORM_TABLES) <= {row[0] for row in held}


def test_without_a_setting_nothing_is_seen(store: Store, two: tuple[str, str]) -> None:
    with as_app(store, None) as link:
        seen = {t: rows(link, f"SELECT count(*) FROM {t}") for t in TENANT_TABLES}
        assert set(seen.values()) == {0}
        assert rows(link, "SELECT count(*) FROM users") == 0
        assert rows(link, "SELECT count(*) FROM tenants") == 0


@pytest.mark.parametrize("setting", ["", " ", "nonsense", "00000000-0000-0000-0000-00000000"])
def test_a_setting_that_is_no_tenant_shows_nothing(
    store: Store, two: tuple[str, str], setting: str
) -> None:
    with as_app(store, setting) as link:
        try:
            seen = rows(link, "SELECT count(*) FROM findings")
        except psycopg.errors.InvalidTextRepresentation:
            seen = 0  # refused outright
    assert seen == 0


def test_a_tenant_sees_its_own_row_alone(store: Store, two: tuple[str, str]) -> None:
    for table in TENANT_TABLES:
        _sees_its_own_row_alone(store, two, table)


def _sees_its_own_row_alone(store: Store, two: tuple[str, str], table: str) -> None:
    mine, other = two
    with as_app(store, mine) as link:
        assert rows(link, f"SELECT count(*) FROM {table}") == 1
        assert rows(link, f"SELECT count(*) FROM {table} WHERE tenant_id = '{other}'") == 0
        # However it is asked: a condition that is always true, a join, a subquery.
        assert rows(link, f"SELECT count(*) FROM {table} WHERE tenant_id <> '{mine}' OR true") == 1
        assert rows(link, f"SELECT count(*) FROM {table} a, {table} b") == 1


def test_a_tenant_changes_nothing_of_another(store: Store, two: tuple[str, str]) -> None:
    for table in set(TENANT_TABLES) - APPEND_ONLY:
        _changes_nothing_of_another(store, two, table)


def _changes_nothing_of_another(store: Store, two: tuple[str, str], table: str) -> None:
    mine, other = two
    with as_app(store, mine) as link:
        gone = link.execute(f"DELETE FROM {table} WHERE tenant_id = '{other}'").rowcount
        assert gone == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute(f"UPDATE {table} SET tenant_id = '{other}'")


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_nobody_changes_or_removes_an_entry_of_the_log(
    store: Store, two: tuple[str, str], table: str
) -> None:
    for statement in (f"UPDATE {table} SET hash = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with as_app(store, two[0]) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute(statement)


def test_the_systems_setting_opens_nothing_that_was_found(
    store: Store, two: tuple[str, str]
) -> None:
    with as_app(store, "", "on") as link:
        assert {t: rows(link, f"SELECT count(*) FROM {t}") for t in CLOSED} == dict.fromkeys(
            CLOSED, 0
        )
        # Of the logs it reads the platform's own and no tenant's.
        assert rows(link, "SELECT count(*) FROM audit") == 0


def test_a_tenant_does_not_see_the_platforms_tables(store: Store, two: tuple[str, str]) -> None:
    with as_app(store, two[0]) as link:
        for table in set(PLATFORM_TABLES) - {"users", "tenants"}:
            assert rows(link, f"SELECT count(*) FROM {table}") == 0, table


def test_a_tenant_sees_itself_alone_among_the_tenants(store: Store, two: tuple[str, str]) -> None:
    with as_app(store, two[0]) as link:
        assert rows(link, "SELECT count(*) FROM tenants") == 1


LIFTS = [
    "SET row_security = off; SELECT count(*) FROM findings",
    "ALTER TABLE findings DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE findings OWNER TO vigie_app",
    "DROP POLICY findings_0 ON findings",
    "CREATE POLICY mine ON findings USING (true)",
    (
        "CREATE FUNCTION pg_temp.p() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS "
        "'SELECT 1::bigint'; ALTER FUNCTION pg_temp.p() OWNER TO vigie_owner"
    ),
    "SET ROLE vigie_owner",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE vigie_app BYPASSRLS",
    "COPY findings FROM STDIN",
    "CREATE TABLE theirs (x int)",
]


def test_the_role_cannot_lift_itself(store: Store, two: tuple[str, str]) -> None:
    for statement in LIFTS:
        with as_app(store, two[0]) as link, pytest.raises(psycopg.Error):
            link.execute(statement)


def test_a_view_of_the_role_shows_no_more(store: Store, two: tuple[str, str]) -> None:
    with as_app(store, two[0]) as link:
        link.execute("CREATE TEMP VIEW peek AS SELECT * FROM findings")
        assert rows(link, "SELECT count(*) FROM peek") == 1


def test_a_leaky_function_is_not_shown_another_tenants_rows(
    store: Store, two: tuple[str, str]
) -> None:
    """A cheap function in the condition would see rows before the policy, were it let."""
    mine, other = two
    with as_app(store, mine) as link:
        link.execute(
            "CREATE FUNCTION pg_temp.leak(uuid) RETURNS bool COST 0.0000001 LANGUAGE plpgsql AS "
            "$$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$"
        )
        said: list[str] = []
        link.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
        link.execute("SELECT * FROM findings WHERE pg_temp.leak(tenant_id)")
    assert said == [mine]
    assert other not in "".join(said)


def test_the_pools_next_user_starts_without_a_tenant(store: Store) -> None:
    mine = store.tenant("Mine")
    one = Database(store.url, pool=1)
    try:
        with one.begin(of_tenant(mine)) as work:
            backend = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with one.engine.connect() as link:
            assert link.exec_driver_sql("SELECT pg_backend_pid()").scalar() == backend
            left = link.exec_driver_sql(
                "SELECT nullif(current_setting('vigie.tenant', true), '')"
            ).scalar()
        assert left is None
        with pytest.raises(KeyError), one.begin(of_tenant(mine)):
            raise KeyError
        with one.engine.connect() as link:
            assert not link.exec_driver_sql("SELECT current_setting('vigie.tenant', true)").scalar()
    finally:
        one.close()


def test_a_bulk_load_goes_through_a_staging_table(store: Store) -> None:
    """COPY is refused on a table with row security, so it fills a temporary one first."""
    mine, other = store.tenant("Mine"), store.tenant("Other")
    with as_app(store, mine) as link:
        link.execute("CREATE TEMP TABLE staging (LIKE asset_names) ON COMMIT DROP")
        with link.cursor().copy("COPY staging (tenant_id, name, asset_id) FROM STDIN") as copy:
            copy.write_row((other, "x", new_id()))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("INSERT INTO asset_names SELECT * FROM staging")


def test_the_application_refuses_to_start_as_somebody_who_stands_above(store: Store) -> None:
    for url in (store.admin_url, store.owner_url):
        with pytest.raises(UserError):
            migration.check_application(store.another(url).engine)
    migration.check_application(store.database.engine)


def test_the_platforms_chain_is_not_a_tenants(store: Store) -> None:
    mine = store.tenant("Mine")
    fill(store, PLATFORM)
    with as_app(store, mine) as link:
        assert rows(link, "SELECT count(*) FROM audit") == 0
    with as_app(store, "", "on") as link:
        assert rows(link, "SELECT count(*) FROM audit") == 1
