"""A served platform with two tenants in it, over each database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.platforms import platform as made_platform
from tests.platforms import worker
from tests.servers import Badges, person, serve
from tests.store_fixtures import Store

from vigie.model.access import Principal, Role
from vigie.services.intake import Reading
from vigie.services.platform import Platform
from vigie.services.recording import RecordOptions, record
from vigie.stores.cache.memory import MemoryCache
from vigie.wiring.words import words


@dataclass
class House:
    """The server, its client, and somebody of each tenant. Without headers nobody is known."""

    store: Store
    platform: Platform
    client: httpx.Client
    badges: Badges
    ours: str
    theirs: str
    known: dict[tuple[str, Role], Principal] = field(default_factory=dict)

    def headers(
        self, tenant: str = "", role: Role = Role.OWNER, more: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Those of somebody of our tenant, or of another."""
        key = (tenant or self.ours, role)
        principal = self.known.setdefault(key, person(*key))
        return {**self.badges.of(principal), **(more or {})}

    def get(self, path: str, tenant: str = "", **params: Any) -> Any:
        """The answer's body; anything but success fails the test."""
        answer = self.client.get(f"/api/v1{path}", params=params, headers=self.headers(tenant))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, method: str, path: str, tenant: str = "", **given: Any) -> httpx.Response:
        """The whole answer, whatever it is."""
        headers = self.headers(tenant, more=given.pop("headers", None))
        return self.client.request(method, f"/api/v1{path}", headers=headers, **given)

    def take(
        self, *readings: Reading, tenant: str = "", import_id: str = "", **options: Any
    ) -> None:
        """Record what these say."""
        tenant, made = tenant or self.ours, RecordOptions(**options)
        record(self.platform, worker(tenant), readings, import_id=import_id, options=made)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Iterator[House]:
    cache, badges = MemoryCache(), Badges()
    platform = made_platform(store.database, tmp_path / "platform", cache=cache, words=words)
    ours, theirs = store.tenant("Ours"), store.tenant("Theirs")
    with serve(platform, badges) as client:
        yield House(store, platform, client, badges, ours, theirs)
    cache.close()
