"""The word that something happened: once, after the commit, and never in anybody's way."""

from __future__ import annotations

import pytest
from tests.store_fixtures import Store

from vigie.model.errors import SourceError
from vigie.services import live
from vigie.services.live import Announcer
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.scopes import of_tenant


class Told:
    def __init__(self) -> None:
        self.topics: list[str] = []

    def __call__(self, topic: str) -> None:
        self.topics.append(topic)


def test_told_once_and_only_when_it_is_committed(store: Store) -> None:
    tenant, other = store.tenant("Acme"), store.tenant("Other")
    store.database.announce = told = Told()
    with store.database.begin(of_tenant(tenant)) as work:
        live.changed(work)
        live.to_send(work)
        live.changed(work, other)
        assert told.topics == []
    assert told.topics == [live.topic_of(tenant), live.OUTBOX, live.topic_of(other)]
    with pytest.raises(KeyError), store.database.begin(of_tenant(tenant)) as work:
        live.to_send(work)
        raise KeyError
    assert len(told.topics) == 3


def test_a_cache_that_is_gone_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = 1000.0, list[str]()

    class Gone(MemoryCache):
        def publish(self, topic: str, payload: bytes) -> None:
            asked.append(topic)
            raise SourceError("gone", retryable=True)

    monkeypatch.setattr("vigie.services.live.time.monotonic", lambda: now)
    announce = Announcer(Gone())
    announce("a")
    announce("b")
    assert asked == ["a"]
    now += live.SILENCE
    announce("c")
    assert asked == ["a", "c"]


def test_who_listens_hears_it() -> None:
    cache = MemoryCache()
    listener, other = cache.subscribe(live.topic_of("one")), cache.subscribe(live.topic_of("two"))
    Announcer(cache)(live.topic_of("one"))
    assert listener.next(0) is not None
    assert other.next(0) is None
