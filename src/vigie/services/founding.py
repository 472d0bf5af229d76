"""The first tenant and its administrator, and a new password for whoever lost theirs.

Both are for who sits at the machine: the command line calls them, no endpoint does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access.passwords import Passwords, first_password
from vigie.services.platform import Platform
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import MEMBERSHIPS, SESSIONS, TENANTS, USERS

_LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How somebody gets in. The password is nowhere but here."""

    tenant: str
    email: str
    password: str = field(repr=False)


def is_founded(platform: Platform) -> bool:
    """Whether there is anybody who could sign in."""
    with platform.database.read(SYSTEM) as work:
        return work.run(sa.select(USERS.c.id).limit(1)).first() is not None


def found(platform: Platform, email: str, tenant_name: str, language: str) -> Credentials | None:
    """The first tenant, and an administrator who owns it and all that is to come. None when
    somebody is there already. `language` is the tenant's; the administrator's screens speak what
    their browser asks for.

    Raises UserError for what is no e-mail address.
    """
    email, now = _checked(email), platform.clock()
    tenant, user = new_id(), new_id()
    password = first_password()
    person = {
        "id": user, "email": email, "name": "", "language": "", "super_admin": True,
        "password_hash": Passwords(at_once=1).hash(password), "created_at": now,
    }  # fmt: skip
    with platform.database.begin(SYSTEM) as work:
        if work.run(sa.select(USERS.c.id).limit(1)).first() is not None:
            return None
        # The same name for whoever is first, so that of two at once one is refused.
        home = {
            "id": tenant, "name": tenant_name, "slug": "home", "language": language,
            "created_at": now,
        }  # fmt: skip
        work.run(sa.insert(TENANTS), [home])
        work.run(sa.insert(USERS), [person])
        belongs = {
            "tenant_id": tenant, "user_id": user, "role": str(Role.OWNER), "created_at": now
        }  # fmt: skip
        work.run(sa.insert(MEMBERSHIPS), [belongs])
        work.audit(_entry("tenant.create", "tenant", tenant, name=tenant_name))
        work.audit(_entry("user.create", "user", user, email=email, role=str(Role.SUPER_ADMIN)))
    return Credentials(tenant, email, password)


def first_tenant(platform: Platform) -> str:
    """The oldest tenant's id, "" when there is none."""
    with platform.database.read(SYSTEM) as work:
        query = sa.select(TENANTS.c.id).where(TENANTS.c.disabled_at.is_(None))
        return work.run(query.order_by(TENANTS.c.id).limit(1)).scalar_one_or_none() or ""


def reset_password(platform: Platform, email: str, *, second_factor: bool = False) -> Credentials:
    """A new password; every session of the person ends. With `second_factor` that is switched
    off too, for whoever lost it and the recovery codes.

    Raises UserError when there is nobody of this address.
    """
    email, now = _checked(email), platform.clock()
    password = first_password()
    values: dict[str, Any] = {
        "password_hash": Passwords(at_once=1).hash(password),
        "must_change": False,
        "revision": USERS.c.revision + 1,
    }
    if second_factor:
        values |= {"totp_secret": "", "totp_step": 0, "recovery_codes": None}
    with platform.database.begin(SYSTEM) as work:
        user = _person(work, email)
        work.run(sa.update(USERS).where(USERS.c.id == user).values(**values))
        work.run(
            sa.update(SESSIONS)
            .where(SESSIONS.c.user_id == user, SESSIONS.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_why="password reset")
        )
        work.audit(_entry("user.reset-password", "user", user, second_factor=second_factor))
    return Credentials("", email, password)


def _person(work: Work, email: str) -> str:
    user = work.run(sa.select(USERS.c.id).where(USERS.c.email == email)).scalar_one_or_none()
    if user is None:
        raise UserError(
            T("nobody has the address {email}", email=email),
            T("Give the e-mail address that the person signs in with."),
        )
    found_user: str = user
    return found_user


def _checked(email: str) -> str:
    text = email.strip().lower()
    name, at, host = text.rpartition("@")
    if not (name and at and host) or len(text) > _LONGEST or not text.isprintable() or " " in text:
        raise UserError(
            T("{email!r} is no e-mail address", email=email[:_LONGEST]),
            T("Give NAME@HOST, such as admin@localhost."),
        )
    return text


def _entry(action: str, kind: str, subject: str, **detail: Any) -> Entry:
    return Entry(action, actor="command line", subject_kind=kind, subject_id=subject, detail=detail)
