"""Who belongs to which tenant, in which role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.scopes import of_tenant as scope_of
from vigie.stores.relational.tables.access import MEMBERSHIPS, SESSIONS, USERS

Row = Mapping[str, Any]


def of_tenant(tenant: str) -> Any:
    """The people of a tenant as rows to select from; nothing secret of them."""
    return (
        sa.select(
            USERS.c.id, USERS.c.email, USERS.c.name, USERS.c.language, USERS.c.super_admin,
            USERS.c.must_change, USERS.c.revision, USERS.c.created_at, USERS.c.last_login_at,
            (USERS.c.totp_secret != "").label("second_factor"),
            USERS.c.disabled_at.is_not(None).label("disabled"),
            MEMBERSHIPS.c.role, MEMBERSHIPS.c.origin,
        )
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.tenant_id == tenant)
        .subquery("people")
    )  # fmt: skip


def member(work: Work, tenant: str, user_id: str) -> Row | None:
    """One of the tenant's people."""
    if not is_id(user_id):
        return None
    rows = of_tenant(tenant)
    row = work.run(sa.select(*rows.c).where(rows.c.id == user_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def add(work: Work, values: Row) -> None:
    """A new person."""
    work.run(sa.insert(USERS), [values])


def add_membership(
    work: Work, tenant: str, user_id: str, role: str, now: datetime, origin: str = "local"
) -> bool:
    """Take somebody in; False when they belong to the tenant already."""
    upsert: Any = upsert_sqlite if work.dialect == "sqlite" else upsert_postgresql
    new = upsert(MEMBERSHIPS).values(
        tenant_id=tenant, user_id=user_id, role=role, origin=origin, created_at=now
    )
    new = new.on_conflict_do_nothing(index_elements=["tenant_id", "user_id"])
    # Engines count inserted rows differently; what comes back was inserted.
    return work.run(new.returning(MEMBERSHIPS.c.user_id)).first() is not None


def set_role(work: Work, tenant: str, user_id: str, role: str) -> None:
    """Another role for somebody who belongs to the tenant."""
    work.run(sa.update(MEMBERSHIPS).where(_one(tenant, user_id)).values(role=role))


def remove_membership(work: Work, tenant: str, user_id: str) -> None:
    """They belong to the tenant no more."""
    work.run(sa.delete(MEMBERSHIPS).where(_one(tenant, user_id)))


def tenant_count(work: Work, user_id: str) -> int:
    """To how many tenants somebody belongs, disabled ones too."""
    count = sa.select(sa.func.count()).select_from(MEMBERSHIPS)
    return int(work.run(count.where(MEMBERSHIPS.c.user_id == user_id)).scalar_one())


def has_other_owner(work: Work, tenant: str, user_id: str) -> bool:
    """Whether somebody else owns the tenant who may come in. Its owners are locked, so that two
    of them cannot remove each other at once."""
    query = (
        sa.select(MEMBERSHIPS.c.user_id, USERS.c.disabled_at)
        .join(USERS, USERS.c.id == MEMBERSHIPS.c.user_id)
        .where(MEMBERSHIPS.c.tenant_id == tenant, MEMBERSHIPS.c.role == "owner")
        .order_by(MEMBERSHIPS.c.user_id)
        .with_for_update(of=MEMBERSHIPS)
    )
    return any(r.user_id != user_id and r.disabled_at is None for r in work.run(query).all())


def end_sessions_in(work: Work, tenant: str, user_id: str, now: datetime) -> None:
    """End a person's sessions that began in the tenant."""
    table = SESSIONS
    wanted = (table.c.tenant_id == tenant, table.c.user_id == user_id, table.c.revoked_at.is_(None))
    work.run(sa.update(table).where(*wanted).values(revoked_at=now, revoked_why="removed"))


def entry(action: str, person: Row, **detail: Any) -> Entry:
    """The audit entry of what somebody did who has no session for it."""
    return Entry(
        action, actor_kind="user", actor_id=person["id"], actor=person["name"] or person["email"],
        subject_kind="user", subject_id=person["id"], detail=detail,
    )  # fmt: skip


def audit_at_home(work: Work, homes: Sequence[Row], written: Entry) -> None:
    """Write it to the log of somebody's first tenant, else to the platform's."""
    if not homes:
        work.audit(written)
        return
    with work.within(scope_of(homes[0]["id"])):
        work.audit(written)


def _one(tenant: str, user_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(MEMBERSHIPS.c.tenant_id == tenant, MEMBERSHIPS.c.user_id == user_id)
