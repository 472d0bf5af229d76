"""Who looked at what: once in five minutes, and never unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import Absent, member, platform
from tests.store_fixtures import Store

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.services.platform import Caller, Platform
from vigie.services.sensitive_reads import SECONDS, note
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import AUDIT


def entries(store: Store, tenant: str) -> list[tuple[str, str]]:
    with store.database.read(of_tenant(tenant)) as work:
        query = sa.select(AUDIT.c.action, AUDIT.c.actor_id).where(work.mine(AUDIT))
        return [tuple(row) for row in work.run(query.order_by(AUDIT.c.seq))]


class Forgetful(MemoryCache):
    """A cache whose time can be turned on, and that can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, float] = {}
        self.away = False

    def get(self, key: str) -> bytes | None:
        if self.away:
            raise SourceError(T("{why}", why="away"), retryable=True)
        return super().get(key)

    def set(self, key: str, value: bytes, seconds: float) -> None:
        if self.away:
            raise SourceError(T("{why}", why="away"), retryable=True)
        self.kept[key] = seconds
        super().set(key, value, seconds)


@pytest.fixture
def cache() -> Forgetful:
    return Forgetful()


@pytest.fixture
def place(store: Store, tmp_path: Path, cache: Forgetful) -> Platform:
    return platform(store.database, tmp_path, cache=cache)


def from_elsewhere(caller: Caller) -> Caller:
    return replace(caller, address="192.0.2.9")


def test_the_same_look_is_one_entry(store: Store, place: Platform, cache: Forgetful) -> None:
    tenant, other = store.tenant("Acme"), store.tenant("Other")
    ada, bea = member(tenant), member(tenant)
    for caller, noun in ((ada, "user"), (ada, "user"), (ada, "secret"), (bea, "user"),
                         (from_elsewhere(ada), "user")):  # fmt: skip
        note(place, caller, noun)
    note(place, replace(ada, principal=replace(ada.principal, tenant=other)), "user")
    me, her = ada.principal.id, bea.principal.id
    wanted = [("user.read", me), ("secret.read", me), ("user.read", her), ("user.read", me)]
    assert entries(store, tenant) == wanted
    assert entries(store, other) == [("user.read", me)]
    assert set(cache.kept.values()) == {SECONDS}
    for key in cache.kept:
        cache.forget(key)  # five minutes are over
    note(place, ada, "user")
    assert len(entries(store, tenant)) == 5


def test_without_a_cache_every_look_is_an_entry(
    store: Store, place: Platform, cache: Forgetful
) -> None:
    ada = member(store.tenant("Acme"))
    cache.away = True
    note(place, ada, "user")
    note(place, ada, "user")
    assert len(entries(store, ada.tenant)) == 2


def test_what_could_not_be_written_is_written_the_next_time(store: Store, place: Platform) -> None:
    ada = member(store.tenant("Acme"))
    broken: Any = Absent("database")
    with pytest.raises(AssertionError):
        note(replace(place, database=broken), ada, "user")
    note(place, ada, "user")
    assert entries(store, ada.tenant) == [("user.read", ada.principal.id)]
