"""kill -9 before any statement of an import: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording import killed_worker
from tests.unit.services.recording.handed_in import hand_in, take_in
from tests.unit.services.recording.readings_made import (
    CODE,
    SHOP,
    flaw,
    package,
    reading,
    secret,
    weakness,
)
from tests.unit.services.recording.world import World, world

from vigie.model.assets import Asset, AssetKind
from vigie.outlets.formats.json import OUTLET
from vigie.ports.outlets import View
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.imports import find

HOST = Asset(AssetKind.HOST, "db1")
ROUNDS = 14
_PLACES = 80  # an import of three assets makes about so many statements


def body(*, second: bool) -> bytes:
    """A result about three assets; the second one has other findings, fixed and new ones."""
    flaws = [flaw("trivy", f"CVE-2024-000{n}", f"pkg{n}") for n in range(3 + second)][second:]
    host = weakness("lynis", "AUTH-1", "/etc/ssh/sshd_config", 1 + second)
    result = conclude(
        [
            reading("trivy", *flaws, package("trivy", "idle"), asset=SHOP),
            reading("gitleaks", secret("gitleaks", ".env", 2, value_hash="aa"), asset=CODE),
            reading("lynis", host, asset=HOST),
        ],
        ConcludeOptions(created="2026-03-01T12:00:00+00:00"),
    )
    [part] = OUTLET.render(result, View())
    return b"".join(part.chunks)


def run(store: Store, made: World, import_id: str, last: int) -> int:
    """One worker, minutes after the one before: its lease is over. Its exit code."""
    made.clock.move(minutes=5)
    row = find(made.platform, made.caller, import_id)
    script = str(Path(killed_worker.__file__))
    done = subprocess.run(
        [sys.executable, script, store.url, str(made.platform.folder), made.caller.tenant,
         row["job_id"], made.clock.now.isoformat(), str(last)],
        check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode in (-signal.SIGKILL, 7), done.stderr.decode()
    return done.returncode


@pytest.mark.slow
def test_an_import_that_is_killed_again_and_again_is_done_once(
    store: Store, tmp_path: Path
) -> None:
    chance = random.Random(20260301)
    acme, calm = world(store, tmp_path), world(store, tmp_path / "calm", "calm")
    calm.clock = acme.clock
    killed = 0
    for second in (False, True):
        number = hand_in(acme, body(second=second))
        for _ in range(ROUNDS // 2):
            if run(store, acme, number, chance.randrange(1, _PLACES)) == 7:
                break
            killed += 1
        if find(acme.platform, acme.caller, number)["state"] != "done":
            assert run(store, acme, number, 0) == 7
        row = find(acme.platform, acme.caller, number)
        peaceful = take_in(calm, hand_in(calm, body(second=second)))
        assert row["state"] == "done"
        for name in ("new", "closed", "reopened", "changed", "seen", "counting"):
            assert row["summary"][name] == peaceful["summary"][name], name
        assert acme.state() == calm.state()
        for kind in ("finding.new", "finding.closed", "finding.reopened", "import.finished"):
            assert len(acme.events(kind)) == len(calm.events(kind)), kind
        for made in (acme, calm):
            actions = [entry["action"] for entry in made.rows("audit")]
            assert actions.count("import.record") == 1 + second
        assert [h["what"] for h in acme.rows("finding_history")].count("found") == [
            h["what"] for h in calm.rows("finding_history")
        ].count("found")
        assert len(acme.rows("runs")) == len(calm.rows("runs"))
    assert killed >= 4
