"""API keys as rows: read within their own tenant, which stands in the key itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.access import API_KEYS, MEMBERSHIPS, TENANTS, USERS


def with_maker(work: Work, key_id: str) -> Mapping[str, Any] | None:
    """The key with what its maker is in the tenant: `role` is None when they are not in it (any
    more), `slug` and `closed_at` are the tenant's. None when there is no such key."""
    member = sa.and_(MEMBERSHIPS.c.user_id == API_KEYS.c.created_by, work.mine(MEMBERSHIPS))
    query = (
        sa.select(
            API_KEYS, MEMBERSHIPS.c.role, USERS.c.disabled_at, USERS.c.super_admin,
            TENANTS.c.slug, TENANTS.c.disabled_at.label("closed_at"),
        )
        .join(TENANTS, TENANTS.c.id == API_KEYS.c.tenant_id)
        .outerjoin(MEMBERSHIPS, member)
        .outerjoin(USERS, USERS.c.id == MEMBERSHIPS.c.user_id)
        .where(work.mine(API_KEYS), API_KEYS.c.id == key_id)
    )  # fmt: skip
    row = work.run(query).mappings().one_or_none()
    return None if row is None else dict(row)


def mark_used(work: Work, key_id: str, address: str, now: datetime, before: datetime) -> None:
    """Remember that the key was used, unless somebody did since `before`."""
    table = API_KEYS
    old = sa.or_(table.c.last_used_at.is_(None), table.c.last_used_at <= before)
    statement = sa.update(table).where(work.mine(table), table.c.id == key_id, old)
    work.run(statement.values(last_used_at=now, last_address=address))
