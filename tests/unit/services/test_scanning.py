"""Scans made by the server: what may be looked at, and what becomes of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import plugged
from tests.stand_ins import FOUND, NOTHING, StandIn, report_script, write_program
from tests.store_fixtures import Store
from tests.unit.services.recording.world import World, world
from tests.unit.services.telling.telling_made import Desk, Ear, KnownSecrets

from vigie.model.assets import AssetKind
from vigie.model.errors import SourceError, UserError, VigieError
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.failures import NotFound
from vigie.services.imports import find as find_import
from vigie.services.jobs import Job
from vigie.services.outbound import Outbound
from vigie.services.platform import Platform
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.scan_targets import ScanRules, allowed_target
from vigie.services.scanning import find, handler, run_scan
from vigie.services.secrets import Secrets
from vigie.services.submissions import submit_scan
from vigie.stores.relational.ids import new_id


@pytest.fixture
def acme(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    made = world(store, tmp_path)
    parts = {name: getattr(made.platform, name) for name in Platform.__slots__}
    parts["plugs"] = plugged(scanners={"stand-in": StandIn()})
    parts["outbound"] = Outbound(resolve=lambda _host, _port: ["192.0.2.7"])
    made.platform = Platform(**parts)
    (tmp_path / "code" / "shop").mkdir(parents=True)
    return made


def program(folder: Path, report: object = FOUND, code: int = 0) -> None:
    write_program(folder / "bin" / "stand-in", report_script(report, code))


def asked(made: World, target: str, **options: Any) -> Job:
    """A scan that somebody asked for, in a worker's hands."""
    with made.platform.database.begin(made.person.scope) as work:
        row = submit_scan(work, made.platform, made.person, target, options=options)
    job = jobs.claim(made.platform, WorkItem("scan", made.caller.tenant, row["job_id"]))
    assert job is not None
    return job


def seen_through(made: World, job: Job, under: ScanRules) -> None:
    """As a worker does: what went wrong ends the job."""
    try:
        run_scan(made.platform, job, Progress(), under)
    except VigieError as error:
        jobs.fail(made.platform, job, error, again=False)
        raise


def rules(folder: Path) -> ScanRules:
    return ScanRules(folders=(folder / "code",), scanners=folder / "none")


def test_a_scan_is_taken_in_as_an_import(acme: World, tmp_path: Path) -> None:
    program(tmp_path)
    job = asked(acme, str(tmp_path / "code" / "shop"), exposure="open", labels={"team": "pay"})
    handler(rules(tmp_path))(acme.platform, job, Progress())
    row = find(acme.platform, acme.caller, str(job.payload["scan_id"]))
    assert (row["state"], row["summary"]["new"]) == ("done", 1)
    imported = find_import(acme.platform, acme.caller, row["import_id"])
    assert (imported["state"], imported["origin"]) == ("done", "scan")
    [asset] = acme.rows("assets")
    assert (asset["key"], asset["exposure"]) == ("repository:shop", "open")
    assert [row["state"] for row in acme.rows("jobs")] == ["done"]
    [event] = acme.events("scan.finished")
    assert (event["subject_kind"], event["subject_id"]) == ("scan", row["id"])
    told = event["document"]
    assert (told["new"], told["import"], told["asset"]) == (1, imported["id"], asset["id"])
    program(tmp_path, NOTHING)
    acme.clock.move(hours=1)
    run_scan(acme.platform, asked(acme, str(tmp_path / "code" / "shop")), Progress(),
             rules(tmp_path))  # fmt: skip
    assert acme.finding("CVE-2024-0001")["status"] == "fixed"


def test_a_scan_in_which_every_scanner_failed_has_failed_and_closes_nothing(
    acme: World, tmp_path: Path
) -> None:
    program(tmp_path)
    target = str(tmp_path / "code" / "shop")
    run_scan(acme.platform, asked(acme, target), Progress(), rules(tmp_path))
    program(tmp_path, None, 3)
    job = asked(acme, target)
    with pytest.raises(SourceError):
        seen_through(acme, job, rules(tmp_path))
    row = find(acme.platform, acme.caller, str(job.payload["scan_id"]))
    assert row["state"] == "failed"
    assert row["summary"]["error"]["message"]["en"]
    assert find_import(acme.platform, acme.caller, row["import_id"])["state"] == "failed"
    [event] = acme.events("scan.failed")
    assert (event["subject_kind"], event["subject_id"]) == ("scan", row["id"])
    assert event["document"]["name"] == target
    assert event["document"]["error"]["template"] == row["summary"]["error"]["message"]["template"]
    assert acme.events("import.failed") == []  # it is one thing that failed
    assert acme.finding("CVE-2024-0001")["status"] == "open"


def test_a_scan_that_runs_again_is_taken_in_as_the_same_import(acme: World, tmp_path: Path) -> None:
    program(tmp_path)
    job = asked(acme, str(tmp_path / "code" / "shop"))
    stopped = Progress()
    stopped.end(Why.LEAVING)
    with pytest.raises(JobStoppedError):
        run_scan(acme.platform, job, stopped, rules(tmp_path))
    run_scan(acme.platform, job, Progress(), rules(tmp_path))
    assert len(acme.rows("imports")) == 1
    assert find(acme.platform, acme.caller, str(job.payload["scan_id"]))["state"] == "done"


