"""What scanners did and wrote is kept: bounded, masked, anew each attempt, the tenant's alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.integration.api.world import World, opened
from tests.platforms import plugged
from tests.stand_ins import FOUND, StandIn, report_script, write_program
from tests.store_fixtures import Store
from tests.unit.services import scanning_worker

from vigie.model.access import Role
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.ports.secrets import SecretValue
from vigie.services import jobs, scan_log
from vigie.services.platform import Caller, system_caller
from vigie.services.progress import Progress
from vigie.services.scan_log import ScanLog
from vigie.services.scan_targets import ScanRules
from vigie.services.scanning import run_scan
from vigie.services.secrets import Secrets
from vigie.services.submissions import submit_scan
from vigie.stores.relational.scopes import of_tenant
from vigie.wiring.words import words

LOUD = """
print("fetching from https://ada:hunter22@registry.example/", file=sys.stderr)
print("with vault-word-9", file=sys.stderr)
sys.stderr.write("and a line without end")
"""


@pytest.fixture
def known() -> Secrets:
    secrets = Secrets([])
    secrets.redactor.add(SecretValue("vault-word-9"))
    return secrets


def test_a_scan_leaves_a_log_that_its_tenant_reads(
    store: Store, tmp_path: Path, known: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    write_program(tmp_path / "bin" / "stand-in", report_script(FOUND, 0, extra=LOUD))
    (tmp_path / "code" / "shop").mkdir(parents=True)
    plugs = plugged(scanners={"stand-in": StandIn()})
    rules = ScanRules(folders=(tmp_path / "code",), scanners=tmp_path / "none")
    with opened(store, tmp_path / "data", plugs=plugs, secrets=known, words=words) as world:
        caller = system_caller("worker", world.tenant)
        with store.database.begin(caller.scope) as work:
            row = submit_scan(work, world.place, caller, str(tmp_path / "code" / "shop"),
                              options={})  # fmt: skip
        path = f"/scans/{row['id']}/log"
        assert world.ask("GET", path, Role.VIEWER).json() == []
        job = jobs.claim(world.place, WorkItem("scan", world.tenant, row["job_id"]))
        assert job is not None
        run_scan(world.place, job, Progress(), rules)
        said = world.ask("GET", path, Role.VIEWER, headers={"Accept-Language": "fr"})
        assert said.status_code == 200, said.text
        entries = said.json()
        assert {entry["scanner"] for entry in entries} == {"stand-in"}
        kinds = [entry["kind"] for entry in entries]
        steps, written = [k for k in kinds if k != "printed"], [k for k in kinds if k == "printed"]
        assert steps == ["started", "step", "step", "finished"]
        assert kinds == [*steps[:2], *written, *steps[2:]]
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        printed = [
            line for e in entries if e["kind"] == "printed" for line in e["text"].splitlines()
        ]
        assert printed == ["fetching from https://[hidden]@registry.example/", "with ***",
                           "and a line without end"]  # fmt: skip
        assert entries[1]["text"] == words("fr")(T("scans")) != "scans"
        later = world.ask("GET", f"{path}?after={len(entries) - 1}").json()
        assert [entry["kind"] for entry in later] == ["finished"]
        assert world.ask("GET", path, tenant=world.other).status_code == 404
        assert scan_log.read(world.place, system_caller("x", world.other), row["id"]) == []


@dataclass
class Ticks:
    """A clock that stands still until it is told."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def logged(store: Store, folder: Path, known: Secrets) -> Iterator[tuple[World, str, Caller]]:
    """A scan that waits, and who may see it."""
    with opened(store, folder, secrets=known) as world:
        caller = system_caller("worker", world.tenant)
        with store.database.begin(of_tenant(world.tenant)) as work:
            scan = submit_scan(work, world.place, caller, "shop", options={})["id"]
        yield world, scan, caller


def printed_of(world: World, caller: Caller, scan: str) -> list[str]:
    rows = scan_log.read(world.place, caller, scan)
    return [row["said"]["text"] for row in rows if row["kind"] == "printed"]


def test_what_is_printed_is_written_together_and_before_what_is_said(
    store: Store, tmp_path: Path, known: Secrets
) -> None:
    with logged(store, tmp_path, known) as (world, scan, caller):
        ticks = Ticks()
        log = ScanLog(world.place, caller, scan, ticks)
        log.printed("grype", ["at once"])
        log.printed("grype", ["with"])
        log.printed("trivy", ["meanwhile"])
        ticks.now = scan_log.PACE - 0.01
        log.printed("grype", ["vault-word-9"])
        assert printed_of(world, caller, scan) == ["at once"]
        ticks.now = scan_log.PACE
        log.printed("trivy", [])
        assert printed_of(world, caller, scan) == ["at once", "with\n***", "meanwhile"]
        log.printed("grype", ["ends"])
        log.say("grype", "finished", T("complete"))
        kinds = [row["kind"] for row in scan_log.read(world.place, caller, scan)]
        assert kinds == ["printed", "printed", "printed", "printed", "finished"]
        log.printed("trivy", ["last"])
        log.close()
        log.close()
        assert printed_of(world, caller, scan)[3:] == ["ends", "last"]


