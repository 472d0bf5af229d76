"""Every step of the schema runs up and down with data in it, and ends at what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.services import PostgresServer
from tests.store_fixtures import NOW, Store

from vigie.model.errors import UserError
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables import METADATA
from vigie.stores.relational.tables.access import MEMBERSHIPS, USERS
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.governance import POLICIES, POLICY_VERSIONS

SCRIPTS = ScriptDirectory(str(Path(migration.__file__).parent / "migrations"))
STEPS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


def put_something(store: Store, name: str = "Acme") -> str:
    tenant = store.tenant(name)
    row = {"id": new_id(), "key": "image:x", "first_seen": NOW, "last_seen": NOW}
    with store.database.begin(of_tenant(tenant)) as work:
        work.insert(ASSETS, [row])
    return tenant


def test_the_steps_end_at_the_schema_of_the_code(store: Store) -> None:
    owner = store.another(store.owner_url)
    with owner.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert migration.revision_of(owner.engine) == migration.newest() == STEPS[-1]
    migration.check_current(store.database.engine)


def test_each_step_goes_down_and_up_with_data_in_it(store: Store) -> None:
    for step in STEPS[:-1]:
        _down_and_up(store, step)


def _down_and_up(store: Store, step: str) -> None:
    tenant = put_something(store, f"Before {step}")
    owner = store.another(store.owner_url)
    migration.downgrade(owner.engine, step)
    assert migration.revision_of(owner.engine) == step
    with pytest.raises(UserError, match="step"):
        migration.check_current(store.database.engine)
    migration.upgrade(owner.engine)
    store.database.engine.dispose()
    with store.database.read(of_tenant(tenant)) as work:
        assert work.run(sa.select(ASSETS.c.key).where(work.mine(ASSETS))).scalar_one() == "image:x"


def test_who_is_there_is_still_there_when_people_lose_their_time_zones(store: Store) -> None:
    tenant, user = store.tenant("Acme"), new_id()
    with store.database.begin(SYSTEM) as work:
        row = {"id": user, "email": "ada@vigie.example", "created_at": NOW, "time_zone": "UTC"}
        work.run(sa.insert(USERS), [row])
        belongs = {"tenant_id": tenant, "user_id": user, "role": "owner", "created_at": NOW}
        work.run(sa.insert(MEMBERSHIPS), [belongs])
    owner = store.another(store.owner_url)
    migration.downgrade(owner.engine, "0004")
    migration.upgrade(owner.engine)
    store.database.engine.dispose()
    with store.database.read(SYSTEM) as work:
        assert work.run(sa.select(MEMBERSHIPS.c.user_id)).scalars().all() == [user]
        assert work.run(sa.select(USERS.c.time_zone)).scalar_one() == ""


def test_what_a_policy_says_becomes_its_first_version(store: Store) -> None:
    tenant, number = store.tenant("Acme"), new_id()
    with store.database.begin(of_tenant(tenant)) as work:
        row = {"id": number, "name": "ours", "source": "name: ours", "created_at": NOW,
               "updated_at": NOW}  # fmt: skip
        work.insert(POLICIES, [row])
    owner = store.another(store.owner_url)
    migration.downgrade(owner.engine, "0006")
    migration.upgrade(owner.engine)
    store.database.engine.dispose()
    with store.database.read(of_tenant(tenant)) as work:
        [kept] = work.run(sa.select(POLICY_VERSIONS).where(work.mine(POLICY_VERSIONS))).all()
        assert (kept.policy_id, kept.version, kept.source) == (number, 1, "name: ours")
        assert (kept.at, kept.actor) == (NOW, "")
        assert work.run(sa.select(POLICIES.c.version).where(work.mine(POLICIES))).scalar_one() == 1


def test_all_the_way_down_leaves_nothing(store: Store) -> None:
    put_something(store)
    owner = store.another(store.owner_url)
    migration.downgrade(owner.engine, "base")
    names = sa.inspect(owner.engine).get_table_names()
    assert names == ["alembic_version"]
    migration.upgrade(owner.engine)
    migration.check_current(owner.engine)


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    tenant = put_something(store)
    migration.upgrade(store.another(store.owner_url).engine)
    with store.database.read(of_tenant(tenant)) as work:
        assert work.run(sa.select(ASSETS.c.key).where(work.mine(ASSETS))).scalar_one() == "image:x"


def test_a_role_that_is_not_there_is_named(postgres_server: PostgresServer) -> None:
    made = postgres_server.fresh_database()
    owner = Database(made.owner_url)
    try:
        with pytest.raises(UserError, match="no database role nobody_here"):
            migration.upgrade(owner.engine, role="nobody_here")
        with pytest.raises(UserError, match="no name"):
            migration.upgrade(owner.engine, role='x"; DROP TABLE y; --')
        assert migration.revision_of(owner.engine) == ""
    finally:
        owner.close()
        postgres_server.drop(made)


def test_the_applications_role_is_made_with_its_password(postgres_server: PostgresServer) -> None:
    made = postgres_server.fresh_database()
    admin = Database(made.admin_url)
    role, password = f"vigie_made_{new_id()[:8]}", 'it\'s 100% "odd" \\ and :long'
    try:
        migration.create_role(admin.engine, role, password)
        migration.create_role(admin.engine, role, password)  # again: it has it now
        migration.upgrade(admin.engine, role=role)
        url = admin.url.set(username=role, password=password)
        app = Database(url.render_as_string(hide_password=False))
        try:
            assert app.alive()
            migration.check_application(app.engine)
        finally:
            app.close()
    finally:
        with admin.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")
        admin.close()
        postgres_server.drop(made)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["audit", "audit_checkpoints"])
def test_sqlite_keeps_the_log_append_only(store: Store, table: str) -> None:
    with store.database.engine.connect() as connection:
        row = connection.exec_driver_sql(
            f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
        ).scalar()
    assert row == 2
