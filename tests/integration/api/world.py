"""The API on a real server over one of the databases, two tenants, and whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from tests.platforms import platform
from tests.servers import Badges, person, serve
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.services.platform import Platform
from vigie.services.worker import Handler, Worker
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import AUDIT


@dataclass
class World:
    client: httpx.Client
    store: Store
    place: Platform
    badges: Badges
    tenant: str
    other: str

    def ask(
        self,
        method: str,
        path: str,
        role: Role = Role.ADMIN,
        tenant: str = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request of somebody with this role, of the first tenant unless another is named."""
        badge = self.badges.of(person(tenant or self.tenant, role))
        return self.client.request(
            method, f"/api/v1{path}", headers={**badge, **(headers or {})}, **more
        )

    def actions(self) -> list[str]:
        """What the audit log of the first tenant holds, in order."""
        with self.store.database.read(of_tenant(self.tenant)) as work:
            query = sa.select(AUDIT.c.action).where(work.mine(AUDIT)).order_by(AUDIT.c.seq)
            return [row.action for row in work.run(query)]

    def work_off(self, handlers: Mapping[str, Handler]) -> None:
        """Run every job of these kinds that waits."""
        worker = Worker(self.place, handlers)
        while worker.step(0.0):
            pass


@contextmanager
def opened(store: Store, folder: Path, **given: Any) -> Iterator[World]:
    """The server, as long as the block lasts. `given` are parts of its platform."""
    badges = Badges()
    place = platform(store.database, folder, **given)
    with serve(place, badges) as client:
        yield World(client, store, place, badges, store.tenant("Acme"), store.tenant("Other"))
