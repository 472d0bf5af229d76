"""The processes of one platform, to be killed at any moment and begun again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.operations import JOBS, LEASES, QUEUE
from vigie.stores.relational.tables.telling import DELIVERIES

KINDS = ("server", "worker", "scheduler")
PATIENCE = 120.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass
class Processes:
    """One server, one worker and one scheduler on a database. `database` is the test's own way
    to it; `killed` counts by kind."""

    database: Database
    folder: Path
    environ: dict[str, str]
    killed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _logs: dict[str, Path] = field(default_factory=dict)

    def start(self, kind: str) -> None:
        """Begin it; it is ready some time later."""
        number = self.killed[kind]
        command = [sys.executable, "-m", "vigie", kind]
        if kind == "server":
            command += ["--listen", "127.0.0.1:0"]
        log = self.folder / f"{kind}-{number}.log"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
        with log.open("wb") as out:
            self._running[kind] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**plain, **self.environ},
            )  # fmt: skip
        self._logs[kind] = log

    def port(self) -> int | None:
        """Where the server listens now; None while it has not begun."""
        found = _ADDRESS.search(self._logs["server"].read_text(errors="replace"))
        return int(found[1]) if found else None

    def wait_for_server(self) -> int:
        """Its port, as soon as it listens."""
        end = time.monotonic() + PATIENCE
        while (port := self.port()) is None:
            ended = self._running["server"].poll() is not None
            if ended or time.monotonic() > end:
                raise AssertionError(f"the server did not start: {self.said('server')}")
            time.sleep(0.02)
        return port

    def kill(self, kind: str) -> None:
        """kill -9; then the time passes after which others may have what it held."""
        process = self._running.pop(kind)
        assert process.poll() is None, f"the {kind} ended by itself: {self.said(kind)}"
        process.kill()
        process.wait()
        self.killed[kind] += 1
        self._end_leases(kind)

    def said(self, kind: str) -> str:
        return self._logs[kind].read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _end_leases(self, kind: str) -> None:
        """Of each kind there is one, so whatever was leased to its kind was the dead one's."""
        past = datetime(2020, 1, 1, tzinfo=UTC)
        over = {"leased_until": past}
        ended = {
            "server": [],
            "worker": [
                sa.update(JOBS).where(JOBS.c.state == "running").values(**over),
                sa.update(QUEUE)
                .where(QUEUE.c.leased_until.is_not(None))
                .values(available_at=past, **over),
            ],
            "scheduler": [
                sa.update(DELIVERIES).where(DELIVERIES.c.state == "sending").values(**over),
                sa.update(LEASES).values(until=past),
            ],
        }
        with self.database.begin(SYSTEM) as work:
            for statement in ended[kind]:
                work.run(statement)
