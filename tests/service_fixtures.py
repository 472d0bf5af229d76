"""Fixtures of real servers, and the lines at the end of a run that say which there were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.services import (
    CannotStartError,
    Database,
    MissingError,
    OwnServer,
    PostgresServer,
    Services,
    own_server,
)

SERVICES = pytest.StashKey[Services]()


def pytest_configure(config: pytest.Config) -> None:
    """The process that ends the run owns the servers; its workers are told where."""
    told = getattr(config, "workerinput", None)
    if told is None:
        config.stash[SERVICES] = Services.create()
    else:
        config.stash[SERVICES] = Services(Path(told["services"]), int(told["services_pid"]))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist: what a worker is to know."""
    services = node.config.stash[SERVICES]
    node.workerinput["services"] = str(services.folder)
    node.workerinput["services_pid"] = services.pid


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = list(config.stash[SERVICES].said())
    if lines:
        terminalreporter.section("real servers")
        for line in lines:
            terminalreporter.line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    services = config.stash.get(SERVICES, None)
    if services is not None and services.pid == os.getpid():
        services.stop()


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Services:
    return request.config.stash[SERVICES]


@pytest.fixture(scope="session")
def postgres_server(services: Services) -> PostgresServer:
    """The run's PostgreSQL; `fresh_database()` makes databases on it."""
    try:
        return PostgresServer(services)
    except MissingError as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    """A fresh, empty database on a real PostgreSQL."""
    database = postgres_server.fresh_database()
    yield database
    postgres_server.drop(database)


@dataclass(frozen=True)
class Server:
    """A server that many tests use: name what you put there so that none meets another."""

    url: str


@pytest.fixture(scope="session")
def nats(services: Services) -> Server:
    """The run's NATS, with JetStream."""
    return _shared(services, "NATS")


@pytest.fixture(scope="session")
def redis(services: Services) -> Server:
    """The run's Redis."""
    return _shared(services, "Redis")


def _shared(services: Services, name: str) -> Server:
    try:
        return Server(services.url(name))
    except MissingError as error:
        pytest.skip(f"no {name}: {error}")


@pytest.fixture
def own_nats() -> Iterator[OwnServer]:
    """A NATS to stop, kill and start again."""
    yield from _own("NATS")


@pytest.fixture
def own_redis() -> Iterator[OwnServer]:
    """A Redis to stop, kill and start again."""
    yield from _own("Redis")


@pytest.fixture
def own_postgres() -> Iterator[OwnServer]:
    """A PostgreSQL to stop, kill and start again; its `url` is the superuser's."""
    yield from _own("PostgreSQL")


def _own(name: str) -> Iterator[OwnServer]:
    try:
        server = own_server(name)
        with server as started:
            yield started
    except CannotStartError as error:
        pytest.skip(f"no {name}: {error}")
