"""/ready tells the truth: a part that is dead is named, and forgotten when it is back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.platforms import platform
from tests.servers import Badges, serve
from tests.services import OwnServer
from tests.store_fixtures import Store

from vigie.services.platform import Platform
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.cache.redis import RedisCache
from vigie.stores.queue.nats import NatsQueue
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database
from vigie.stores.relational.queue import TableQueue

TRIES = 120
ALL = {"database": True, "schema": True, "queue": True, "cache": True}


def until(ask: Callable[[], httpx.Response], wanted: int) -> httpx.Response:
    """The engines' clients need a moment to see that a server is back."""
    answer = ask()
    for _ in range(TRIES):
        if answer.status_code == wanted:
            break
        answer = ask()
    return answer


def dies_and_comes_back(made: Platform, server: OwnServer, dead: set[str]) -> None:
    with serve(made, Badges()) as client:

        def ready() -> httpx.Response:
            return client.get("/ready", timeout=60.0)

        assert ready().json() == {"ready": True, "parts": ALL}
        server.kill()
        answer = ready()
        assert answer.status_code == 503
        assert answer.json() == {
            "ready": False, "parts": {name: name not in dead for name in ALL},
        }  # fmt: skip
        # The process itself is alive all the same: nobody should restart it for that.
        assert client.get("/health").status_code == 200
        server.start()
        assert until(ready, 200).json()["parts"] == ALL


@pytest.mark.slow
def test_a_dead_postgresql(own_postgres: OwnServer, tmp_path: Path) -> None:
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE vigie_app LOGIN")
    database, cache = Database(own_postgres.url), MemoryCache()
    migration.upgrade(database.engine)
    made = platform(database, tmp_path, cache=cache, queue=TableQueue(database))
    dies_and_comes_back(made, own_postgres, {"database", "schema", "queue"})
    database.close()
    cache.close()


@pytest.mark.slow
def test_a_dead_nats(own_nats: OwnServer, store: Store, tmp_path: Path) -> None:
    queue, cache = NatsQueue(own_nats.url), MemoryCache()
    made = platform(store.database, tmp_path / "data", cache=cache, queue=queue)
    dies_and_comes_back(made, own_nats, {"queue"})
    queue.close()
    cache.close()


@pytest.mark.slow
def test_a_dead_redis(own_redis: OwnServer, store: Store, tmp_path: Path) -> None:
    cache = RedisCache(own_redis.url)
    made = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )
    dies_and_comes_back(made, own_redis, {"cache"})
    cache.close()


@pytest.mark.parametrize("there", ["0001", "9999", None])
def test_another_version_s_schema(store: Store, tmp_path: Path, there: str | None) -> None:
    owner, cache = store.another(store.owner_url), MemoryCache()
    made: Any = platform(
        store.database, tmp_path / "data", cache=cache, queue=TableQueue(store.database)
    )

    def put(revision: str | None) -> None:
        with owner.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version")
            if revision:
                connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")

    with serve(made, Badges()) as client:
        put(there)
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["parts"] == {**ALL, "schema": False}
        put(migration.newest())
        assert client.get("/ready").json() == {"ready": True, "parts": ALL}
    cache.close()
