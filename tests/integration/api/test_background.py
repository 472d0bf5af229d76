"""What is handed in and made in the background, over the API and in both databases."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.api.world import World, opened
from tests.platforms import member
from tests.servers import person
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.faces.server import streams
from vigie.faces.server.resources import jobs as resource
from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.judging_anew import run_judge
from vigie.services.recording import record
from vigie.services.reporting import run_report

REPORT = b'{"results": []}'


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[World]:
    with opened(store, tmp_path) as made:
        yield made


def upload(world: World, **more: Any) -> Any:
    files = {"report": ("trivy.json", REPORT, "application/json")}
    return world.ask("POST", "/imports", Role.ANALYST, files=files, **more)


def test_a_report_is_kept_when_its_import_is_acknowledged(world: World) -> None:
    made = upload(world, data={"asset": "shop", "exposure": "open"})
    assert made.status_code == 202, made.text
    shown = made.json()
    assert (shown["state"], shown["name"], shown["asset"]) == ("queued", "trivy.json", "shop")
    job = world.ask("GET", f"/jobs/{shown['job_id']}").json()
    assert (job["kind"], job["state"], job["subject_id"]) == ("import", "queued", shown["id"])
    assert world.ask("GET", f"/imports/{shown['id']}").json() == shown
    assert [i["id"] for i in world.ask("GET", "/imports?state=queued").json()["items"]] == [
        shown["id"]
    ]
    assert world.actions() == ["import.create"]


def test_the_same_upload_twice_is_one_import(world: World) -> None:
    headers = {**world.badges.of(person(world.tenant, Role.ANALYST)), "Idempotency-Key": "k1"}
    answers = [
        world.client.post("/api/v1/imports", files={"report": ("a.json", REPORT)}, headers=headers)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert world.ask("GET", "/imports").json()["total"] == 1
    other = {"report": ("b.json", b'{"other": []}')}
    refused = world.client.post("/api/v1/imports", files=other, headers=headers)
    assert refused.status_code == 409, "another report is not lost behind the first"
    again = {"report": ("a.json", REPORT)}
    data = {"asset": "shop"}
    refused = world.client.post("/api/v1/imports", files=again, data=data, headers=headers)
    assert refused.status_code == 409


@pytest.mark.parametrize("data", [{"format": "nope"}, {"exposure": "wide"}, {"origin": "x"}],
                         ids=str)  # fmt: skip
def test_an_upload_that_cannot_be_is_refused_and_nothing_kept(
    world: World, data: dict[str, str]
) -> None:
    assert upload(world, data=data).status_code == 422
    assert world.ask("GET", "/imports").json()["items"] == []
    assert world.ask("GET", "/jobs").json()["items"] == []


def test_an_upload_without_a_report_is_refused(world: World) -> None:
    assert world.ask("POST", "/imports", data={"asset": "x"}).status_code == 422


def test_a_scan_is_queued_and_cancelled(world: World) -> None:
    made = world.ask("POST", "/scans", json={"target": "registry.example/shop:1"})
    assert made.status_code == 202
    job = f"/jobs/{made.json()['job_id']}"
    cancelled = world.ask("POST", f"{job}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert world.ask("POST", f"{job}/cancel").status_code == 409
    assert world.actions() == ["scan.create", "job.cancel"]


@pytest.mark.parametrize(
    "target", ["/etc", "shop", "../etc", "http://127.0.0.1/", "10.0.0.1/shop:1", "file:///etc"]
)
def test_what_may_not_be_scanned_is_refused_at_once(world: World, target: str) -> None:
    refused = [world.ask("POST", "/scans", json={"target": target})]
    wish = {"name": "n", "kind": "scan", "payload": {"target": target}, "cron": "0 0 * * *"}
    refused.append(world.ask("POST", "/schedules", json=wish))
    kept = {**wish, "payload": {"target": "shop:1"}}
    path = f"/schedules/{world.ask('POST', '/schedules', json=kept).json()['id']}"
    refused.append(world.ask("PATCH", path, json={"payload": {"target": target}}))
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert all(answer.json()["type"] == "urn:vigie:problem:wrong-input" for answer in refused)
    for noun in ("scans", "jobs"):
        assert world.ask("GET", f"/{noun}").json()["items"] == []
    assert world.ask("GET", path).json()["payload"] == {"target": "shop:1"}


def test_a_job_is_followed_until_it_ends(world: World) -> None:
    made = world.ask("POST", "/scans", json={"target": "shop:1"}).json()
    job = f"/jobs/{made['job_id']}"
    world.ask("POST", f"{job}/cancel")
    followed = world.ask("GET", f"{job}/stream")
    assert followed.headers["content-type"].startswith("text/event-stream")
    assert followed.text.startswith("event: job\ndata: {")
    assert '"state":"cancelled"' in followed.text


def test_who_is_signed_out_stops_following_a_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "ASK_SECONDS", 0.0)
    made = world.ask("POST", "/scans", json={"target": "shop:1"}).json()
    badge = world.badges.of(person(world.tenant, Role.VIEWER))
    path = f"/api/v1/jobs/{made['job_id']}/stream"
    with world.client.stream("GET", path, headers=badge) as followed:
        lines = followed.iter_lines()
        assert next(lines) == "event: job"
        world.badges._known.clear()
        rest = list(lines)  # it ends, though the job has not
        assert rest[0].startswith("data: ")


def test_no_more_follow_jobs_than_may(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_OF_TENANT", 1)
    made = world.ask("POST", "/scans", json={"target": "shop:1"}).json()
    badge = world.badges.of(person(world.tenant, Role.VIEWER))
    path = f"/jobs/{made['job_id']}/stream"
    with world.client.stream("GET", f"/api/v1{path}", headers=badge) as followed:
        lines = followed.iter_lines()
        next(lines)
        with world.client.stream("GET", f"/api/v1{path}", headers=badge) as another:
            assert another.status_code == 429


def test_who_is_not_known_is_refused_before_the_upload_is_read(world: World) -> None:
    head = (
        "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 400000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    place = (world.client.base_url.host, world.client.base_url.port or 80)
    with socket.create_connection(place, timeout=20) as line:
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")


def test_a_document_has_its_title_in_any_script_as_its_name(world: World) -> None:
    wish = {"title": "漢字", "format": "csv"}
    made = world.ask("POST", "/reports", json=wish).json()
    world.work_off({"report": run_report})
    file = world.ask("GET", f"/reports/{made['id']}/file")
    assert file.status_code == 200
    name = "filename*=UTF-8''%E6%BC%A2%E5%AD%97.csv"
    assert file.headers["content-disposition"] == f'attachment; filename="--.csv"; {name}'


@pytest.mark.parametrize("form", ["html", "csv", "json", "sarif", "markdown"])
def test_a_document_is_made_and_downloaded(world: World, form: str) -> None:
    record(world.place, member(world.tenant), [
        reading("grype", flaw("grype", "CVE-2024-1", severity=Severity.CRITICAL),
                flaw("grype", "CVE-2024-2", severity=Severity.LOW))
    ])  # fmt: skip
    wish = {"title": "Open: à l'été", "format": form, "filters": {"severity": "critical"}}
    made = world.ask("POST", "/reports", json=wish)
    assert made.status_code == 202, made.text
    path = f"/reports/{made.json()['id']}"
    early = world.ask("GET", f"{path}/file")
    assert early.status_code == 409
    world.work_off({"report": run_report})
    assert world.ask("GET", path).json()["state"] == "done"
    file = world.ask("GET", f"{path}/file")
    assert file.status_code == 200
    assert b"CVE-2024-1" in file.content
    assert b"CVE-2024-2" not in file.content
    assert "attachment" in file.headers["content-disposition"]
    assert "report.download" in world.actions()
    assert world.ask("DELETE", path).status_code == 204
    assert world.ask("GET", f"{path}/file").status_code == 404


@pytest.mark.parametrize(
    "wish",
    [{"format": "nope"}, {"filters": {"nope": "1"}}, {"filters": {"severity": "huge"}},
     {"filters": {"severity.odd": "high"}}, {"title": ""}],
    ids=str,
)  # fmt: skip
def test_a_document_that_cannot_be_is_refused_at_once(world: World, wish: dict[str, Any]) -> None:
    whole = {"title": "x", "format": "csv", **wish}
    assert world.ask("POST", "/reports", json=whole).status_code == 422


def test_a_schedule_is_kept_changed_and_switched_off(world: World) -> None:
    wish = {"name": "nightly", "kind": "scan", "payload": {"target": "shop:1"},
            "cron": "30 2 * * *", "time_zone": "Europe/Paris"}  # fmt: skip
    made = world.ask("POST", "/schedules", json=wish)
    assert made.status_code == 201, made.text
    assert made.json()["next_at"] == "2026-03-02T01:30:00Z"
    path = f"/schedules/{made.json()['id']}"
    off = world.ask("PATCH", path, json={"enabled": False}, headers={"If-Match": '"1"'}).json()
    assert (off["enabled"], off["next_at"]) == (False, None)
    assert world.ask("PATCH", path, json={"cron": "x"}).status_code == 422
    assert world.ask("POST", "/schedules", json=wish).status_code == 409
    assert world.ask("DELETE", path).status_code == 204


def test_a_schedule_is_run_when_somebody_asks(world: World) -> None:
    wish = {"name": "now", "kind": "scan", "payload": {"target": "shop:1"}, "cron": "0 0 1 1 *"}
    made = world.ask("POST", "/schedules", json=wish).json()
    path = f"/schedules/{made['id']}"
    assert world.ask("POST", f"{path}/run", Role.VIEWER).status_code == 403
    ran = world.ask("POST", f"{path}/run")
    assert ran.status_code == 202, ran.text
    assert ran.json()["next_at"] == made["next_at"], "what is planned stays"
    job = ran.json()["last_job"]
    assert world.ask("GET", f"/jobs/{job}").json()["kind"] == "scan"
    assert world.ask("POST", f"{path}/run").status_code == 409, "it has not ended"
    assert world.ask("POST", f"/jobs/{job}/cancel").status_code == 200
    assert world.ask("POST", f"{path}/run").status_code == 202
    assert world.actions().count("schedule.run") == 2


def test_a_job_that_failed_is_tried_again(world: World) -> None:
    wish = {"title": "x", "format": "csv"}
    report = world.ask("POST", "/reports", json=wish).json()
    job, path = report["job_id"], f"/jobs/{report['job_id']}"
    assert world.ask("POST", f"{path}/retry").status_code == 409, "it waits"

    claimed = jobs.claim(world.place, WorkItem("report", world.tenant, job))
    assert claimed is not None
    jobs.fail(world.place, claimed, UserError(T("Write key=value.")), again=False)
    assert world.ask("GET", path).json()["state"] == "failed"
    assert world.ask("GET", f"/reports/{report['id']}").json()["state"] == "failed"
    assert world.ask("POST", f"{path}/retry", Role.VIEWER).status_code == 403
    again = world.ask("POST", f"{path}/retry")
    assert again.status_code == 202, again.text
    assert (again.json()["state"], again.json()["error"]) == ("queued", None)
    assert world.ask("GET", f"/reports/{report['id']}").json()["state"] == "queued"
    world.work_off({"report": run_report})
    assert world.ask("GET", f"/jobs/{job}").json()["state"] == "done"
    assert world.ask("GET", f"/reports/{report['id']}").json()["state"] == "done"
    assert world.actions().count("job.retry") == 1


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"payload": {}}, {"time_zone": "Mars/X"}, {"cron": "* * *"},
     {"payload": {"target": 3}}],
    ids=str,
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(world: World, change: dict[str, Any]) -> None:
    wish = {
        "name": "n",
        "kind": "scan",
        "payload": {"target": "shop:1"},
        "cron": "0 0 * * *",
        **change,
    }
    assert world.ask("POST", "/schedules", json=wish).status_code == 422


def test_nothing_of_it_is_another_tenants(world: World) -> None:
    kept = upload(world).json()
    scan = world.ask("POST", "/scans", json={"target": "shop:1"}).json()
    report = world.ask("POST", "/reports", json={"title": "x", "format": "csv"}).json()
    world.work_off({"report": run_report})
    paths = [
        ("GET", f"/imports/{kept['id']}"), ("GET", f"/jobs/{kept['job_id']}"),
        ("POST", f"/jobs/{kept['job_id']}/cancel"), ("GET", f"/jobs/{kept['job_id']}/stream"),
        ("GET", f"/scans/{scan['id']}"), ("GET", f"/reports/{report['id']}"),
        ("GET", f"/reports/{report['id']}/file"), ("DELETE", f"/reports/{report['id']}"),
    ]  # fmt: skip
    for method, path in paths:
        assert world.ask(method, path, tenant=world.other).status_code == 404, path
    for path in ("/imports", "/jobs", "/scans", "/reports"):
        assert world.ask("GET", path, tenant=world.other).json()["items"] == []
    assert world.ask("GET", f"/reports/{report['id']}/file").status_code == 200


def test_an_asset_that_is_more_exposed_is_judged_anew(world: World) -> None:
    record(world.place, member(world.tenant), [reading("grype", flaw("grype", "CVE-2024-1"))])
    asset = world.ask("GET", "/assets").json()["items"][0]
    score = world.ask("GET", "/findings").json()["items"][0]["score"]
    changed = world.ask("PATCH", f"/assets/{asset['id']}", json={"exposure": "open"})
    assert changed.status_code == 200, changed.text
    world.work_off({"judge": run_judge})
    job = world.ask("GET", "/jobs?kind=judge").json()["items"][0]
    assert (job["state"], job["result"]["asset_id"]) == ("done", asset["id"])
    assert world.ask("GET", "/findings").json()["items"][0]["score"] > score
    world.ask("PATCH", f"/assets/{asset['id']}", json={"owner": "Ada"})
    assert world.ask("GET", "/jobs?kind=judge").json()["total"] == 1
