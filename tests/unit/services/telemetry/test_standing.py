"""How the platform stands is asked when it is asked, and what does not answer is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from prometheus_client.exposition import generate_latest
from tests.platforms import START, platform
from tests.store_fixtures import Store
from tests.unit.services.telemetry.test_metrics import sample

from vigie.model.errors import SourceError
from vigie.services.telemetry.metrics import registry_of
from vigie.services.telemetry.standing import Standing
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.queue import TableQueue
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS


class Dead:
    """A queue that does not answer."""

    name = "nats"

    def depth(self) -> int:
        raise SourceError("no", retryable=True)


def test_what_waits_and_what_answers(store: Store, tmp_path: Path) -> None:
    cache = MemoryCache()
    made = platform(
        store.database, tmp_path / "data", queue=TableQueue(store.database), cache=cache
    )
    tenant = store.tenant("One")
    with store.database.begin(of_tenant(tenant)) as work:
        rows = [
            {"id": new_id(), "kind": "x", "state": state, "created_at": START, "due_at": START}
            for state in ("queued", "queued", "running", "done")
        ]
        work.run(sa.insert(JOBS), [{"tenant_id": tenant, **row} for row in rows])
    text = generate_latest(registry_of(Standing(made))).decode()
    assert sample(text, "vigie_jobs_open", state="queued") == 2
    assert sample(text, "vigie_jobs_open", state="running") == 1
    assert sample(text, "vigie_outbox", state="dead") == 0
    assert sample(text, "vigie_queue_depth") == 0
    assert sample(text, "vigie_build_info", database=store.dialect) == 1
    assert sample(text, "vigie_ready", part="schema") == 1
    dead: Any = Dead()
    text = generate_latest(registry_of(Standing(replace(made, queue=dead)))).decode()
    assert sample(text, "vigie_ready", part="queue") == 0
    assert sample(text, "vigie_queue_depth") is None
    assert sample(text, "vigie_jobs_open", state="queued") == 2
    cache.close()


def test_a_dead_database_is_said_and_invents_nothing(tmp_path: Path) -> None:
    database, cache = Database("postgresql://x@127.0.0.1:1/x"), MemoryCache()
    made = platform(database, tmp_path / "data", cache=cache)
    text = generate_latest(registry_of(Standing(made))).decode()
    assert sample(text, "vigie_ready", part="database") == 0
    assert sample(text, "vigie_jobs_open") is None
    database.close()
    cache.close()
