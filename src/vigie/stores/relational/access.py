"""People, their sessions and what they prove themselves with: rows of the system's scope.

Locks: a session, a challenge and the counts of failed sign-ins are read `FOR UPDATE` where what
is written depends on them. SQLite has one writer at a time and needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.access import (
    ATTEMPTS,
    CHALLENGES,
    MEMBERSHIPS,
    PASSKEYS,
    SESSIONS,
    TENANTS,
    USERS,
)
from vigie.stores.relational.tables.governance import FACTS

Row = Mapping[str, Any]


def person(work: Work, user_id: str, *, lock: bool = False) -> Row | None:
    """The person of this id."""
    return _one(work, sa.select(USERS).where(USERS.c.id == user_id), lock) if is_id(user_id) else (
        None
    )  # fmt: skip


def person_by_email(work: Work, email: str) -> Row | None:
    """The person of this address, in small letters."""
    return _one(work, sa.select(USERS).where(USERS.c.email == email))


def person_by_subject(work: Work, issuer: str, subject: str) -> Row | None:
    """The person whom a sign-on provider knows by this subject."""
    query = sa.select(USERS).where(USERS.c.issuer == issuer, USERS.c.subject == subject)
    return _one(work, query)


def tenants_of(work: Work, user_id: str) -> list[Row]:
    """The tenants that a person belongs to and that are not disabled, the oldest first:
    `id`, `name`, `slug`, `role`, `origin`."""
    query = (
        sa.select(TENANTS.c.id, TENANTS.c.name, TENANTS.c.slug, MEMBERSHIPS.c.role,
                  MEMBERSHIPS.c.origin)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.tenant_id == TENANTS.c.id)
        .where(MEMBERSHIPS.c.user_id == user_id, TENANTS.c.disabled_at.is_(None))
        .order_by(MEMBERSHIPS.c.created_at, TENANTS.c.id)
    )  # fmt: skip
    return [dict(row) for row in work.run(query).mappings()]


def tenant_named(work: Work, word: str) -> Row | None:
    """The tenant of this id or slug."""
    return _one(work, sa.select(TENANTS).where(_is_tenant(word)))


def first_tenant(work: Work) -> Row | None:
    """The oldest tenant that is not disabled."""
    query = sa.select(TENANTS).where(TENANTS.c.disabled_at.is_(None))
    return _one(work, query.order_by(TENANTS.c.id).limit(1))


def standing(work: Work, session_id: str, tenant: str) -> Row | None:
    """A session with its person, and what that person is in a tenant (its id or slug, "" for
    the session's own): one look at four primary keys. None when there is no such session.

    `acts_in` and `role` are None when there is no such tenant, and when the person is not in it.
    """
    given = {"session": session_id, **({"tenant": tenant} if tenant else {})}
    way = "slug" if tenant and not is_id(tenant) else "id" if tenant else ""
    row = work.run(_standing(way), given).mappings().one_or_none()
    return None if row is None else dict(row)


@cache
def _standing(way: str) -> sa.Select[Any]:
    """Built once: every request asks it."""
    acting = TENANTS.c.id == SESSIONS.c.tenant_id
    if way:
        acting = TENANTS.c[way] == sa.bindparam("tenant")
    member = sa.and_(
        MEMBERSHIPS.c.tenant_id == TENANTS.c.id, MEMBERSHIPS.c.user_id == SESSIONS.c.user_id
    )
    return (
        sa.select(
            SESSIONS.c.id, SESSIONS.c.user_id, SESSIONS.c.tenant_id, SESSIONS.c.methods,
            SESSIONS.c.expires_at, SESSIONS.c.revoked_at, USERS.c.email, USERS.c.name,
            USERS.c.language, USERS.c.super_admin, USERS.c.must_change,
            USERS.c.disabled_at, TENANTS.c.id.label("acts_in"),
            TENANTS.c.disabled_at.label("closed_at"), MEMBERSHIPS.c.role,
        )
        .join(USERS, USERS.c.id == SESSIONS.c.user_id)
        .outerjoin(TENANTS, acting)
        .outerjoin(MEMBERSHIPS, member)
        .where(SESSIONS.c.id == sa.bindparam("session"))
    )  # fmt: skip


def _is_tenant(word: str) -> sa.ColumnElement[bool]:
    return TENANTS.c.id == word if is_id(word) else TENANTS.c.slug == word


def session(work: Work, session_id: str, *, lock: bool = False) -> Row | None:
    """The session of this id."""
    if not is_id(session_id):
        return None
    return _one(work, sa.select(SESSIONS).where(SESSIONS.c.id == session_id), lock)


def sessions_of(work: Work, user_id: str, now: datetime) -> list[Row]:
    """The person's sessions that live, the latest used first."""
    table = SESSIONS
    query = (
        sa.select(table)
        .where(table.c.user_id == user_id, table.c.revoked_at.is_(None), table.c.expires_at > now)
        .order_by(table.c.last_used_at.desc())
        .limit(200)
    )
    return [dict(row) for row in work.run(query).mappings()]


def add_session(work: Work, values: Mapping[str, Any]) -> None:
    """A new session."""
    work.run(sa.insert(SESSIONS), [values])


def set_session(work: Work, session_id: str, values: Mapping[str, Any]) -> None:
    """Change a session's columns."""
    statement = sa.update(SESSIONS).where(SESSIONS.c.id == session_id)
    work.run(statement.values(**values, revision=SESSIONS.c.revision + 1))


def end_sessions(work: Work, user_id: str, now: datetime, why: str, *, but: str = "") -> int:
    """End every session of a person, one excepted; how many there were."""
    table = SESSIONS
    wanted = [table.c.user_id == user_id, table.c.revoked_at.is_(None), table.c.expires_at > now]
    if is_id(but):
        wanted.append(table.c.id != but)
    statement = sa.update(table).where(*wanted).values(revoked_at=now, revoked_why=why)
    return int(work.run(statement).rowcount)


def set_person(work: Work, user_id: str, values: Mapping[str, Any]) -> None:
    """Change a person's columns; their revision goes up."""
    statement = sa.update(USERS).where(USERS.c.id == user_id)
    work.run(statement.values(**values, revision=USERS.c.revision + 1))


def set_login(work: Work, user_id: str, now: datetime) -> None:
    """They came in now."""
    work.run(sa.update(USERS).where(USERS.c.id == user_id).values(last_login_at=now))


def spend_totp_step(work: Work, user_id: str, step: int) -> bool:
    """Remember the step of a code that was used; False when one as late was used already."""
    statement = sa.update(USERS).where(USERS.c.id == user_id, USERS.c.totp_step < step)
    return work.run(statement.values(totp_step=step)).rowcount == 1


def set_recovery_codes(work: Work, user_id: str, hashes: Sequence[str]) -> None:
    """The recovery codes that are left."""
    work.run(sa.update(USERS).where(USERS.c.id == user_id).values(recovery_codes=hashes))


def renew_hash(work: Work, user_id: str, old: str, new: str) -> None:
    """The same password, hashed with stronger parameters; not when it was changed meanwhile."""
    same = sa.and_(USERS.c.id == user_id, USERS.c.password_hash == old)
    work.run(sa.update(USERS).where(same).values(password_hash=new))


def passkeys_of(work: Work, user_id: str) -> list[Row]:
    """The passkeys of a person, the oldest first."""
    query = sa.select(PASSKEYS).where(PASSKEYS.c.user_id == user_id).order_by(PASSKEYS.c.id)
    return [dict(row) for row in work.run(query).mappings()]


def passkey(work: Work, credential_id: str) -> Row | None:
    """The passkey of this credential id."""
    query = sa.select(PASSKEYS).where(PASSKEYS.c.credential_id == credential_id)
    return _one(work, query, lock=True)


def add_passkey(work: Work, values: Row) -> None:
    """A new passkey."""
    work.run(sa.insert(PASSKEYS), [values])


def use_passkey(work: Work, passkey_id: str, sign_count: int, now: datetime) -> None:
    """It was used, and counts that many uses."""
    statement = sa.update(PASSKEYS).where(PASSKEYS.c.id == passkey_id)
    work.run(statement.values(sign_count=sign_count, last_used_at=now))


def remove_passkey(work: Work, passkey_id: str, user_id: str) -> bool:
    """Forget a person's passkey; False when they have none of this id."""
    if not is_id(passkey_id):
        return False
    own = sa.and_(PASSKEYS.c.id == passkey_id, PASSKEYS.c.user_id == user_id)
    return work.run(sa.delete(PASSKEYS).where(own)).rowcount == 1


def remove_passkeys(work: Work, user_id: str) -> None:
    """Forget all passkeys of a person."""
    work.run(sa.delete(PASSKEYS).where(PASSKEYS.c.user_id == user_id))


def attempts(work: Work, keys: Sequence[str], now: datetime) -> dict[str, Any]:
    """What is kept of each of these keys, None for one that is new; locked until the end."""
    upsert: Any = upsert_sqlite if work.dialect == "sqlite" else upsert_postgresql
    found = {}
    for key in sorted(set(keys)):  # always in this order: nobody waits for each other
        new = upsert(ATTEMPTS).values(key=key, updated_at=now)
        work.run(new.on_conflict_do_nothing(index_elements=["key"]))
        row = _one(work, sa.select(ATTEMPTS).where(ATTEMPTS.c.key == key), lock=True)
        found[key] = row["record"] if row is not None else None
    return found


def set_attempt(work: Work, key: str, record: Any, now: datetime) -> None:
    """Keep this of a key; None forgets it."""
    if record is None:
        work.run(sa.delete(ATTEMPTS).where(ATTEMPTS.c.key == key))
        return
    statement = sa.update(ATTEMPTS).where(ATTEMPTS.c.key == key)
    work.run(statement.values(record=record, updated_at=now))


def forget_old(work: Work, attempts_before: datetime, now: datetime) -> int:
    """Remove counts that nobody added to since, and challenges that nobody answered."""
    gone = work.run(sa.delete(ATTEMPTS).where(ATTEMPTS.c.updated_at < attempts_before)).rowcount
    return int(gone + work.run(sa.delete(CHALLENGES).where(CHALLENGES.c.expires_at < now)).rowcount)


def add_challenge(work: Work, row: Mapping[str, Any]) -> None:
    """Keep a question that waits for its answer."""
    work.run(sa.insert(CHALLENGES), [row])


def challenge(work: Work, challenge_id: str, kind: str, now: datetime) -> Row | None:
    """The question, locked; None when there is none of this kind or its time is over."""
    if not is_id(challenge_id):
        return None
    table = CHALLENGES
    query = sa.select(table).where(
        table.c.id == challenge_id, table.c.kind == kind, table.c.expires_at > now
    )
    return _one(work, query, lock=True)


def set_challenge(work: Work, challenge_id: str, record: Any) -> None:
    """Change what is kept with a question."""
    work.run(sa.update(CHALLENGES).where(CHALLENGES.c.id == challenge_id).values(record=record))


def end_challenge(work: Work, challenge_id: str) -> None:
    """It has been answered."""
    work.run(sa.delete(CHALLENGES).where(CHALLENGES.c.id == challenge_id))


def fact(work: Work, name: str) -> Any:
    """What the platform as a whole remembers under this name."""
    return work.run(sa.select(FACTS.c.value).where(FACTS.c.name == name)).scalar()


def remember_first(work: Work, name: str, value: Any) -> Any:
    """Remember it unless something is remembered already; what is."""
    upsert: Any = upsert_sqlite if work.dialect == "sqlite" else upsert_postgresql
    new = upsert(FACTS).values(name=name, value=value)
    work.run(new.on_conflict_do_nothing(index_elements=["name"]))
    return fact(work, name)


def lock(work: Work, name: str) -> None:
    """Until the end of the transaction nobody else holds the lock of this name."""
    remember_first(work, name, None)
    _one(work, sa.select(FACTS.c.name).where(FACTS.c.name == name), lock=True)


def _one(work: Work, query: Any, lock: bool = False) -> Row | None:
    if lock:
        query = query.with_for_update()
    row = work.run(query).mappings().one_or_none()
    return None if row is None else dict(row)
