"""A tenant with channels and rules, whose courier is run by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from tests.platforms import Clock, member, platform, plugged, worker
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import EVERY_KIND, SHOP, flaw, reading

from vigie.model.access import Role
from vigie.model.assets import Asset
from vigie.model.observations import Observation
from vigie.model.text import T
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Message, Post
from vigie.ports.plugs import Needs
from vigie.ports.secrets import SecretInfo, SecretRef, SecretValue
from vigie.services.outbound import Outbound
from vigie.services.platform import Caller, Platform
from vigie.services.recording import Recorded, RecordOptions, record
from vigie.services.secrets import Secrets
from vigie.services.telling import channels, rules
from vigie.services.telling.courier import Courier
from vigie.stores.relational.tables import METADATA
from vigie.wiring.plugs import NOTIFIERS, TRACKERS, Plugs

HERE = ("127.0.0.0/8",)
SIGNING = "a-signing-secret-of-enough-bytes"
EVERYTHING = {"events": [], "group": "import"}


class KnownSecrets:
    """A backend that holds what the test says, for each tenant."""

    name = "known"
    writable = False

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    def get(self, ref: SecretRef) -> SecretValue | None:
        text = self.values.get((ref.tenant, ref.name))
        return None if text is None else SecretValue(text)

    def versions(self, ref: SecretRef) -> tuple[SecretInfo, ...]:
        return ()


NOTHING = Needs()


@dataclass
class Ear:
    """A notifier that keeps what it is told. `answers` are given in turn, then all is well."""

    name: str = "ear"
    label: str = "Ear"
    needs: Needs = NOTHING
    fields: tuple[Field, ...] = (
        Field("token", T("Token"), secret=True, required=False),
        Field("where", T("Where"), required=False),
    )
    heard: list[Message] = field(default_factory=list)
    answers: list[Attempt] = field(default_factory=list)

    def check(self, channel: Channel) -> None:
        """Any is right."""

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        assert isinstance(post.http, httpx.Client)
        self.heard.append(message)
        return self.answers.pop(0) if self.answers else Attempt(Delivered.DONE, reference="1")

    @property
    def titles(self) -> list[str]:
        return [str(message.title) for message in self.heard]


@dataclass
class Desk:
    """One tenant's desk: record reports, let the courier run, see who heard what."""

    platform: Platform
    tenant: str
    clock: Clock
    ear: Ear
    secrets: KnownSecrets

    @property
    def admin(self) -> Caller:
        return member(self.tenant, Role.ADMIN)

    def channel(self, kind: str = "ear", name: str = "", **settings: str) -> str:
        with self.platform.database.begin(self.admin.scope) as work:
            values = {"name": name or f"{kind} {self.clock().isoformat()}", "kind": kind,
                      "settings": settings, "language": "en", "enabled": True}  # fmt: skip
            return str(channels.create(work, self.platform, self.admin, values)["id"])

    def rule(self, channel: str, conditions: Mapping[str, Any] = EVERYTHING, **more: Any) -> str:
        with self.platform.database.begin(self.admin.scope) as work:
            values = {"name": more.pop("name", f"rule of {channel}"), "channel_id": channel,
                      "conditions": dict(conditions), "mode": "now", "time_zone": "UTC",
                      "digest_cron": "", "quiet": None, "enabled": True, **more}  # fmt: skip
            return str(rules.create(work, self.platform, self.admin, values)["id"])

    def record(self, *said: Observation, asset: Asset = SHOP, import_id: str = "", **more: Any
               ) -> Recorded:  # fmt: skip
        return record(
            self.platform, worker(self.tenant),
            [reading("grype", *said, asset=asset, coverage=EVERY_KIND)],
            import_id=import_id, options=RecordOptions(**more),
        )  # fmt: skip

    def deliver(self, **given: Any) -> int:
        """Until nothing is due."""
        return Courier(self.platform, **given).run_until_idle()

    def rows(self, table: str) -> list[dict[str, Any]]:
        which = METADATA.tables[table]
        with self.platform.database.read(self.admin.scope) as work:
            found = work.run(sa.select(which).where(work.mine(which))).mappings()
            return sorted((dict(row) for row in found), key=lambda row: str(row.get("id", row)))

    def states(self) -> list[str]:
        return sorted(row["state"] for row in self.rows("deliveries"))


def desk(store: Store, folder: Path, tenant: str = "acme", **given: Any) -> Desk:
    """A new tenant's; `notifiers` and `trackers` are those that come with Vigie, and an ear."""
    clock, ear, secrets = given.pop("clock", None) or Clock(), Ear(), KnownSecrets()
    notifiers = {"ear": ear, **Plugs(NOTIFIERS).working()}
    parts: dict[str, Any] = {
        "clock": clock,
        "secrets": Secrets([secrets]),  # type: ignore[list-item]
        "outbound": Outbound(HERE),
        "plugs": plugged(notifiers=notifiers, trackers=Plugs(TRACKERS)),
        "address": "https://vigie.example",
    }
    running = platform(store.database, folder / tenant, **{**parts, **given})
    return Desk(running, store.tenant(tenant), clock, ear, secrets)


def flaws(number: int, **more: Any) -> Sequence[Observation]:
    """So many findings, each of its own rule."""
    return [flaw("grype", f"CVE-2026-{n:05}", **more) for n in range(number)]
