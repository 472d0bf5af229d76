"""Somebody in every tenant of the made-up company, and what they show to get in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from vigie.model.access import Role
from vigie.services.access import sessions, signing_in
from vigie.services.access.api_keys import new_key
from vigie.services.access.sessions import Proof
from vigie.services.access.visits import Visit
from vigie.services.platform import Platform
from vigie.stores.relational import access
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import API_KEYS, MEMBERSHIPS, USERS
from vigie.wiring.platform import opened
from vigie.wiring.platform_settings import platform_settings


@contextmanager
def platform_at(folder: Path, url: str) -> Iterator[Platform]:
    """The platform that the processes of a bench serve."""
    environ = {"VIGIE_DATA": str(folder), "VIGIE_DATABASE_URL": url}
    with opened(platform_settings(environ), environ) as platform:
        yield platform


def access_tokens(platform: Platform, tenants: Sequence[str]) -> dict[str, str]:
    """By tenant, the access token of an analyst of it who has just signed in. It holds as long
    as anybody's: a quarter of an hour."""
    return {tenant: _sign_in(platform, tenant) for tenant in tenants}


def api_key(platform: Platform, tenant: str) -> str:
    """An API key of a pipeline that hands in reports and reads what came of them."""
    user, key_id = _member(platform, tenant), new_id()
    made = new_key(UUID(tenant), UUID(key_id))
    row = {
        "id": key_id, "name": "pipeline", "hash": made.hash, "hint": made.hint,
        "scopes": ["ci", "read"], "networks": [], "created_by": user,
        "created_at": platform.clock(), "last_address": "",
    }  # fmt: skip
    with platform.database.begin(of_tenant(tenant)) as work:
        work.insert(API_KEYS, [row])
    return made.text


def with_password(platform: Platform, tenant: str) -> tuple[str, str]:
    """An e-mail address of the tenant, and the password that it signs in with."""
    user, password = _member(platform, tenant), "seven grey herons at dusk"
    with platform.database.begin(SYSTEM) as work:
        access.set_person(work, user, {"password_hash": signing_in.passwords().hash(password)})
        person = access.person(work, user)
    assert person is not None
    return str(person["email"]), password


def bearer(token: str) -> Mapping[str, str]:
    """The header that shows it."""
    return {"Authorization": f"Bearer {token}"}


def _sign_in(platform: Platform, tenant: str) -> str:
    user = _member(platform, tenant)
    with platform.database.begin(SYSTEM) as work:
        person = access.person(work, user)
        assert person is not None
        begun = sessions.begin(work, platform, person, Proof(("pwd", "otp"), tenant), Visit())
    return sessions.hand_out(platform, begun).access_token


def _member(platform: Platform, tenant: str) -> str:
    """Ada of this tenant, who is made the first time."""
    email = f"ada@{tenant}.example"
    with platform.database.begin(SYSTEM) as work:
        known = access.person_by_email(work, email)
        if known is not None:
            return str(known["id"])
        user, now = new_id(), platform.clock()
        row = {"id": user, "email": email, "name": "Ada", "created_at": now}
        work.run(sa.insert(USERS), [row])
        belongs = {
            "tenant_id": tenant, "user_id": user, "role": str(Role.OWNER), "created_at": now
        }  # fmt: skip
        work.run(sa.insert(MEMBERSHIPS), [belongs])
    return user
