"""Clears away what served its time and is nobody's record: answers kept for repeated requests."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from vigie.services.platform import Platform
from vigie.stores.relational.scopes import Scope
from vigie.stores.relational.tables.governance import IDEMPOTENCY

ANSWERS_KEPT = timedelta(days=1)


def forget_answers(platform: Platform, scope: Scope) -> int:
    """Remove this tenant's answers to idempotency keys that are older than a day; how many."""
    before = platform.clock() - ANSWERS_KEPT
    with platform.database.begin(scope) as work:
        gone = work.run(
            sa.delete(IDEMPOTENCY).where(work.mine(IDEMPOTENCY), IDEMPOTENCY.c.created_at < before)
        )
        return int(gone.rowcount)
