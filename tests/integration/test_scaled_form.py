"""Server, workers and schedulers as processes of their own on PostgreSQL, NATS and Redis."""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest
import sqlalchemy as sa
from tests.service_fixtures import Server
from tests.services import OwnServer
from tests.store_fixtures import Store

from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.operations import JOBS

PATIENCE = 60.0
LEADS = "scheduler.leads"
REPORT = b"""{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "demo", "rules": []}},
"results": [{"ruleId": "R1", "level": "error", "message": {"text": "wrong"},
"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"},
"region": {"startLine": 3}}}]}]}]}"""


def until(holds: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE * 20)):
        if holds():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came to be")


class Field:
    """Where processes of one platform run."""

    def __init__(self, folder: Path, store: Store, nats: str, redis: str, key: str) -> None:
        self.folder = folder
        self.database: Database = store.database
        self.environ = {
            **os.environ, "LC_ALL": "C", "VIGIE_DATABASE_URL": store.url, "VIGIE_QUEUE_URL": nats,
            "VIGIE_CACHE_URL": redis, "VIGIE_SECRET_PLATFORM_KEY": key,
        }  # fmt: skip

    def call(self, *arguments: str) -> str:
        """A command that ends by itself; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "vigie", *arguments, "--data", str(self.folder / "call")],
            env=self.environ, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    @contextmanager
    def running(
        self, command: str, *arguments: str
    ) -> Iterator[tuple[subprocess.Popen[str], Path]]:
        """A command that runs until it is stopped, on a folder of its own; its log."""
        name = f"{command}-{secrets.token_hex(4)}"
        log = self.folder / f"{name}.log"
        out: IO[str]
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "vigie", command, *arguments,
                 "--data", str(self.folder / name)],
                env=self.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True,
            )  # fmt: skip
            try:
                yield process, log
            finally:
                if process.poll() is None:
                    process.terminate()
                assert process.wait(PATIENCE) == 0, log.read_text()

    def said(self, log: Path, pattern: str) -> str:
        until(lambda: re.search(pattern, log.read_text()) is not None)
        found = re.search(pattern, log.read_text())
        assert found is not None
        return found[1]

    def tenant(self) -> str:
        with self.database.read(SYSTEM) as work:
            return str(work.run(sa.select(TENANTS.c.id)).scalar_one())

    def states(self, kind: str) -> list[str]:
        with self.database.read(of_tenant(self.tenant())) as work:
            query = sa.select(JOBS.c.state).where(work.mine(JOBS), JOBS.c.kind == kind)
            return list(work.run(query).scalars())


@pytest.mark.slow
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_several_of_each_work_as_one_platform(
    store: Store, own_nats: OwnServer, redis: Server, tmp_path: Path
) -> None:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    field = Field(tmp_path, store, own_nats.url, redis.url, key)
    password = field.call("reset-password", "ada@example.org")
    with ExitStack() as stack:
        servers = [
            stack.enter_context(field.running("server", "--listen", "127.0.0.1:0"))
            for _ in range(2)
        ]
        schedulers = [stack.enter_context(field.running("scheduler")) for _ in range(2)]
        stack.enter_context(field.running("worker", "--workers", "2"))
        (one, other) = (field.said(log, r"(http://\S+)") for _, log in servers)
        signed_in = httpx.post(
            f"{one}/api/v1/auth/sign-in", timeout=PATIENCE,
            json={"email": "ada@example.org", "password": password},
        )  # fmt: skip
        assert signed_in.status_code == 200, signed_in.text
        token = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
        # Whoever signed in at one server is known at the other.
        sent = httpx.post(
            f"{other}/api/v1/imports", timeout=PATIENCE, headers=token,
            files={"report": ("report.sarif", REPORT)}, data={"asset": "shop"},
        )  # fmt: skip
        assert sent.status_code == 202, sent.text
        until(lambda: field.states("import") == ["done"])
        found = httpx.get(f"{one}/api/v1/findings", headers=token, timeout=PATIENCE)
        assert len(found.json()["items"]) == 1
        # One scheduler leads; when it goes, the other does at once.
        logs = [log for _, log in schedulers]
        until(lambda: any(LEADS in log.read_text() for log in logs))
        (leading,) = [n for n, log in enumerate(logs) if LEADS in log.read_text()]
        schedulers[leading][0].terminate()
        schedulers[leading][0].wait(PATIENCE)
        until(lambda: LEADS in logs[1 - leading].read_text())
        assert not any("Traceback" in path.read_text() for path in tmp_path.glob("*.log"))
        secret = store.url.partition("@")[0].rpartition(":")[2]
        assert not any(secret in path.read_text() for path in tmp_path.glob("*.log"))
