"""What is over goes, what anything refers to stays whole, and the audit log says all of it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import START
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.services import files, tenant_settings
from vigie.services.access.security_policy import Retention, SecurityPolicy
from vigie.services.jobs import Job
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.retention import sweeping
from vigie.services.retention.limits import CLAUSES
from vigie.services.retention.nouns import NOUNS
from vigie.services.retention.sweeping import begin, clear_platform, preview, run_retention
from vigie.services.tenant_settings import TenantSettings
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import ATTEMPTS, CHALLENGES, SESSIONS, USERS
from vigie.stores.relational.tables.findings import OBSERVATIONS
from vigie.stores.relational.tables.governance import AUDIT, EVENTS, IDEMPOTENCY
from vigie.stores.relational.tables.operations import FILES, IMPORTS, JOBS, PIECES, REPORTS
from vigie.stores.relational.tables.telling import (
    CHANNELS,
    DELIVERIES,
    FINDING_TICKETS,
    TICKETS,
)

SHORT = Retention(findings=30, runs=30, observations=30, imports=30, events=30, reports=30, jobs=30,
                  deliveries=30, sessions=30)  # fmt: skip
OLD = START - timedelta(days=31)
FRESH = START - timedelta(days=29)


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> World:
    made = world(store, tmp_path)
    made.platform = replace(made.platform, policy=SecurityPolicy(retention=SHORT))
    return made


def sweep(scene: World) -> Any:
    job = Job("", scene.caller.tenant, "retention", {}, 1, "")
    return run_retention(scene.platform, job, Progress())


def put(scene: World, table: sa.Table, *rows: dict[str, Any]) -> None:
    with scene.platform.database.begin(scene.caller.scope) as work:
        work.insert(table, rows)


def logged(scene: World) -> list[dict[str, Any]]:
    return [row for row in scene.rows("audit") if row["action"] == "retention.remove"]


def counts(scene: World) -> dict[str, int]:
    return {one.noun: one.count for one in preview(scene.platform, scene.caller) if one.count}


def test_a_closed_finding_goes_with_its_history_and_the_counts_stay_right(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1"), flaw("trivy", "CVE-2")))
    scene.record(reading("trivy", flaw("trivy", "CVE-2")))
    closed, still = scene.finding("CVE-1"), scene.finding("CVE-2")
    assert closed["closed_at"] is not None
    scene.clock.move(days=29)
    assert "findings" not in sweep(scene)["removed"]
    content = scene.rows("assets")[0]["content"]
    scene.clock.move(days=2)
    assert counts(scene)["findings"] == 1
    assert sweep(scene)["removed"]["findings"] == 1
    assert [row["id"] for row in scene.rows("findings")] == [still["id"]]
    assert {row["finding_id"] for row in scene.rows("finding_history")} == {still["id"]}
    assert {row["finding_id"] for row in scene.rows("finding_names")} == {still["id"]}
    assert sum(row["count"] for row in scene.rows("tallies")) == 1
    # An import that had read the asset before starts again.
    assert scene.rows("assets")[0]["content"] > content


def test_what_came_back_is_a_new_finding(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1")))
    scene.record(reading("trivy"))
    scene.clock.move(days=31)
    sweep(scene)
    scene.record(reading("trivy", flaw("trivy", "CVE-1")))
    assert scene.finding("CVE-1")["closed_at"] is None
    assert scene.history("CVE-1") == ["found"]


def test_the_history_of_an_open_finding_is_never_cut(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1")), import_id="one")
    scene.record(reading("trivy"), import_id="two")
    scene.record(reading("trivy", flaw("trivy", "CVE-1")), import_id="three")
    before = scene.history("CVE-1")
    evidence = [row for row in scene.rows("observations") if row["finding_id"]]
    assert before == ["found", "closed", "reopened"]
    scene.clock.move(days=3650)
    sweep(scene)
    assert scene.history("CVE-1") == before
    assert [row for row in scene.rows("observations") if row["finding_id"]] == evidence
    # The latest run, which its evidence names, stays; those before it go.
    assert [row["import_id"] for row in scene.rows("runs")] == ["three"]


def test_the_latest_run_of_a_tool_stays_also_when_it_found_nothing(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1")), import_id="one")
    scene.record(reading("trivy"), import_id="two")
    scene.clock.move(days=3650)
    sweep(scene)
    assert [row["import_id"] for row in scene.rows("runs")] == ["two"]


def test_a_finding_stays_while_its_ticket_is_open(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1")))
    scene.record(reading("trivy"))
    finding, channel, ticket = scene.finding("CVE-1")["id"], new_id(), new_id()
    put(scene, CHANNELS, {"id": channel, "name": "jira", "kind": "jira", "created_at": START})
    put(scene, TICKETS, {"id": ticket, "channel_id": channel, "key": "k", "created_at": START,
                         "updated_at": START})  # fmt: skip
    put(scene, FINDING_TICKETS, {"finding_id": finding, "ticket_id": ticket})
    scene.clock.move(days=60)
    sweep(scene)
    assert len(scene.rows("findings")) == 1
    with scene.platform.database.begin(scene.caller.scope) as work:
        work.run(sa.update(TICKETS).where(work.mine(TICKETS)).values(closed_at=START))
    sweep(scene)
    assert scene.rows("findings") == []


def test_observations_behind_no_open_finding_go(scene: World) -> None:
    scene.record(reading("trivy", flaw("trivy", "CVE-1"), flaw("trivy", "CVE-2")))
    alone = scene.finding("CVE-2")["id"]
    with scene.platform.database.begin(scene.caller.scope) as work:
        mine = (work.mine(OBSERVATIONS), OBSERVATIONS.c.finding_id == alone)
        work.run(sa.update(OBSERVATIONS).where(*mine).values(finding_id=None))
    assert len(scene.rows("observations")) == 2
    scene.clock.move(days=31)
    assert sweep(scene)["removed"]["observations"] == 1
    assert [row["finding_id"] for row in scene.rows("observations")] == [
        scene.finding("CVE-1")["id"]
    ]


def test_an_import_goes_with_its_file_once_no_run_is_of_it(scene: World) -> None:
    kept, gone = new_id(), new_id()
    with scene.platform.database.begin(scene.caller.scope) as work:
        bodies = [files.save(work, io.BytesIO(b"report"), at=START) for _ in range(2)]
        rows = [
            {"id": number, "file_id": body.id, "state": "done", "created_at": OLD, "ended_at": OLD}
            for number, body in zip((kept, gone), bodies, strict=True)
        ]
        work.insert(IMPORTS, rows)
    scene.record(reading("trivy", flaw("trivy", "CVE-1")), import_id=kept)
    assert counts(scene)["imports"] == 1
    sweep(scene)
    assert [row["id"] for row in scene.rows("imports")] == [kept]
    assert [row["id"] for row in scene.rows("files")] == [bodies[0].id]
    assert {row["file_id"] for row in scene.rows("file_pieces")} == {bodies[0].id}


def test_each_noun_that_has_ended_goes_by_its_own_time(scene: World) -> None:
    user, channel = new_id(), new_id()
    with scene.platform.database.begin(SYSTEM) as work:
        work.run(sa.insert(USERS), [{"id": user, "email": "a@b", "created_at": START}])
    put(scene, CHANNELS, {"id": channel, "name": "c", "kind": "slack", "created_at": START})
    ended: Any = ((OLD, False), (FRESH, True))
    for at, _ in ended:
        put(scene, EVENTS, {"id": new_id(), "kind": "x", "at": at})
        put(scene, REPORTS, {"id": new_id(), "created_at": at, "ended_at": at})
        put(scene, JOBS, {"id": new_id(), "kind": "x", "state": "done", "created_at": at,
                          "due_at": at, "ended_at": at})  # fmt: skip
        put(scene, DELIVERIES, {"id": new_id(), "channel_id": channel, "key": "k", "state": "dead",
                                "created_at": at, "due_at": at, "ended_at": at})  # fmt: skip
        put(scene, SESSIONS, {"id": new_id(), "user_id": user, "created_at": at, "expires_at": at,
                              "last_used_at": at})  # fmt: skip
    put(scene, SESSIONS, {"id": new_id(), "user_id": user, "created_at": OLD, "revoked_at": OLD,
                          "expires_at": START, "last_used_at": OLD})  # fmt: skip
    # What has not ended stays, however old it is.
    put(scene, JOBS, {"id": new_id(), "kind": "x", "state": "queued", "created_at": OLD,
                      "due_at": OLD})  # fmt: skip
    put(scene, DELIVERIES, {"id": new_id(), "channel_id": channel, "key": "k", "state": "retry",
                            "created_at": OLD, "due_at": OLD})  # fmt: skip
    put(scene, IDEMPOTENCY,
        {"key": "k1", "actor_id": "a", "created_at": START - timedelta(hours=25)},
        {"key": "k2", "actor_id": "a", "created_at": START - timedelta(hours=23)})  # fmt: skip
    wanted = {"events": 1, "reports": 1, "deliveries": 1, "jobs": 1, "sessions": 2,
              "idempotency": 1}  # fmt: skip
    assert counts(scene) == wanted
    assert sweep(scene) == {"removed": wanted, "left": False}
    assert counts(scene) == {}
    assert [row["at"] for row in scene.rows("events")] == [FRESH]
    assert {row["state"] for row in scene.rows("jobs")} == {"done", "queued"}
    assert [row["key"] for row in scene.rows("idempotency")] == ["k2"]
    said = {row["subject_kind"]: row["detail"]["count"] for row in logged(scene)}
    assert said == wanted


def test_the_body_of_a_report_goes_with_it(scene: World) -> None:
    with scene.platform.database.begin(scene.caller.scope) as work:
        body = files.save(work, io.BytesIO(b"pdf"), at=OLD)
        row = {"id": new_id(), "file_id": body.id, "created_at": OLD, "ended_at": OLD}
        work.insert(REPORTS, [row])
    sweep(scene)
    for table in (REPORTS, FILES, PIECES):
        assert scene.rows(table.name) == []


def test_preview_says_what_goes_and_since_when(scene: World) -> None:
    older = OLD - timedelta(days=5)
    for at in (older, OLD, FRESH):
        put(scene, EVENTS, {"id": new_id(), "kind": "x", "at": at})
    found = {one.noun: one for one in preview(scene.platform, scene.caller)}["events"]
    assert (found.count, found.oldest) == (2, older)
    assert found.before == START - timedelta(days=30)
    assert len(scene.rows("events")) == 3


def test_for_ever_is_for_ever_until_the_tenant_says_otherwise(scene: World) -> None:
    platform = replace(scene.platform, policy=SecurityPolicy(retention=Retention(events=None)))
    put(scene, EVENTS, {"id": new_id(), "kind": "x", "at": START - timedelta(days=9000)})
    scene.platform = platform
    sweep(scene)
    found = {one.noun: one for one in preview(platform, scene.caller)}["events"]
    assert (found.before, found.count, found.limit.by) == (None, 0, "nobody")
    assert len(scene.rows("events")) == 1
    with platform.database.begin(scene.caller.scope) as work:
        wanted = TenantSettings(retention={"events": 400})
        tenant_settings.write(work, platform, scene.person, wanted)
    assert sweep(scene)["removed"] == {"events": 1}


def test_it_goes_on_in_portions_and_stops_when_it_is_told_to(
    scene: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PORTION", 3)
    monkeypatch.setattr(sweeping, "MOST_PORTIONS", 2)
    put(scene, EVENTS, *({"id": new_id(), "kind": "x", "at": OLD} for _ in range(8)))
    assert sweep(scene) == {"removed": {"events": 6}, "left": True}
    assert [row["detail"]["count"] for row in logged(scene)] == [3, 3]
    stopped = Progress()
    stopped.end(Why.CANCELLED)
    with pytest.raises(JobStoppedError):
        run_retention(scene.platform, Job("", scene.caller.tenant, "r", {}, 1, ""), stopped)
    assert len(scene.rows("events")) == 2
    assert sweep(scene) == {"removed": {"events": 2}, "left": False}


def test_nothing_is_removed_when_the_log_cannot_say_so(
    scene: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(scene, EVENTS, {"id": new_id(), "kind": "x", "at": OLD})

    def refuse(*_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("vigie.stores.relational.audit_chain.append", refuse)
    with pytest.raises(RuntimeError):
        sweep(scene)
    assert len(scene.rows("events")) == 1


def test_no_other_tenant_loses_anything(scene: World, store: Store) -> None:
    other = store.tenant("Other")
    with scene.platform.database.begin(of_tenant(other)) as work:
        work.insert(EVENTS, [{"id": new_id(), "kind": "x", "at": OLD}])
    sweep(scene)
    with scene.platform.database.read(of_tenant(other)) as work:
        assert work.run(sa.select(EVENTS.c.id).where(work.mine(EVENTS))).all()


def test_the_audit_log_itself_is_never_cut(scene: World) -> None:
    put(scene, EVENTS, {"id": new_id(), "kind": "x", "at": OLD})
    sweep(scene)
    count = len(scene.rows("audit"))
    assert count == 1
    scene.clock.move(days=36_000)
    sweep(scene)
    assert len(scene.rows(AUDIT.name)) == count


def test_one_job_a_tenant_is_asked_for_at_a_time(scene: World, store: Store) -> None:
    store.tenant("Other")
    assert begin(scene.platform) == 2
    assert begin(scene.platform) == 0
    assert [row["kind"] for row in scene.rows("jobs")] == ["retention"]
    with scene.platform.database.begin(scene.caller.scope) as work:
        work.run(sa.update(JOBS).where(work.mine(JOBS)).values(state="done"))
    assert begin(scene.platform) == 1


def test_challenges_and_failed_attempts_of_long_ago_go(scene: World) -> None:
    kept = new_id()
    long_ago = START - timedelta(days=61)
    with scene.platform.database.begin(SYSTEM) as work:
        work.run(
            sa.insert(CHALLENGES),
            [{"id": new_id(), "expires_at": START - timedelta(seconds=1)},
             {"id": kept, "expires_at": START + timedelta(seconds=1)}],
        )  # fmt: skip
        work.run(sa.insert(ATTEMPTS), [{"key": "old", "updated_at": long_ago},
                                       {"key": "new", "updated_at": OLD}])  # fmt: skip
    clear_platform(scene.platform)
    with scene.platform.database.read(SYSTEM) as work:
        assert work.run(sa.select(CHALLENGES.c.id)).scalars().all() == [kept]
        assert work.run(sa.select(ATTEMPTS.c.key)).scalars().all() == ["new"]


def test_what_refers_goes_before_what_it_refers_to() -> None:
    order = [noun.name for noun in NOUNS]
    for first, then in (("findings", "observations"), ("observations", "runs"),
                        ("runs", "imports"), ("scans", "imports")):  # fmt: skip
        assert order.index(first) < order.index(then)
    assert {noun.clause for noun in NOUNS} == {*CLAUSES, ""}
