"""The sign-on providers of tenants, found before anybody is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.access import SIGN_ON, TENANTS

Row = Mapping[str, Any]


def enabled(work: Work, tenant: str) -> list[Row]:
    """`id` and `name` of those that are switched on, of a tenant (id or slug) that is open."""
    named = TENANTS.c.id == tenant if is_id(tenant) else TENANTS.c.slug == tenant
    query = _open().where(named).order_by(SIGN_ON.c.name).limit(50)
    return [{"id": row["id"], "name": row["name"]} for row in work.run(query).mappings()]


def one(work: Work, row_id: str) -> Row | None:
    """The provider of this id, if it is switched on and its tenant is open."""
    if not is_id(row_id):
        return None
    row = work.run(_open().where(SIGN_ON.c.id == row_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def _open() -> sa.Select[Any]:
    return (
        sa.select(SIGN_ON)
        .join(TENANTS, TENANTS.c.id == SIGN_ON.c.tenant_id)
        .where(SIGN_ON.c.enabled.is_(True), TENANTS.c.disabled_at.is_(None))
    )
