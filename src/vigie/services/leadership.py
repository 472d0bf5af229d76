"""Leases by name: of all processes that want to do something, one does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from vigie.services.platform import Platform
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.operations import LEASES


def hold(platform: Platform, name: str, holder: str, length: timedelta) -> bool:
    """Take the lease, or renew one's own, for that long from now. False while another has it."""
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        upsert: Any = upsert_sqlite if work.dialect == "sqlite" else upsert_postgresql
        new = {"holder": holder, "until": now + length}
        taken = work.run(
            upsert(LEASES)
            .values(name=name, **new)
            .on_conflict_do_update(
                index_elements=["name"],
                set_=new,
                where=sa.or_(LEASES.c.holder == holder, LEASES.c.until <= now),
            )
            .returning(LEASES.c.name)
        )
        return taken.first() is not None


def free_at(platform: Platform, name: str, holder: str, wait: timedelta) -> bool:
    """Let go of a lease that is one's own, so that it can be taken in `wait` from now."""
    with platform.database.begin(SYSTEM) as work:
        changed = work.run(
            sa.update(LEASES)
            .where(LEASES.c.name == name, LEASES.c.holder == holder)
            .values(holder="", until=platform.clock() + wait)
        )
        return changed.rowcount == 1
