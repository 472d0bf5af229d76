"""The audit log, the tenant's settings and what retention will remove, over HTTP."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import START, platform
from tests.servers import Badges, serve
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.services.access.security_policy import Retention, SecurityPolicy
from vigie.services.audit import head_key
from vigie.services.sealing import Sealing
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import EVENTS
from vigie.wiring.words import words

from .conftest import House

SEALING = Sealing(bytes(range(32)))


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Any:
    """A platform with a key and a policy."""
    store.database.audit_key = head_key(SEALING)
    cache, badges = MemoryCache(), Badges()
    made = platform(store.database, tmp_path / "data", cache=cache, words=words,
                    policy=SecurityPolicy(retention=Retention(events=90)))  # fmt: skip
    made = replace(made, sealing=SEALING)
    ours, theirs = store.tenant("Ours"), store.tenant("Theirs")
    with serve(made, badges) as client:
        yield House(store, made, client, badges, ours, theirs)
    cache.close()


def log(office: House, tenant: str, *actions: str) -> None:
    for action in actions:
        with office.store.database.begin(of_tenant(tenant)) as work:
            work.audit(Entry(action, "user", "u1", "Ada", detail={"why": action}))


def test_the_log_is_read_newest_first_and_page_by_page(office: House) -> None:
    log(office, office.ours, *(f"a{number}" for number in range(5)))
    log(office, office.theirs, "secret")
    first = office.get("/audit", limit=2)
    assert [row["action"] for row in first["items"]] == ["a4", "a3"]
    assert first["total"] == 5
    # Reading it made an entry; the page goes on all the same.
    second = office.get("/audit", limit=2, cursor=first["next"])
    assert [row["action"] for row in second["items"]] == ["a2", "a1"]
    last = office.get("/audit", limit=2, cursor=second["next"])
    assert [row["action"] for row in last["items"]] == ["a0"]
    assert last["next"] == ""


def test_filters_mean_what_they_mean_everywhere(office: House) -> None:
    log(office, office.ours, "user.create", "user.change", "finding.triage")
    found = office.get("/audit", **{"action.has": "user", "facets": "action", "sort": "id"})
    assert [row["action"] for row in found["items"]] == ["user.create", "user.change"]
    assert {f["value"]: f["count"] for f in found["facets"]["action"]} == {
        "user.create": 1, "user.change": 1, "finding.triage": 1,
    }  # fmt: skip
    assert office.get("/audit", **{"id.le": "1", "fields": "action"})["items"] == [
        {"id": 1, "action": "user.create"}
    ]
    assert office.ask("GET", "/audit?shoe=1").status_code == 422
    assert office.ask("GET", "/audit?cursor=x").status_code == 422


def test_nobody_reads_unseen(office: House) -> None:
    log(office, office.ours, "a")
    office.get("/audit", action="a")
    [entry, *_] = office.get("/audit")["items"]
    assert entry["action"] == "audit.read"
    assert entry["actor"] == "Ada"
    assert entry["detail"]["filters"] == ["action.is=a"]


def test_the_log_is_exported_whole_in_three_forms(office: House) -> None:
    log(office, office.ours, "user.create", "finding.triage", "=1+1")
    log(office, office.theirs, "secret")
    lines = office.ask("GET", "/audit/export?action=user.create,finding.triage")
    assert lines.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
    rows = [json.loads(line) for line in lines.text.splitlines()]
    assert [(row["seq"], row["action"]) for row in rows] == [
        (1, "user.create"), (2, "finding.triage"),
    ]  # fmt: skip
    assert rows[1]["previous"] == rows[0]["hash"]
    table = office.ask("GET", "/audit/export?format=csv&id.le=3")
    cells = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [cell["action"] for cell in cells] == ["user.create", "finding.triage", "'=1+1"]
    assert json.loads(cells[0]["detail"]) == {"why": "user.create"}
    said = office.ask("GET", "/audit/export?format=syslog&q=triage&id.le=3").text.splitlines()
    assert len(said) == 1
    assert said[0].startswith("<109>1 ")
    assert f'chain="{office.ours}" seq="2"' in said[0]
    exports = office.get("/audit", action="audit.export")["items"]
    assert [row["detail"]["format"] for row in exports] == ["syslog", "csv", "jsonl"]


@pytest.mark.parametrize("wrong", ["sort=-id", "fields=id", "shoe=1", "format=xml", "id=x"])
def test_an_export_that_cannot_be_is_refused(office: House, wrong: str) -> None:
    assert office.ask("GET", f"/audit/export?{wrong}").status_code == 422
    assert office.get("/audit", action="audit.export")["items"] == []


def test_verification_finds_what_was_changed(office: House) -> None:
    log(office, office.ours, "a", "b")
    whole = office.get("/audit/verify")
    assert (whole["whole"], whole["entries"], whole["problems"]) == (True, 2, [])
    behind = office.store.another(office.store.admin_url or office.store.url)
    with behind.engine.begin() as connection:
        if office.store.dialect == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = 'Eve' WHERE seq = 2")
    tampered = office.get("/audit/verify")
    assert not tampered["whole"]
    assert "entry 2 was changed" in tampered["problems"]
    french = office.ask("GET", "/audit/verify", headers={"Accept-Language": "fr"}).json()
    assert "l'entrée 2 a été modifiée" in french["problems"]


@pytest.mark.parametrize(
    "path", ["/audit", "/audit/export", "/audit/verify", "/settings", "/retention/preview"]
)
def test_only_who_may_reads(office: House, path: str) -> None:
    asked = office.client.get(f"/api/v1{path}", headers=office.headers(office.ours, Role.VIEWER))
    assert asked.status_code == 403
    assert office.client.get(f"/api/v1{path}").status_code == 401


def test_settings_are_changed_by_who_read_the_latest(office: House) -> None:
    read = office.ask("GET", "/settings")
    assert read.json()["time_zone"] == "UTC"
    etag = {"If-Match": read.headers["ETag"]}
    wanted = {"time_zone": "Europe/Paris", "language": "fr", "retention": {"events": 30}}
    written = office.ask("PUT", "/settings", json=wanted, headers=etag)
    assert written.status_code == 200, written.text
    assert office.get("/settings") == written.json()
    again = office.ask("PUT", "/settings", json={}, headers=etag)
    assert again.status_code == 412
    assert office.get("/settings", office.theirs)["time_zone"] == "UTC"
    for wrong in ({"time_zone": "x"}, {"retention": {"events": 91}}, {"shoe": 1}):
        assert office.ask("PUT", "/settings", json=wrong).status_code == 422


def test_preview_follows_the_settings(office: House) -> None:
    old = START - timedelta(days=60)
    with office.store.database.begin(of_tenant(office.ours)) as work:
        work.insert(EVENTS, [{"id": new_id(), "kind": "x", "at": old}])

    def events() -> Any:
        return next(d for d in office.get("/retention/preview") if d["noun"] == "events")

    assert (events()["count"], events()["days"], events()["by"]) == (0, 90, "operator")
    office.ask("PUT", "/settings", json={"retention": {"events": 30}})
    found = events()
    assert (found["count"], found["days"], found["by"]) == (1, 30, "tenant")
    assert found["oldest"].startswith("2025-12-31T12:00:00")
