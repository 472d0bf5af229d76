"""The screens on a real server, with people, findings and a worker; Chromium walks it."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.access_made import PASSWORD, Door, opened_door
from tests.conftest import ROOT
from tests.store_fixtures import NOW, Store
from vigie.model.access import Role
from vigie.model.text import T
from vigie.services.platform import Platform, now
from vigie.services.secrets import Secrets
from vigie.services.sentences import plain
from vigie.services.telling.courier import Courier
from vigie.services.worker import Worker
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import MEMBERSHIPS
from vigie.stores.relational.tables.telling import CHANNELS, DELIVERIES
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.words import words
from vigie.wiring.work import handlers

WEB = ROOT / "web"
GOLDEN = ROOT / "tests" / "golden" / "reports"
# Code, secrets, misconfigurations: their reports do not name what was looked at.
OF_CODE = ("bandit/shop.json", "gitleaks/v8.json", "checkov/frameworks.json")
POLICY = """name: ours
description: Nothing critical leaves the house.
block:
  - name: critical
    severity: critical
  - name: secret
    kind: secret
"""
PATIENCE = 240.0


def missing() -> str:
    """What is not on this machine of what a walk needs; "" when all of it is."""
    needed = {"Node": "node", "npm": "npm", "Chromium": "chromium"}
    absent = [name for name, program in needed.items() if shutil.which(program) is None]
    return ", ".join(absent)


@dataclass
class Desk:
    """A served platform with the screens. `door` makes people; their password is `PASSWORD`."""

    door: Door
    folder: Path

    @property
    def address(self) -> str:
        return str(self.door.client.base_url).rstrip("/")

    def owner(self, **values: Any) -> dict[str, str]:
        """Who signs in, as a journey is told."""
        user = self.door.person(Role.OWNER, **values)
        return {"email": self.door.email_of(user), "password": PASSWORD}

    def take_in(self, *reports: str, tenant: str = "", asset: str = "") -> None:
        """Import these golden reports, and wait until they are in."""
        user = self.door.person(Role.OWNER, tenant=tenant)
        for report in reports:
            file = GOLDEN / report
            data = {"asset": asset} if asset else {}
            files = {"report": (file.name, file.read_bytes())}
            sent = self.door.ask("POST", "/imports", user, files=files, data=data)
            assert sent.status_code == 202, sent.text
            self._wait_for(sent.json()["id"], user)

    def fill(self) -> None:
        """Findings of every kind, of an image and of code; a scan, a waiver, a policy, a report."""
        self.take_in("trivy/image.json")
        self.take_in(*OF_CODE, asset="shop")
        user = self.door.person(Role.OWNER)
        waived = {"filters": {"rule": ["CVE-2025-1002"]}, "status": "suppressed",
                  "reason": "Replaced with the next release.",
                  "expires_at": (now() + timedelta(days=9)).isoformat()}  # fmt: skip
        self._post("/findings/triage", user, waived)
        self._post("/policies", user, {"source": POLICY, "is_default": True})
        self._post("/reports", user, {"title": "What is open in the shop", "format": "html"})

        self._scan(user)

    def keep_policy(self) -> None:
        """The tenant's policy, `POLICY`."""
        self._post("/policies", self.door.person(Role.OWNER), {"source": POLICY})

    def given_up(self, title: str) -> str:
        """A channel, and the id of a message for it that was tried in vain."""
        channel, delivery, at = new_id(), new_id(), now()
        kept = {"id": channel, "tenant_id": self.door.tenant, "name": "operations",
                "kind": "webhook", "settings": {}, "created_at": at}  # fmt: skip
        said = plain(T("the receiver answered {status}", status=500))
        tried = {"at": at.isoformat(), "outcome": "rejected", "detail": said}
        message = {"ticket": "", "title": title}
        row = {"id": delivery, "tenant_id": self.door.tenant, "channel_id": channel, "key": "one",
               "matter": "ticket", "message": message, "state": "dead", "attempts": 1,
               "log": {"attempts": [tried]}, "created_at": at, "due_at": at,
               "ended_at": at}  # fmt: skip
        with self.door.store.database.begin(of_tenant(self.door.tenant)) as work:
            work.run(sa.insert(CHANNELS), [kept])
            work.run(sa.insert(DELIVERIES), [row])
        return delivery

    def _scan(self, user: str) -> None:
        shop = self.folder / "shop"
        shop.mkdir()
        (shop / "requirements.txt").write_text("urllib3==1.24.1\n")
        self._post("/scans", user, {"target": str(shop), "scanners": ["embedded"]})

    def _post(self, path: str, user: str, body: dict[str, Any]) -> None:
        made = self.door.ask("POST", path, user, json=body)
        assert made.is_success, made.text

    def _wait_for(self, import_id: str, user: str) -> None:
        for _ in range(1200):
            shown = self.door.ask("GET", f"/imports/{import_id}", user).json()
            if shown["state"] not in ("queued", "running"):
                break
            threading.Event().wait(0.05)
        assert shown["state"] == "done", shown

    def join(self, user: str, tenant: str, role: Role) -> None:
        """This person works for that tenant too."""
        row = {"tenant_id": tenant, "user_id": user, "role": str(role), "created_at": NOW}
        with self.door.store.database.begin(SYSTEM) as work:
            work.run(sa.insert(MEMBERSHIPS), [row])

    def walk(self, journey: str, **situation: Any) -> None:
        """Walk it in Chromium; fails with what went wrong."""
        told = {"address": self.address, "folder": str(self.folder), **situation}
        walked = subprocess.run(
            ["node", "e2e/journey.mjs", journey],
            cwd=WEB, input=json.dumps(told), text=True, capture_output=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip
        assert walked.returncode == 0, walked.stderr


@contextmanager
def opened_desk(store: Store, folder: Path, **more: Any) -> Iterator[Desk]:
    """A desk on this database; a thread works off what people ask for. `more` replaces fields of
    `Platform`."""
    given: dict[str, Any] = {"clock": now, "words": words, "secrets": Secrets([]), **more}
    with (
        opened_door(store, folder / "platform", **given) as door,
        working(door.place, folder),
    ):
        yield Desk(door, folder)


@contextmanager
def delivering(platform: Platform) -> Iterator[None]:
    """A courier in a thread, which sends what is due."""
    courier = Courier(platform)
    thread = threading.Thread(target=courier.run, name="courier of a test")
    thread.start()
    try:
        yield
    finally:
        courier.stop()
        courier.wake()
        thread.join(60)
        assert not thread.is_alive(), "the courier did not end"


@contextmanager
def working(platform: Platform, folder: Path) -> Iterator[None]:
    """A worker in a thread, which may scan what lies in the folder."""
    over = threading.Event()
    settings = PlatformSettings(data=folder / "data", scan_folders=(folder,), offline=True)
    worker = Worker(platform, handlers(settings))

    def work() -> None:
        while not over.is_set():
            if not worker.step(0.0):
                over.wait(0.05)

    thread = threading.Thread(target=work, name="worker of a test")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
        assert not thread.is_alive(), "the worker did not end"