def test_an_entry_holds_the_newest_lines_and_says_that_others_are_left_out(
    store: Store, tmp_path: Path, known: Secrets
) -> None:
    with logged(store, tmp_path, known) as (world, scan, caller):
        ticks = Ticks()
        log = ScanLog(world.place, caller, scan, ticks)
        log.printed("grype", [str(number) for number in range(1_000_000)])
        (text,) = printed_of(world, caller, scan)
        last = [str(number) for number in range(1_000_000 - scan_log.LINES, 1_000_000)]
        assert text.split("\n") == ["…", *last]
        ticks.now = 1.0
        # What is cut is masked before: no part of a secret is left at the end of a line.
        log.printed(
            "grype", ["x" * (scan_log.LONGEST_LINE - 5) + "vault-word-9", *["y" * 8000] * 50]
        )
        text = printed_of(world, caller, scan)[1]
        lines = text.split("\n")
        assert (lines[0], {len(line) for line in lines[1:]}) == ("…", {scan_log.LONGEST_LINE})
        assert scan_log.LONGEST - scan_log.LONGEST_LINE < len(text) <= scan_log.LONGEST
        ticks.now = 2.0
        log.printed("grype", ["x" * (scan_log.LONGEST_LINE - 5) + "vault-word-9"])
        assert printed_of(world, caller, scan)[2] == "x" * (scan_log.LONGEST_LINE - 5) + "***"


def test_of_a_long_scan_the_newest_is_kept_of_each_scanner(
    store: Store, tmp_path: Path, known: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_log, "KEPT_LINES", 6)
    monkeypatch.setattr(scan_log, "KEPT", 1000)
    monkeypatch.setattr(scan_log, "MOST", 2)
    with logged(store, tmp_path, known) as (world, scan, caller):
        ticks = Ticks()
        log = ScanLog(world.place, caller, scan, ticks)
        log.say("grype", "started")
        for number in range(10):
            log.printed("trivy" if number == 1 else "grype", [f"{number}a", f"{number}b"])
            ticks.now += 1.0
        assert printed_of(world, caller, scan) == ["1a\n1b", "7a\n7b", "8a\n8b", "9a\n9b"]
        log.printed("grype", ["x" * 998])
        assert printed_of(world, caller, scan) == ["1a\n1b", "x" * 998]
        for _ in range(3):
            log.say("grype", "step", T("scans"))
        kinds = [row["kind"] for row in scan_log.read(world.place, caller, scan)]
        assert kinds == ["started", "printed", "printed", "step"]


def test_an_attempt_begins_anew_and_later_than_what_was(
    store: Store, tmp_path: Path, known: Secrets
) -> None:
    with logged(store, tmp_path, known) as (world, scan, caller):
        lost = ScanLog(world.place, caller, scan)
        lost.say("grype", "started")
        log = ScanLog(world.place, caller, scan)
        assert scan_log.read(world.place, caller, scan) == []
        log.say("trivy", "started")
        lost.say("grype", "finished")  # by whoever lost the job meanwhile: in nobody's way
        rows = scan_log.read(world.place, caller, scan, after=1)
        assert [(row["scanner"], row["seq"]) for row in rows] == [
            ("grype", 2), ("trivy", scan_log.ANEW + 2),
        ]  # fmt: skip


SLOW = """
def wait(name):
    while not os.path.exists(os.path.join(os.path.dirname(sys.argv[0]), name)):
        time.sleep(0.01)

open(os.path.join(os.path.dirname(sys.argv[0]), "pid"), "w").write(str(os.getpid()))
print("first", file=sys.stderr)
wait("the first was seen")
print("second", file=sys.stderr)
wait("nothing that ever comes")
"""


def test_lines_come_while_a_scanner_runs_and_stay_when_its_worker_is_killed(
    store: Store, tmp_path: Path
) -> None:
    program = write_program(tmp_path / "bin" / "stand-in", report_script(FOUND, 0, extra=SLOW))
    (tmp_path / "code" / "shop").mkdir(parents=True)
    with opened(store, tmp_path / "data", words=words) as world:
        made = scan_of(world, str(tmp_path / "code" / "shop"))
        arguments = [store.url, str(tmp_path / "data"), world.tenant, made["job_id"],
                     str(tmp_path / "code")]  # fmt: skip
        path = {"PATH": f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin"}
        working = subprocess.Popen(
            [sys.executable, scanning_worker.__file__, *arguments], env={**os.environ, **path}
        )
        try:
            until(lambda: seen(world, made["id"]) == ["first"])
            (program.parent / "the first was seen").touch()
            until(lambda: seen(world, made["id"]) == ["first", "second"])
        finally:
            working.send_signal(signal.SIGKILL)
            working.wait()
        assert seen(world, made["id"]) == ["first", "second"]
        until(lambda: not Path("/proc", (program.parent / "pid").read_text()).exists())


def scan_of(world: World, target: str) -> Any:
    caller = system_caller("worker", world.tenant)
    with world.store.database.begin(caller.scope) as work:
        return submit_scan(work, world.place, caller, target, options={})


def seen(world: World, scan: str) -> list[str]:
    entries = world.ask("GET", f"/scans/{scan}/log", Role.VIEWER).json()
    texts = [entry["text"] for entry in entries if entry["kind"] == "printed"]
    return [line for text in texts for line in text.split("\n")]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
