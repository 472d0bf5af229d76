"""Decisions over the API: listed, taken back, and given to others as VEX."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.api.world import World, opened
from tests.platforms import member
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.model.access import Role
from vigie.model.findings import Status
from vigie.services.recording import record
from vigie.services.triage import Verdict, decide

SHIPPED = "vulnerable_code_not_in_execute_path"


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[World]:
    with opened(store, tmp_path) as made:
        record(made.place, member(made.tenant), [
            reading("grype", flaw("grype", "CVE-2024-1"), flaw("grype", "CVE-2024-2"))
        ])  # fmt: skip
        yield made


def decided(world: World) -> str:
    finding = world.ask("GET", "/findings?q=cve-2024-1").json()["items"][0]["id"]
    verdict = Verdict(Status.NOT_AFFECTED, reason="we never call it", justification=SHIPPED)
    return decide(world.place, member(world.tenant), [finding], verdict).suppressions[0]


def statuses(world: World) -> list[str]:
    return sorted(f["status"] for f in world.ask("GET", "/findings").json()["items"])


def test_a_decision_is_listed_and_taken_back(world: World) -> None:
    number = decided(world)
    assert statuses(world) == ["not_affected", "open"]
    listed = world.ask("GET", "/suppressions?status=not_affected&facets=source").json()
    assert [(i["id"], i["justification"]) for i in listed["items"]] == [(number, SHIPPED)]
    one = world.ask("GET", f"/suppressions/{number}")
    stale = {"If-Match": '"9"'}
    assert world.ask("DELETE", f"/suppressions/{number}", headers=stale).status_code == 412
    fresh = {"If-Match": one.headers["etag"]}
    assert world.ask("DELETE", f"/suppressions/{number}", headers=fresh).status_code == 204
    assert statuses(world) == ["open", "open"]
    assert world.ask("GET", f"/suppressions/{number}").json()["revoked_at"]


def test_many_are_taken_back_at_once_or_none(world: World) -> None:
    number = decided(world)
    some = {"suppressions": [number, "019aa5d0-0000-7000-8000-000000000001"]}
    assert world.ask("POST", "/suppressions/revoke", json=some).status_code == 404
    assert statuses(world) == ["not_affected", "open"]
    done = world.ask("POST", "/suppressions/revoke", json={"suppressions": [number]})
    assert (done.status_code, done.json()["changed"]) == (200, 1)


def test_decisions_go_out_as_vex(world: World) -> None:
    decided(world)
    vex = world.ask("GET", "/vex").json()
    said = [(s["vulnerability"]["name"], s["status"]) for s in vex["statements"]]
    assert ("CVE-2024-1", "not_affected") in said
    assert world.ask("GET", "/vex?format=cyclonedx").json()["bomFormat"] == "CycloneDX"
    assert world.ask("GET", "/vex?format=pdf").status_code == 422


def test_decisions_are_not_another_tenants_nor_a_viewers_to_undo(world: World) -> None:
    number = decided(world)
    for method, path in (("GET", ""), ("DELETE", "")):
        asked = world.ask(method, f"/suppressions/{number}{path}", tenant=world.other)
        assert asked.status_code == 404
    assert world.ask("GET", "/suppressions", tenant=world.other).json()["items"] == []
    assert world.ask("GET", "/vex", tenant=world.other).json()["statements"] == []
    assert world.ask("DELETE", f"/suppressions/{number}", Role.VIEWER).status_code == 403
    assert statuses(world) == ["not_affected", "open"]


def test_what_was_taken_back_holds_again(world: World) -> None:
    number = decided(world)
    body = {"suppressions": [number]}
    assert world.ask("POST", "/suppressions/revoke", json=body).status_code == 200
    assert statuses(world) == ["open", "open"]
    for ended, count in (("true", 1), ("false", 0)):
        assert world.ask("GET", f"/suppressions?ended={ended}").json()["total"] == count
    some = {"suppressions": [number, "019aa5d0-0000-7000-8000-000000000001"]}
    assert world.ask("POST", "/suppressions/restore", json=some).status_code == 404
    assert world.ask("POST", "/suppressions/restore", Role.VIEWER, json=body).status_code == 403
    theirs = world.ask("POST", "/suppressions/restore", tenant=world.other, json=body)
    assert theirs.status_code == 404
    done = world.ask("POST", "/suppressions/restore", json=body)
    assert (done.status_code, done.json()["changed"]) == (200, 1)
    assert statuses(world) == ["not_affected", "open"]
    shown = world.ask("GET", f"/suppressions/{number}").json()
    assert (shown["revoked_at"], shown["revision"]) == (None, 3)
    assert world.actions()[-1] == "suppression.restore"
