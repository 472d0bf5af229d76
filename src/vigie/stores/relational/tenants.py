"""Tenants as rows of the system's scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.access import TENANTS, USERS

Row = Mapping[str, Any]


def rows() -> Any:
    """Tenants as rows to select from."""
    return sa.select(
        TENANTS.c.id, TENANTS.c.name, TENANTS.c.slug, TENANTS.c.language, TENANTS.c.revision,
        TENANTS.c.created_at, TENANTS.c.disabled_at.is_not(None).label("disabled"),
    ).subquery("tenants_seen")  # fmt: skip


def one(work: Work, tenant: str) -> Row | None:
    """The tenant of this id."""
    seen = rows()
    row = work.run(sa.select(*seen.c).where(seen.c.id == tenant)).mappings().one_or_none()
    return None if row is None else dict(row)


def add(work: Work, values: Row) -> None:
    """A new tenant."""
    work.run(sa.insert(TENANTS), [values])


def change(work: Work, tenant: str, values: Row, expected: int | None) -> bool:
    """Set these columns; False when the revision is another than expected."""
    statement = sa.update(TENANTS).where(TENANTS.c.id == tenant)
    if expected is not None:
        statement = statement.where(TENANTS.c.revision == expected)
    done = work.run(statement.values(**values, revision=TENANTS.c.revision + 1))
    return done.rowcount == 1


def super_admins(work: Work) -> list[str]:
    """The ids of those who may enter every tenant and are not disabled."""
    query = sa.select(USERS.c.id).where(
        USERS.c.super_admin.is_(True), USERS.c.disabled_at.is_(None)
    )
    return list(work.run(query).scalars())


def enabled(work: Work) -> list[Row]:
    """Every tenant that is not disabled."""
    seen = rows()
    query = sa.select(*seen.c).where(seen.c.disabled.is_(False)).order_by(seen.c.id)
    return [dict(row) for row in work.run(query).mappings()]
