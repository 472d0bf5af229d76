"""Databases with the platform's schema and no rows in them for each test, in both forms."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.database_pool import DatabasePool
from tests.service_fixtures import SERVICES
from tests.services import Database as Server
from tests.services import PostgresServer
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import TENANTS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Store:
    """A migrated database. `url` is what the application is given, `owner_url` what migrations
    are; `admin_url` is a superuser's ("" for SQLite), for looking behind the curtain."""

    database: Database
    url: str
    owner_url: str
    admin_url: str = ""
    opened: list[Database] = field(default_factory=list)

    @property
    def dialect(self) -> str:
        return self.database.dialect

    def another(self, url: str = "") -> Database:
        """A second pool on the same database, closed with the test."""
        self.opened.append(Database(url or self.url))
        return self.opened[-1]

    def tenant(self, name: str) -> str:
        """A new tenant's id."""
        tenant = new_id()
        row = {"id": tenant, "name": name, "slug": name.lower(), "created_at": NOW}
        with self.database.begin(SYSTEM) as work:
            work.run(sa.insert(TENANTS), [row])
        return tenant


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A migrated database of its own: SQLite, then PostgreSQL."""
    opened = _postgres(request) if request.param == "postgresql" else _sqlite(request, tmp_path)
    yield from opened


def _sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    services = request.config.stash[SERVICES]
    template = services.folder / "template.db"
    with services.locked("SQLite-template"):
        if not template.exists():
            making = services.folder / "making.db"
            database = Database(f"sqlite:///{making}")
            migration.upgrade(database.engine)
            database.close()
            making.rename(template)
    file = folder / "vigie.db"
    shutil.copyfile(template, file)
    url = f"sqlite:///{file}"
    yield from _opened(Store(Database(url), url, url))


@pytest.fixture(scope="session")
def migrated_databases(postgres_server: PostgresServer) -> Iterator[DatabasePool]:
    pool = DatabasePool(postgres_server, _migrated)
    yield pool
    pool.close()


def _postgres(request: pytest.FixtureRequest) -> Iterator[Store]:
    pool: DatabasePool = request.getfixturevalue("migrated_databases")
    taken = pool.take()
    made = taken.made
    try:
        yield from _opened(
            Store(Database(made.app_url), made.app_url, made.owner_url, made.admin_url)
        )
    finally:
        pool.give_back(taken)


def _migrated(server: Server) -> None:
    owner = Database(server.owner_url)
    migration.upgrade(owner.engine)
    owner.close()


def _opened(store: Store) -> Iterator[Store]:
    try:
        yield store
    finally:
        store.database.close()
        for database in store.opened:
            database.close()
