"""The server that API tests run against ends cleanly and knows who calls."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import Any, cast

import httpx
import pytest
from tests.servers import Badges, listening, person, serve
from tests.store_fixtures import Store

from vigie.model.access import NotSignedIn
from vigie.services.platform import Platform, Plugged
from vigie.stores.cache.memory import MemoryCache
from vigie.wiring.words import words

NOTHING: Any = MappingProxyType({})


@pytest.fixture
def platform(store: Store, tmp_path: Any) -> Platform:
    none = cast("Any", None)
    plugs = Plugged(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    cache = MemoryCache()
    return Platform(store.database, none, cache, none, none, none, plugs, tmp_path, words)


def test_answers_and_leaves_no_thread(platform: Platform, store: Store) -> None:
    with serve(platform, person(store.tenant("Ours"))) as client:
        assert client.get("/health").json() == {"status": "ok"}
        assert client.get("/api/v1/nothing").status_code == 404
    assert "api of a test" not in {thread.name for thread in threading.enumerate()}


def test_badges_know_only_whom_they_were_given_to(platform: Platform, store: Store) -> None:
    badges = Badges()
    mine = person(store.tenant("Ours"))
    shown = badges.of(mine)

    def connection(headers: dict[str, str]) -> Any:
        return httpx.Request("GET", "http://here/", headers=headers)

    assert badges(connection(shown), platform) is mine
    with pytest.raises(NotSignedIn):
        badges(connection({}), platform)


def test_ends_while_somebody_is_still_connected(platform: Platform, store: Store) -> None:
    with httpx.Client() as outside:
        with listening(platform, Badges()) as address:
            assert outside.get(f"{address}/health").status_code == 200
        with pytest.raises(httpx.TransportError):
            outside.get(f"{address}/health")
