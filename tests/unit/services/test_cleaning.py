"""What served its time goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from tests.platforms import Clock, platform
from tests.store_fixtures import Store

from vigie.services.cleaning import ANSWERS_KEPT, forget_answers
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import IDEMPOTENCY


def test_answers_older_than_a_day_go(store: Store, tmp_path: Path) -> None:
    tenant, other, clock = store.tenant("Acme"), store.tenant("Other"), Clock()
    place = platform(store.database, tmp_path, clock=clock)
    old = clock.now - ANSWERS_KEPT - timedelta(seconds=1)
    for owner in (tenant, other):
        rows = [
            {"key": key, "actor_id": "u", "request": "", "status": 201, "created_at": at}
            for key, at in (("old", old), ("new", clock.now))
        ]
        with store.database.begin(of_tenant(owner)) as work:
            work.insert(IDEMPOTENCY, rows)
    assert forget_answers(place, of_tenant(tenant)) == 1
    left = {}
    for owner in (tenant, other):
        with store.database.read(of_tenant(owner)) as work:
            query = sa.select(IDEMPOTENCY.c.key).where(work.mine(IDEMPOTENCY))
            left[owner] = sorted(work.run(query).scalars())
    assert left == {tenant: ["new"], other: ["new", "old"]}