_REFUSED = ["/", "/etc", "/etc/passwd", "~", "~root", ".", "..", "./code", "code/../..",
            "../../etc", "\\\\host\\share", "file:///etc/passwd", "git://example.org/x",
            "ssh://example.org/x", "https://", "http://[::1", "", "x\0y", "a" * 3000,
            "-oProxyCommand=x", "https://user:pass@example.org/"]  # fmt: skip


@pytest.mark.parametrize("target", _REFUSED)
def test_what_nobody_allowed_is_refused(acme: World, tmp_path: Path, target: str) -> None:
    with pytest.raises(UserError):
        allowed_target(acme.platform, target, rules(tmp_path))


@pytest.mark.parametrize("target", ["code/../../etc", "code/link", "code/shop/../../outside"])
def test_no_way_leads_out_of_the_allowed_folder(acme: World, tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "code" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(UserError, match="may not be scanned"):
        allowed_target(acme.platform, str(tmp_path / target), rules(tmp_path))


def test_without_folders_nothing_of_this_machine_is_scanned(acme: World, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="may not be scanned"):
        allowed_target(acme.platform, str(tmp_path / "code" / "shop"), ScanRules())
    whole = ScanRules(folders=(Path("/"),))
    assert allowed_target(acme.platform, "/", whole).kind is AssetKind.HOST


@pytest.mark.parametrize(
    ("target", "kind"),
    [("image:shop", AssetKind.IMAGE), ("shop:1.0", AssetKind.IMAGE),
     ("registry.example/shop:1.0", AssetKind.IMAGE),
     ("https://shop.example/", AssetKind.ENDPOINT)],
)  # fmt: skip
def test_images_and_services_outside_may_be_scanned(
    acme: World, tmp_path: Path, target: str, kind: AssetKind
) -> None:
    parts = {name: getattr(acme.platform, name) for name in Platform.__slots__}
    parts["outbound"] = Outbound(resolve=lambda _host, _port: ["93.184.216.34"])
    assert allowed_target(Platform(**parts), target, rules(tmp_path)).kind is kind


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "https://intern.example/", "localhost:5000/shop:1.0",
               "10.0.0.1:5000/shop:1.0", "image:intern.example/shop:1.0"],
)  # fmt: skip
def test_what_leads_inside_is_refused(acme: World, tmp_path: Path, target: str) -> None:
    parts = {name: getattr(acme.platform, name) for name in Platform.__slots__}
    parts["outbound"] = Outbound(resolve=lambda _host, _port: ["10.1.2.3"])
    with pytest.raises(UserError, match="internal address"):
        allowed_target(Platform(**parts), target, rules(tmp_path))


def test_a_refused_target_fails_the_scan_with_the_reason(acme: World, tmp_path: Path) -> None:
    job = asked(acme, "/etc")
    with pytest.raises(UserError, match="may not be scanned"):
        seen_through(acme, job, rules(tmp_path))
    row = find(acme.platform, acme.caller, str(job.payload["scan_id"]))
    assert (row["state"], row["ended_at"]) == ("failed", acme.clock.now)
    assert "/etc" in row["summary"]["error"]["message"]["en"]


def test_no_scanner_is_sent_to_a_registry(acme: World, tmp_path: Path) -> None:
    program(tmp_path)
    under = ScanRules(scanners=tmp_path / "none", offline=True)
    with pytest.raises(UserError, match="is in a registry"):
        run_scan(acme.platform, asked(acme, "shop:1.0"), Progress(), under)


def test_another_tenants_scan_is_not_there(acme: World, store: Store, tmp_path: Path) -> None:
    job = asked(acme, "/etc")
    other = world(store, tmp_path / "other", "other")
    for number in (str(job.payload["scan_id"]), new_id(), ""):
        with pytest.raises(NotFound):
            find(other.platform, other.caller, number)
        theirs = Job(new_id(), other.caller.tenant, "scan", {"scan_id": number}, 1, new_id())
        with pytest.raises(NotFound):
            run_scan(other.platform, theirs, Progress(), rules(tmp_path))


def test_a_rule_for_everything_tells_of_a_scan_once(acme: World, tmp_path: Path) -> None:
    program(tmp_path, NOTHING)
    ear = Ear()
    parts = {name: getattr(acme.platform, name) for name in Platform.__slots__}
    parts["plugs"] = plugged(scanners={"stand-in": StandIn()}, notifiers={"ear": ear})
    acme.platform = Platform(**{**parts, "secrets": Secrets(())})
    place = Desk(acme.platform, acme.caller.tenant, acme.clock, ear, KnownSecrets())
    place.rule(place.channel())
    job = asked(acme, str(tmp_path / "code" / "shop"))
    run_scan(acme.platform, job, Progress(), rules(tmp_path))
    place.deliver()
    assert ear.titles == ["a scan is finished"]
