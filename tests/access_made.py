"""People, tenants and a server of the real door, for tests of who is let in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher

from tests.platforms import Clock, platform
from tests.servers import listening, trust
from tests.store_fixtures import NOW, Store
from vigie.faces.server.authentication import authenticate
from vigie.model.access import Role
from vigie.services.access import signing_in
from vigie.services.access.passwords import Passwords
from vigie.services.access.signing_in import totp_place
from vigie.services.platform import Platform
from vigie.stores.relational.ids import PLATFORM, new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import MEMBERSHIPS, USERS
from vigie.stores.relational.tables.governance import AUDIT

PASSWORD = "seven grey herons at dusk"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def cheap_hash(password: str = PASSWORD) -> str:
    """Made with parameters that take no time; a check of it works as of any other."""
    return CHEAP.hash(password)


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """This process makes and checks passwords in no time. What the real parameters are, and that
    a hash made with weaker ones is made anew, has tests of its own."""
    with mock.patch.object(signing_in, "Passwords", lambda: Passwords(CHEAP)):
        signing_in.passwords.cache_clear()
        try:
            yield
        finally:
            signing_in.passwords.cache_clear()


@dataclass
class Door:
    """A platform with the door that people come in by; `clock` stands until it is moved."""

    place: Platform
    store: Store
    client: httpx.Client
    clock: Clock
    tenant: str
    other: str
    known: dict[str, str] = field(default_factory=dict)

    def person(self, role: Role | None = Role.OWNER, *, tenant: str = "", email: str = "",
               **values: Any) -> str:  # fmt: skip
        """A new person's id, with this role in the tenant; None for a role nowhere."""
        return new_person(self.store, tenant or self.tenant, role, email=email, **values)

    def with_totp(self, role: Role = Role.OWNER, **values: Any) -> str:
        """A person whose second factor is on, with the secret `TOTP`."""
        user = new_id()
        sealed = self.place.sealing.seal(TOTP, totp_place(user))
        return self.person(role, id=user, totp_secret=sealed, **values)

    def code(self) -> str:
        """The code that the person's app shows now."""
        return pyotp.TOTP(TOTP).at(self.clock.now)

    def email_of(self, user: str) -> str:
        with self.store.database.read(SYSTEM) as work:
            found: str = work.run(sa.select(USERS.c.email).where(USERS.c.id == user)).scalar_one()
        return found

    def sign_in(self, user: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        body = {"email": self.email_of(user), "password": password, **more}
        return self.client.post("/api/v1/auth/sign-in", json=body)

    def session(self, user: str, **more: Any) -> dict[str, str]:
        """The tokens of a new session."""
        got = self.sign_in(user, **more)
        assert got.status_code == 200, got.text
        tokens: dict[str, str] = got.json()
        return tokens

    def bearer(self, user: str, tenant: str = "") -> dict[str, str]:
        """Headers of somebody who signed in."""
        if user not in self.known:
            self.known[user] = self.session(user)["access_token"]
        return headers(self.known[user], tenant)

    def ask(self, method: str, path: str, user: str = "", *, tenant: str = "",
            headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:  # fmt: skip
        """A request of somebody, who signs in first."""
        shown = self.bearer(user, tenant) if user else {}
        return self.client.request(
            method, f"/api/v1{path}", headers={**shown, **(headers or {})}, **more
        )

    def audit(self, tenant: str = "") -> list[Any]:
        """The entries of a tenant's log, or of the platform's (`PLATFORM`)."""
        chain = tenant or self.tenant
        scope = SYSTEM if chain == PLATFORM else of_tenant(chain)
        with self.store.database.read(scope) as work:
            query = sa.select(AUDIT).where(AUDIT.c.tenant_id == chain).order_by(AUDIT.c.seq)
            return list(work.run(query).all())

    def actions(self, tenant: str = "") -> list[str]:
        return [f"{row.action}{'' if row.outcome == 'done' else ' refused'}"
                for row in self.audit(tenant)]  # fmt: skip


def headers(token: str, tenant: str = "") -> dict[str, str]:
    shown = {"Authorization": f"Bearer {token}"}
    return {**shown, "Vigie-Tenant": tenant} if tenant else shown


def new_person(
    store: Store, tenant: str, role: Role | None = Role.OWNER, *, email: str = "", **values: Any
) -> str:
    """A person's id. A super-admin belongs to no tenant."""
    user = values.pop("id", None) or new_id()
    row = {
        "id": user, "email": email or f"{user[-12:]}@example.org", "name": "Ada",
        "password_hash": cheap_hash(), "created_at": NOW, "totp_secret": "", "totp_step": 0,
        "super_admin": role is Role.SUPER_ADMIN, **values,
    }  # fmt: skip
    with store.database.begin(SYSTEM) as work:
        work.run(sa.insert(USERS), [row])
        if role is not None and role is not Role.SUPER_ADMIN:
            belongs = {"tenant_id": tenant, "user_id": user, "role": str(role), "created_at": NOW}
            work.run(sa.insert(MEMBERSHIPS), [belongs])
    return user


@contextmanager
def opened_door(store: Store, folder: Path, *, cheap: bool = True, **given: Any
) -> Iterator[Door]:  # fmt: skip
    """The door of a platform on this database; `given` replaces fields of `Platform`. `cheap`:
    passwords cost no time."""
    clock = given.pop("clock", None) or Clock(datetime.now(UTC))
    place = platform(store.database, folder, clock=clock, **given)
    with (
        cheap_passwords() if cheap else nullcontext(),
        listening(place, authenticate) as address,
        httpx.Client(base_url=address, timeout=30, verify=trust()) as client,
    ):
        yield Door(place, store, client, clock, store.tenant("Acme"), store.tenant("Other"))
