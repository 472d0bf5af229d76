"""Connections that broke while nobody used them."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from tests.store_fixtures import NOW, Store

from vigie.model.errors import SourceError
from vigie.stores.relational import engines
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.assets import ASSETS


def break_connections(store: Store) -> None:
    """As a server that restarts does, or a firewall between."""
    with store.database.read(SYSTEM):
        pass
    with psycopg.connect(store.admin_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'vigie'"
        )


POSTGRESQL = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


@POSTGRESQL
def test_one_that_lay_idle_is_replaced_unnoticed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_IDLE", 0.0)
    break_connections(store)
    with store.database.read(SYSTEM) as work:
        assert work.dialect == "postgresql"


@POSTGRESQL
def test_one_that_was_just_used_fails_once_and_may_be_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_IDLE", 3600.0)
    break_connections(store)
    with pytest.raises(SourceError) as refused, store.database.read(SYSTEM):
        pass
    assert refused.value.retryable
    with store.database.read(SYSTEM) as work:
        assert work.dialect == "postgresql"


@POSTGRESQL
def test_who_reads_changes_nothing_and_sees_one_state(store: Store) -> None:
    ours = of_tenant(store.tenant("Ours"))
    names = sa.select(ASSETS.c.name)
    with store.database.read(ours) as reading:
        assert reading.run(names.where(reading.mine(ASSETS))).all() == []
        with store.database.begin(ours) as work:
            work.insert(ASSETS, [{"id": new_id(), "key": "k", "name": "one", "kind": "image",
                                  "first_seen": NOW, "last_seen": NOW}])  # fmt: skip
        assert reading.run(names.where(reading.mine(ASSETS))).all() == []
    with store.database.read(ours) as reading:
        assert reading.run(names.where(reading.mine(ASSETS))).scalars().all() == ["one"]
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            reading.run(sa.delete(ASSETS).where(reading.mine(ASSETS)))


@POSTGRESQL
def test_what_was_said_of_a_transaction_ends_with_it(store: Store) -> None:
    """Also where the transaction failed: the pool gives the connection to somebody else."""
    ours = of_tenant(store.tenant("Ours"))
    with pytest.raises(ZeroDivisionError), store.database.read(ours):
        raise ZeroDivisionError
    with store.database.engine.connect() as connection:
        whose = (
            "SELECT current_setting('vigie.tenant', true), current_setting('vigie.system', true)"
        )
        assert not any(connection.exec_driver_sql(whose).one())
        assert connection.get_isolation_level() == "READ COMMITTED"
