"""A platform on a test's database with people in it, without a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.access_made import new_person
from tests.platforms import Clock, platform
from tests.store_fixtures import Store

from vigie.model.access import ROLE_PERMISSIONS, Principal, PrincipalKind, Role
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.governance import AUDIT


@dataclass
class Home:
    place: Platform
    store: Store
    clock: Clock
    tenant: str
    other: str

    def person(self, role: Role | None = Role.OWNER, tenant: str = "", **values: Any) -> str:
        return new_person(self.store, tenant or self.tenant, role, **values)

    def caller(self, role: Role = Role.OWNER, user: str = "", tenant: str = "") -> Caller:
        """Somebody of the tenant, who is in the database too."""
        tenant = tenant or self.tenant
        user = user or self.person(role, tenant)
        return Caller(
            Principal(PrincipalKind.USER, user, tenant, role, ROLE_PERMISSIONS[role], name="Ada")
        )

    def row(self, user: str) -> Any:
        with self.store.database.read(SYSTEM) as work:
            return access.person(work, user)

    def write(self, call: Callable[[Any], Any]) -> Any:
        with self.store.database.begin(SYSTEM) as work:
            return call(work)

    def actions(self, tenant: str = "") -> list[str]:
        with self.store.database.read(of_tenant(tenant or self.tenant)) as work:
            query = sa.select(AUDIT.c.action).where(work.mine(AUDIT)).order_by(AUDIT.c.seq)
            return list(work.run(query).scalars())


def home(store: Store, folder: Path, **given: Any) -> Home:
    clock = Clock()
    place = platform(store.database, folder, clock=clock, **given)
    return Home(place, store, clock, store.tenant("Acme"), store.tenant("Other"))
