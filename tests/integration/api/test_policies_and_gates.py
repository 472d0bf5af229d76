"""Policies are kept and gates are asked over the API, in both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.platforms import START, member, platform
from tests.servers import Badges, person, serve
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.model.access import Role
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.services import policy_versions
from vigie.services.recording import record
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import AUDIT
from vigie.stores.relational.tables.operations import IMPORTS

NOTHING_CRITICAL = "name: ours\nblock:\n  - name: critical\n    severity: critical\n"
NOTHING_HIGH = "name: ours\nblock:\n  - name: high\n    severity: high\n"


@dataclass
class World:
    client: httpx.Client
    store: Store
    place: Any
    badges: Badges
    tenant: str
    other: str

    def ask(self, method: str, path: str, role: Role = Role.ADMIN, tenant: str = "",
            headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:  # fmt: skip
        badge = self.badges.of(person(tenant or self.tenant, role))
        return self.client.request(
            method, f"/api/v1{path}", headers={**badge, **(headers or {})}, **more
        )

    def actions(self) -> list[str]:
        with self.store.database.read(of_tenant(self.tenant)) as work:
            query = sa.select(AUDIT.c.action).where(work.mine(AUDIT)).order_by(AUDIT.c.seq)
            return [row.action for row in work.run(query)]


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[World]:
    badges = Badges()
    place = platform(store.database, tmp_path)
    with serve(place, badges) as client:
        yield World(client, store, place, badges, store.tenant("Acme"), store.tenant("Other"))


def recorded(world: World, *flaws: Any, outcome: Outcome = Outcome.COMPLETE, import_id: str = ""
             ) -> str:  # fmt: skip
    done = record(world.place, member(world.tenant), [reading("grype", *flaws, outcome=outcome)],
                  import_id=import_id)  # fmt: skip
    return done.assets[0].id


def test_a_policy_is_kept_changed_and_taken_away(world: World) -> None:
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL})
    assert made.status_code == 201, made.text
    path = f"/policies/{made.json()['id']}"
    assert world.ask("GET", path).headers["etag"] == made.headers["etag"] == '"1"'
    changed = world.ask("PATCH", path, json={"source": NOTHING_HIGH, "is_default": True},
                        headers={"If-Match": '"1"'})  # fmt: skip
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    stale = world.ask("PATCH", path, json={"is_default": False}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"
    listed = world.ask("GET", "/policies?is_default=true").json()
    assert [item["name"] for item in listed["items"]] == ["ours"]
    assert world.ask("DELETE", path).status_code == 204
    assert world.ask("GET", path).status_code == 404
    assert world.actions() == ["policy.create", "policy.change", "policy.remove"]


@pytest.mark.parametrize(
    ("source", "status"),
    [("nonsense: [", 422), ("name: x\nblock: []\nodd: 1", 422), ("x" * 300_000, 422),
     ("name: strict\nblock:\n  - name: a\n    severity: high\n", 409)],
    ids=["yaml", "key", "long", "taken"],
)  # fmt: skip
def test_a_policy_that_is_not_right_is_not_kept(world: World, source: str, status: int) -> None:
    refused = world.ask("POST", "/policies", json={"source": source})
    assert refused.status_code == status
    assert refused.json()["detail"]
    assert world.ask("GET", "/policies").json()["items"] == []


def test_the_same_key_creates_once(world: World) -> None:
    me = world.badges.of(person(world.tenant, Role.ADMIN))
    headers = {**me, "Idempotency-Key": "once-1"}
    body = {"source": NOTHING_CRITICAL}
    first = world.client.post("/api/v1/policies", json=body, headers=headers)
    again = world.client.post("/api/v1/policies", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = world.client.post("/api/v1/policies", json={"source": NOTHING_HIGH}, headers=headers)
    assert other.status_code == 409
    assert world.actions() == ["policy.create"]


def test_who_may_not_write_does_not(world: World) -> None:
    for role in (Role.VIEWER, Role.ANALYST, Role.AGENT):
        refused = world.ask("POST", "/policies", role, json={"source": NOTHING_CRITICAL})
        assert refused.status_code == 403, role


def test_another_tenants_policy_is_not_there(world: World) -> None:
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL})
    path = f"/policies/{made.json()['id']}"
    for method, body in (("GET", None), ("PATCH", {"is_default": True}), ("DELETE", None)):
        assert world.ask(method, path, tenant=world.other, json=body).status_code == 404
    assert world.ask("GET", path).json()["is_default"] is False


def told(world: World) -> list[dict[str, Any]]:
    """What was told of policies, the latest first."""
    found = world.ask("GET", "/events?kind=policy.changed").json()["items"]
    return [event["document"] | {"id": event["subject_id"]} for event in found]


def test_who_looks_at_the_policies_hears_of_each_change(world: World) -> None:
    somebody = world.badges.of(person(world.tenant, Role.VIEWER))
    with world.client.stream("GET", "/api/v1/events/stream?kinds=policy.changed",
                             headers=somebody) as answer:  # fmt: skip
        lines = answer.iter_lines()
        next(lines)
        made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL}).json()
        assert next(line for line in lines if line.startswith("event: ")) == "event: policy.changed"
        assert json.loads(next(lines).removeprefix("data: "))["subject_id"] == made["id"]
    path = f"/policies/{made['id']}"
    stale = {"If-Match": '"7"'}
    assert world.ask("PATCH", path, json={"is_default": True}, headers=stale).status_code == 412
    world.ask("PATCH", path, json={"source": NOTHING_HIGH, "is_default": True})
    world.ask("POST", f"{path}/versions/1/restore")
    world.ask("DELETE", path)
    own = {"id": made["id"], "name": "ours"}
    assert told(world) == [
        {**own, "change": "removed", "version": 3, "is_default": True},
        {**own, "change": "changed", "version": 3, "is_default": True},
        {**own, "change": "changed", "version": 2, "is_default": True},
        {**own, "change": "created", "version": 1, "is_default": False},
    ]
    assert world.ask("GET", "/events", tenant=world.other).json()["items"] == []


def test_the_gate_says_no_and_why_and_yes_when_it_is_mended(world: World) -> None:
    asset = recorded(world, flaw("grype", "CVE-2024-1", severity=Severity.CRITICAL))
    world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL, "is_default": True})
    no = world.ask("POST", "/gates", json={"assets": [asset]}).json()
    assert (no["outcome"], no["policy"], no["findings"]) == ("fail", "ours", 1)
    assert [r["rule"] for r in no["rulings"] if r["blocks"]] == ["critical"]
    french = world.ask("POST", "/gates", json={"assets": [asset]},
                       headers={"Accept-Language": "fr"}).json()  # fmt: skip
    assert french["outcome"] == "fail"
    assert no["rulings"][0]["remedy"].startswith("There is no fix: remove left-pad")
    recorded(world)
    assert world.ask("POST", "/gates", json={"assets": [asset]}).json()["outcome"] == "pass"


def test_a_partial_run_is_no_yes(world: World) -> None:
    asset = recorded(world, outcome=Outcome.PARTIAL)
    said = world.ask("POST", "/gates", json={"assets": [asset], "policy": "balanced"}).json()
    assert said["outcome"] == "incomplete"


@pytest.mark.parametrize("state", ["queued", "running", "failed", "done"])
def test_an_import_that_is_not_there_whole_is_no_yes(world: World, state: str) -> None:
    import_id = new_id()
    with world.store.database.begin(of_tenant(world.tenant)) as work:
        work.insert(IMPORTS, [{"id": import_id, "state": state, "created_at": START}])
    recorded(world, import_id=import_id)
    said = world.ask("POST", "/gates", json={"import_id": import_id}).json()
    assert said["outcome"] == ("pass" if state == "done" else "incomplete")


def test_a_gate_about_nothing_or_something_elses_is_refused(world: World) -> None:
    asset = recorded(world)
    assert world.ask("POST", "/gates", json={}).status_code == 422
    for question in ({"assets": [asset]}, {"import_id": new_id()}, {"assets": ["x"]}):
        assert world.ask("POST", "/gates", tenant=world.other, json=question).status_code == 404
    unknown = world.ask("POST", "/gates", json={"assets": [asset], "policy": "nope"})
    assert unknown.status_code == 404


def test_a_draft_is_read_in_words_and_tried_without_being_kept(world: World) -> None:
    asset = recorded(world, flaw("grype", "CVE-2024-1", severity=Severity.HIGH))
    said = world.ask("POST", "/policies/read", json={"source": NOTHING_HIGH},
                     headers={"Accept-Language": "en"})  # fmt: skip
    assert said.status_code == 200, said.text
    assert said.json()["rules"] == [
        {"name": "high", "conditions": ["its severity is high or higher"]}
    ]
    assert "every scanner that ran must have finished" in said.json()["terms"]
    wrong = world.ask("POST", "/policies/read", json={"source": "block: 3"})
    assert wrong.status_code == 422
    outcomes = {}
    for source in (NOTHING_CRITICAL, NOTHING_HIGH):
        tried = world.ask("POST", "/gates", json={"assets": [asset], "source": source})
        assert tried.status_code == 200, tried.text
        outcomes[source] = tried.json()["outcome"]
    assert outcomes == {NOTHING_CRITICAL: "pass", NOTHING_HIGH: "fail"}
    assert world.ask("GET", "/policies").json()["items"] == []
    assert world.actions() == ["import.record"], "trying writes nothing"


def versions(world: World, path: str) -> list[tuple[int, str, int | None]]:
    said = world.ask("GET", f"{path}/versions", Role.VIEWER)
    assert said.status_code == 200, said.text
    return [(one["version"], one["name"], one["restored"]) for one in said.json()]


def test_every_text_of_a_policy_is_a_version_that_can_be_brought_back(world: World) -> None:
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL}).json()
    path = f"/policies/{made['id']}"
    second = NOTHING_HIGH.replace("ours", "theirs")
    changed = world.ask("PATCH", path, json={"source": second}).json()
    assert (made["version"], changed["version"]) == (1, 2)
    # Neither the same text again nor what the default is makes a version.
    same = world.ask("PATCH", path, json={"source": second, "is_default": True}).json()
    assert (same["version"], same["revision"]) == (2, 3)
    assert versions(world, path) == [(2, "theirs", None), (1, "ours", None)]
    first = world.ask("GET", f"{path}/versions/1", Role.VIEWER).json()
    assert (first["source"], first["actor"]) == (NOTHING_CRITICAL, "Ada")
    stale = {"If-Match": '"1"'}
    refused = world.ask("POST", f"{path}/versions/1/restore", headers=stale)
    assert refused.status_code == 412
    back = world.ask("POST", f"{path}/versions/1/restore", headers={"If-Match": '"3"'}).json()
    assert (back["version"], back["source"], back["name"], back["is_default"]) == (
        3, NOTHING_CRITICAL, "ours", True,
    )  # fmt: skip
    assert versions(world, path) == [
        (3, "ours", 1), (2, "theirs", None), (1, "ours", None),
    ]  # fmt: skip
    assert world.ask("POST", f"{path}/versions/3/restore").status_code == 409
    assert world.ask("POST", f"{path}/versions/9/restore").status_code == 404
    assert world.ask("GET", f"{path}/versions/9").status_code == 404
    assert world.ask("GET", f"{path}/versions/0").status_code == 422
    assert world.actions() == ["policy.create"] + ["policy.change"] * 3
    assert world.ask("DELETE", path).status_code == 204
    assert world.ask("GET", f"{path}/versions").status_code == 404


def test_a_verdict_names_the_version_that_decided(world: World) -> None:
    asset = recorded(world, flaw("grype", "CVE-2024-1", severity=Severity.HIGH))
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL, "is_default": True})

    def said(**more: Any) -> tuple[str, int | None]:
        answer = world.ask("POST", "/gates", json={"assets": [asset], **more}).json()
        return answer["outcome"], answer["policy_version"]

    assert said() == ("pass", 1)
    world.ask("PATCH", f"/policies/{made.json()['id']}", json={"source": NOTHING_HIGH})
    assert said() == said(policy="ours") == ("fail", 2)
    assert said(source=NOTHING_CRITICAL) == ("pass", None)
    assert said(policy="balanced")[1] is None


def test_who_may_not_write_restores_nothing_and_another_tenant_sees_none(world: World) -> None:
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL}).json()
    path = f"/policies/{made['id']}"
    world.ask("PATCH", path, json={"source": NOTHING_HIGH})
    assert world.ask("POST", f"{path}/versions/1/restore", Role.ANALYST).status_code == 403
    for method, where in (("GET", ""), ("GET", "/1"), ("POST", "/1/restore")):
        asked = world.ask(method, f"{path}/versions{where}", tenant=world.other)
        assert asked.status_code == 404, where


def test_the_oldest_versions_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_versions, "MOST", 2)
    made = world.ask("POST", "/policies", json={"source": NOTHING_CRITICAL}).json()
    path = f"/policies/{made['id']}"
    for source in (NOTHING_HIGH, NOTHING_CRITICAL, NOTHING_HIGH):
        world.ask("PATCH", path, json={"source": source})
    assert [version for version, _, _ in versions(world, path)] == [4, 3]
