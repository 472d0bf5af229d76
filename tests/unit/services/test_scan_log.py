"""What scanners did and wrote is kept: bounded, masked, anew each attempt, the tenant's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.integration.api.world import opened
from tests.platforms import plugged
from tests.stand_ins import FOUND, StandIn, report_script, write_program
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.ports.secrets import SecretValue
from vigie.services import jobs, scan_log
from vigie.services.platform import system_caller
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
        assert [e["kind"] for e in entries] == ["started", "step", "printed", "step", "finished"]
        assert [entry["seq"] for entry in entries] == [1, 2, 3, 4, 5]
        printed = entries[2]["text"].splitlines()
        assert printed == ["fetching from https://[hidden]@registry.example/", "with ***"]
        assert entries[1]["text"] == words("fr")(T("scans")) != "scans"
        later = world.ask("GET", f"{path}?after=4").json()
        assert [entry["kind"] for entry in later] == ["finished"]
        assert world.ask("GET", path, tenant=world.other).status_code == 404
        assert scan_log.read(world.place, system_caller("x", world.other), row["id"]) == []


def test_it_has_its_bounds_and_begins_anew_with_each_attempt(
    store: Store, tmp_path: Path, known: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_log, "MOST", 3)
    with opened(store, tmp_path, secrets=known) as world:
        caller = system_caller("worker", world.tenant)
        with store.database.begin(of_tenant(world.tenant)) as work:
            scan = submit_scan(work, world.place, caller, "shop", options={})["id"]
        for _attempt in range(2):
            log = ScanLog(world.place, caller, scan)
            for number in range(5):
                log.printed("grype", f"{number} " + "x" * 20_000)
            kept = scan_log.read(world.place, caller, scan)
            assert [row["seq"] for row in kept] == [1, 2, 3]
            assert {len(row["said"]["text"]) for row in kept} == {scan_log.LONGEST}


def test_a_sentence_is_kept_with_those_inside_it() -> None:
    text = T("{outcome}: {names}", outcome=T("complete"), names=("a", T("b")))
    assert scan_log.plain(text)["params"] == {
        "outcome": {"template": "complete", "plural": "", "params": {}},
        "names": ["a", {"template": "b", "plural": "", "params": {}}],
    }
