"""A backup made as docs/guides/operate.md says opens again, and its audit log is whole."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from tests.services import PostgresServer
from tests.store_fixtures import NOW, Store

from vigie.services import audit
from vigie.services.sealing import Sealing
from vigie.stores.relational import migration
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import EVENTS

SEALING = Sealing(bytes(range(32)))


def filled(store: Store) -> tuple[str, audit.Checkpoint]:
    """A tenant with a log, and the checkpoint of its end."""
    store.database.audit_key = audit.head_key(SEALING)
    tenant = store.tenant("One")
    for number in range(5):
        with store.database.begin(of_tenant(tenant)) as work:
            work.insert(EVENTS, [{"id": new_id(), "kind": f"k{number}", "at": NOW}])
            work.audit(Entry("event", detail={"n": number}))
    kept = audit.sign(store.database, of_tenant(tenant), SEALING, NOW)
    assert kept is not None
    return tenant, kept


def check(database: Database, tenant: str, kept: audit.Checkpoint) -> None:
    """All of it is there, and its log meets the checkpoint."""
    migration.check_current(database.engine)
    scope = of_tenant(tenant)
    with database.read(scope) as work:
        rows = work.run(sa.select(EVENTS.c.kind).where(work.mine(EVENTS))).all()
    assert len(rows) == 5
    verdict = audit.verify(database, scope, SEALING, [kept])
    assert (verdict.whole, verdict.entries) == (True, 5), verdict.problems
    # And the log goes on.
    database.audit_key = audit.head_key(SEALING)
    with database.begin(scope) as work:
        work.audit(Entry("after"))
    assert audit.verify(database, scope, SEALING, [kept]).whole


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sqlite_while_it_runs(store: Store, tmp_path: Path) -> None:
    tenant, kept = filled(store)
    backup = tmp_path / "backup.db"
    with store.database.begin(of_tenant(tenant)) as work:  # somebody writes meanwhile
        work.insert(EVENTS, [{"id": new_id(), "kind": "late", "at": NOW}])
        connection = sqlite3.connect(store.url.removeprefix("sqlite:///"))
        connection.execute("VACUUM INTO ?", (str(backup),))
        connection.close()
    check(store.another(f"sqlite:///{backup}"), tenant, kept)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_postgresql(store: Store, postgres_server: PostgresServer, tmp_path: Path) -> None:
    tenant, kept = filled(store)
    file = tmp_path / "vigie.dump"
    # As the owner, row-level security would hold it; it says so and writes nothing.
    refused = postgres_tool("pg_dump", "--format=custom", f"--file={file}", store.owner_url)
    assert refused.returncode != 0
    assert "row-level security" in refused.stderr
    dumped = postgres_tool("pg_dump", "--format=custom", f"--file={file}", store.admin_url)
    assert dumped.returncode == 0, dumped.stderr
    fresh = postgres_server.fresh_database()
    try:
        restored = postgres_tool("pg_restore", f"--dbname={fresh.admin_url}", str(file))
        assert restored.returncode == 0, restored.stderr
        database = Database(fresh.app_url)
        migration.check_application(database.engine)
        check(database, tenant, kept)
        database.close()
    finally:
        postgres_server.drop(fresh)


def postgres_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        pytest.skip(f"{name} is not installed")
    assert all(urlsplit(a).hostname in (None, "127.0.0.1", "localhost") for a in arguments)
    return subprocess.run([str(found[-1]), *arguments], capture_output=True, text=True, check=False)
