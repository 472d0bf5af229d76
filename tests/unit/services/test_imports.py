"""Imports: from the body that somebody sent to what the store holds."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.platforms import member
from tests.store_fixtures import Store
from tests.unit.services.recording.handed_in import grype_report, hand_in, job_of, take_in
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.model.access import NotAllowed, Role
from vigie.model.assets import Exposure
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.outlets.formats.json import OUTLET
from vigie.ports.outlets import View
from vigie.ports.queues import WorkItem
from vigie.services import files, jobs, triage
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.failures import NotFound
from vigie.services.imports import ImportOptions, accept, find, run_import
from vigie.services.jobs import Job
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.sentences import spoken
from vigie.services.triage import Verdict
from vigie.stores.relational.ids import new_id


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path)


def state_of(made: World, job: Job) -> str:
    [row] = [row for row in made.rows("jobs") if row["id"] == job.id]
    return str(row["state"])


def test_a_report_that_was_sent_is_taken_in_and_its_job_ends(acme: World) -> None:
    number = hand_in(acme, grype_report("CVE-2024-0001", "CVE-2024-0002"), exposure=Exposure.OPEN,
                     labels={"team": "pay"})  # fmt: skip
    assert find(acme.platform, acme.caller, number)["state"] == "queued"
    assert [item.kind for item in acme.platform.queue.put_items] == ["import"]  # type: ignore[attr-defined]
    job = job_of(acme, number)
    run_import(acme.platform, job, Progress())
    row = find(acme.platform, acme.caller, number)
    assert (row["state"], row["format"], row["ended_at"]) == ("done", "grype", acme.clock.now)
    assert (row["summary"]["new"], row["summary"]["runs"]) == (2, {"complete": 1})
    [asset] = acme.rows("assets")
    assert row["summary"]["assets"][asset["id"]]["new"] == 2
    assert (asset["exposure"], asset["labels"]) == ("open", {"team": "pay"})
    assert state_of(acme, job) == "done"
    [run] = acme.rows("runs")
    assert (run["import_id"], run["document"]["file"]) == (number, "report.json")
    [entry] = [row for row in acme.rows("audit") if row["action"] == "import.record"]
    assert (entry["subject_id"], entry["actor"]) == (number, "Ada")


def test_a_result_that_ci_pushes_is_taken_in_as_its_reports_would_be(acme: World) -> None:
    told = [reading("trivy", flaw("trivy", "CVE-2024-0001")), reading("grype")]
    result = conclude(told, ConcludeOptions(created="2026-03-01T12:00:00+00:00"))
    [part] = OUTLET.render(result, View())
    row = take_in(acme, hand_in(acme, b"".join(part.chunks), name="result.json"))
    assert (row["format"], row["summary"]["new"]) == ("vigie", 1)
    assert acme.finding("CVE-2024-0001")["document"]["agreement"]["silent"] == ["grype"]


def test_a_vex_document_is_decided_about_and_not_found(acme: World) -> None:
    acme.record(reading("trivy", flaw("trivy", "CVE-2024-0001")))
    document = {
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "Bob",
        "timestamp": "2026-03-01T12:00:00Z", "version": 1,
        "statements": [{"vulnerability": {"name": "CVE-2024-0001"}, "status": "not_affected",
                        "justification": "component_not_present",
                        "products": [{"@id": "pkg:npm/left-pad@1.0"}]}],
    }  # fmt: skip
    row = take_in(acme, hand_in(acme, json.dumps(document).encode()))
    assert row["summary"]["statements"]["new"] == 1
    assert acme.finding("CVE-2024-0001")["status"] == "not_affected"
    assert len(acme.rows("assets")) == 1


@pytest.mark.parametrize(
    ("body", "match"),
    [(b"", "weird.json"), (b"{", "weird.json"), (b"not a report", "weird.json"),
     (b'{"a": 1}', "weird.json"), (b"\x00\x01\x02", "weird.json"),
     (b'{"schema_version": "9.0", "runs": [], "findings": []}', "layout 9.0"),
     (b"PK\x03\x04rest", "compressed")],
)  # fmt: skip
def test_what_is_no_report_fails_with_the_reason_in_its_row(
    acme: World, body: bytes, match: str
) -> None:
    number = hand_in(acme, body, name="weird.json")
    with pytest.raises(UserError, match=match) as raised:
        take_in(acme, number)
    assert str(acme.platform.folder) not in str(raised.value)
    row = find(acme.platform, acme.caller, number)
    assert (row["state"], row["ended_at"]) == ("failed", acme.clock.now)
    assert row["summary"]["error"]["message"]["en"] == str(raised.value)
    assert str(acme.platform.folder) not in json.dumps(row["summary"])
    assert acme.rows("assets") == []
    [event] = acme.events("import.failed")
    assert (event["subject_kind"], event["subject_id"]) == ("import", number)
    assert str(spoken(event["document"]["error"])) == str(raised.value)
    assert acme.events("import.finished") == []


def test_a_report_that_names_no_asset_fails_unless_the_sender_names_one(acme: World) -> None:
    sarif = json.dumps({
        "version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{"tool": {"driver": {"name": "Bandit"}}, "results": [
            {"ruleId": "B1", "message": {"text": "bad"}, "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "a.py"}, "region": {"startLine": 1}}}]}]}],
    }).encode()  # fmt: skip
    with pytest.raises(UserError, match="does not say what it looked at"):
        take_in(acme, hand_in(acme, sarif))
    take_in(acme, hand_in(acme, sarif, asset="repository:shop"))
    assert acme.finding("B1")["status"] == "open"


def test_a_job_that_runs_again_after_the_import_was_done_only_ends(acme: World) -> None:
    number = hand_in(acme, grype_report("CVE-2024-0001"))
    take_in(acme, number)
    before, events = acme.all(), acme.events("import.finished")
    with acme.platform.database.begin(acme.caller.scope) as work:
        job_id = jobs.enqueue(acme.platform, work, acme.caller, "import", {"import_id": number})

    job = jobs.claim(acme.platform, WorkItem("import", acme.caller.tenant, job_id))
    assert job is not None
    run_import(acme.platform, job, Progress())
    assert state_of(acme, job) == "done"
    assert (acme.all(), acme.events("import.finished")) == (before, events)


def test_a_worker_that_lost_its_lease_does_not_finish_the_import(acme: World) -> None:
    number = hand_in(acme, grype_report("CVE-2024-0001"))
    first = job_of(acme, number)
    acme.clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    second = job_of(acme, number)
    with pytest.raises(JobStoppedError):
        run_import(acme.platform, first, Progress())
    assert find(acme.platform, acme.caller, number)["state"] == "running"
    run_import(acme.platform, second, Progress())
    assert find(acme.platform, acme.caller, number)["summary"]["new"] == 1
    assert len(acme.events("import.finished")) == 1
    assert len(acme.events("finding.new")) == 1


def test_a_worker_that_leaves_stops_between_two_assets(acme: World) -> None:
    number = hand_in(acme, grype_report("CVE-2024-0001"))
    progress = Progress()
    progress.end(Why.LEAVING)
    with pytest.raises(JobStoppedError):
        run_import(acme.platform, job_of(acme, number), progress)
    assert find(acme.platform, acme.caller, number)["state"] == "running"


def test_who_may_not_send_reports_is_refused(acme: World) -> None:
    viewer = member(acme.caller.tenant, Role.VIEWER)
    with pytest.raises(NotAllowed), acme.platform.database.begin(viewer.scope) as work:
        file = files.save(work, io.BytesIO(b"{}"), at=acme.clock.now)
        accept(work, acme.platform, viewer, file, ImportOptions())
    assert acme.rows("imports") == acme.rows("files") == []
    with pytest.raises(UserError, match="no report format nonsense"):
        hand_in(acme, b"{}", format="nonsense")


def test_another_tenants_import_is_not_there(acme: World, store: Store, tmp_path: Path) -> None:
    number = hand_in(acme, grype_report("CVE-2024-0001"))
    other = world(store, tmp_path / "other", "other")
    for name in (number, new_id(), ""):
        with pytest.raises(NotFound):
            find(other.platform, other.caller, name)
        job = Job(new_id(), other.caller.tenant, "import", {"import_id": name}, 1, new_id())
        with pytest.raises(NotFound):
            run_import(other.platform, job, Progress())
    assert find(acme.platform, acme.caller, number)["state"] == "queued"


def test_a_decision_made_before_holds_for_what_an_import_brings(acme: World) -> None:
    take_in(acme, hand_in(acme, grype_report("CVE-2024-0001")))
    finding = acme.finding("CVE-2024-0001")
    verdict = Verdict(Status.SUPPRESSED, "agreed", scope="tenant",
                      expires_at=acme.clock.now + timedelta(days=1))  # fmt: skip
    triage.decide(acme.platform, acme.person, [finding["id"]], verdict)
    row = take_in(acme, hand_in(acme, grype_report("CVE-2024-0001", target="other:1.0")))
    assert (row["summary"]["new"], row["summary"]["counting"]) == (1, 0)
    assert len(acme.events("finding.new")) == 1
