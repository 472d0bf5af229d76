"""Connections that broke while nobody used them."""

from __future__ import annotations

import psycopg
import pytest
from tests.store_fixtures import Store

from vigie.model.errors import SourceError
from vigie.stores.relational import engines
from vigie.stores.relational.scopes import SYSTEM


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
