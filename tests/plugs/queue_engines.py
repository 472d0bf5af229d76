"""The engines under the work queues, as the behaviour suite wants them."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.services import OwnServer
from vigie.ports.queues import Queue
from vigie.stores.queue.nats import NatsQueue
from vigie.stores.relational.database import Database
from vigie.stores.relational.queue import TableQueue
from vigie.stores.relational.tables.operations import QUEUE

LONG = 300.0  # seconds of a lease that no test sees the end of


@dataclass
class Engine:
    """Opens queues that share one state. What it opened is closed in the end."""

    queue_of: Callable[[float], Queue]
    setting_up: str  # Python that opens `queue` in another process, with a long lease of LEASE s
    server: OwnServer | None = None
    opened: list[Queue] = field(default_factory=list)

    def open(self, lease: float = LONG) -> Queue:
        queue = self.queue_of(lease)
        self.opened.append(queue)
        return queue

    def program(self, lease: float, then: str) -> list[str]:
        """The command of another process that opens the queue and goes on with `then`."""
        return [sys.executable, "-c", f"LEASE = {lease}\n{self.setting_up}\n{then}"]


class TableOfOne(TableQueue):
    """With a database of its own, closed with it, as another process would have."""

    def close(self) -> None:
        super().close()
        self.database.close()


@contextmanager
def tables(url: str, server: OwnServer | None = None) -> Iterator[Engine]:
    database = Database(url)
    QUEUE.create(database.engine)
    database.close()
    program = (
        "from vigie.stores.relational.database import Database\n"
        "from vigie.stores.relational.queue import TableQueue\n"
        f"queue = TableQueue(Database({url!r}), lease=LEASE)"
    )
    engine = Engine(lambda lease: TableOfOne(Database(url), lease=lease), program, server)
    yield from closing(engine)


@contextmanager
def streams(url: str, server: OwnServer | None = None) -> Iterator[Engine]:
    name = f"vigie-test-{secrets.token_hex(6)}"
    program = (
        "from vigie.stores.queue.nats import NatsQueue\n"
        f"queue = NatsQueue({url!r}, stream={name!r}, lease=LEASE)"
    )
    engine = Engine(lambda lease: NatsQueue(url, stream=name, lease=lease), program, server)
    yield from closing(engine)


def closing(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        for queue in engine.opened:
            queue.close()


@contextmanager
def table_in_sqlite(request: pytest.FixtureRequest) -> Iterator[Engine]:
    folder: Path = request.getfixturevalue("tmp_path")
    with tables(f"sqlite:///{folder / 'vigie.db'}") as engine:
        yield engine


@contextmanager
def table_in_postgres(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with tables(request.getfixturevalue("postgres").owner_url) as engine:
        yield engine


@contextmanager
def table_in_own_postgres(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server: OwnServer = request.getfixturevalue("own_postgres")
    with tables(server.url, server) as engine:
        yield engine


@contextmanager
def stream_in_nats(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with streams(request.getfixturevalue("nats").url) as engine:
        yield engine


@contextmanager
def stream_in_own_nats(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server: OwnServer = request.getfixturevalue("own_nats")
    with streams(server.url, server) as engine:
        yield engine


ENGINES = {
    "sqlite": table_in_sqlite,
    "postgresql": table_in_postgres,
    "nats": stream_in_nats,
}
OWN_SERVERS = {"postgresql": table_in_own_postgres, "nats": stream_in_own_nats}
# What opens a queue at an address where nobody may be.
AT_ADDRESS: dict[str, tuple[str, Callable[[str], Queue]]] = {
    "postgresql": ("postgresql", lambda url: TableOfOne(Database(url))),
    "nats": ("nats", NatsQueue),
}
