"""Saved views: one's own and the tenant's, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.access_made import Door, opened_door
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.services import views
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.governance import VIEWS

CRITICAL = {"room": "findings", "name": "Critical", "query": "severity=critical&sort=-score"}


@pytest.fixture
def door(store: Store, tmp_path: Path) -> Iterator[Door]:
    with opened_door(store, tmp_path) as opened:
        yield opened


def make(door: Door, user: str, **more: Any) -> httpx.Response:
    return door.ask("POST", "/views", user, json={**CRITICAL, **more})


def names(door: Door, user: str, room: str = "findings") -> list[str]:
    said = door.ask("GET", f"/views?room={room}", user)
    assert said.status_code == 200, said.text
    return [one["name"] for one in said.json()]


def test_a_viewer_keeps_views_that_nobody_else_sees(door: Door) -> None:
    viewer, owner = door.person(Role.VIEWER), door.person(Role.OWNER)
    made = make(door, viewer)
    assert (made.status_code, made.json()["own"]) == (201, True), made.text
    make(door, viewer, name="Mine", room="assets")
    assert names(door, viewer) == ["Critical"]
    assert names(door, viewer, "") == ["Critical", "Mine"]
    assert names(door, owner) == []
    path = f"/views/{made.json()['id']}"
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert door.ask(method, path, owner, json=body).status_code == 404, method
    renamed = door.ask("PATCH", path, viewer, json={"name": "Worst", "query": "?sort=-score"},
                       headers={"If-Match": made.headers["etag"]})  # fmt: skip
    assert (renamed.json()["name"], renamed.json()["query"]) == ("Worst", "sort=-score")
    stale = door.ask("DELETE", path, viewer, headers={"If-Match": made.headers["etag"]})
    assert stale.status_code == 412
    assert door.ask("DELETE", path, viewer).status_code == 204
    assert names(door, viewer) == []
    assert [a for a in door.actions() if a.startswith("view.")] == [
        "view.create", "view.create", "view.change", "view.remove",
    ]  # fmt: skip


def test_sharing_takes_an_analyst(door: Door) -> None:
    viewer, analyst = door.person(Role.VIEWER), door.person(Role.ANALYST)
    assert make(door, viewer, shared=True).status_code == 403
    own = make(door, viewer).json()
    assert (
        door.ask("PATCH", f"/views/{own['id']}", viewer, json={"shared": True}).status_code == 403
    )
    shared = make(door, analyst, name="Ours", shared=True).json()
    seen = {one["name"]: one for one in door.ask("GET", "/views", viewer).json()}
    assert (seen["Ours"]["own"], seen["Ours"]["owner"], seen["Ours"]["shared"]) == (
        False, "Ada", True,
    )  # fmt: skip
    for who in (viewer, door.person(Role.ANALYST)):
        for body in ({"name": "Theirs"}, {"shared": False}):
            path = f"/views/{shared['id']}"
            assert door.ask("PATCH", path, who, json=body).status_code == 403, body
        assert door.ask("DELETE", f"/views/{shared['id']}", who).status_code == 403


def test_an_administrator_ends_sharing_and_changes_nothing_else(door: Door) -> None:
    analyst, admin = door.person(Role.ANALYST), door.person(Role.ADMIN)
    path = f"/views/{make(door, analyst, shared=True).json()['id']}"
    assert door.ask("PATCH", path, admin, json={"query": "q=x"}).status_code == 403
    both = {"shared": False, "name": "x"}
    assert door.ask("PATCH", path, admin, json=both).status_code == 403
    assert door.ask("PATCH", path, admin, json={"shared": False}).status_code == 200
    assert door.ask("GET", path, admin).status_code == 404
    assert names(door, analyst) == ["Critical"]
    assert door.ask("PATCH", path, analyst, json={"shared": True}).status_code == 200
    assert door.ask("DELETE", path, admin).status_code == 204


def test_another_tenants_views_are_not_there(door: Door) -> None:
    analyst, other = door.person(Role.ANALYST), door.person(Role.OWNER, tenant=door.other)
    made = make(door, analyst, shared=True).json()
    assert names(door, other, "") == []
    for method in ("GET", "DELETE"):
        assert door.ask(method, f"/views/{made['id']}", other).status_code == 404


def test_a_name_is_taken_once_in_a_room(door: Door) -> None:
    one, two = door.person(Role.ANALYST), door.person(Role.ANALYST)
    assert make(door, one).status_code == 201
    assert make(door, one, name=" Critical ").status_code == 409
    assert make(door, one, room="assets").status_code == 201
    assert make(door, two).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "x" * 61}, {"name": "a\nb"}, {"room": "../x"}, {"room": ""},
     {"query": "x" * 4001}, {"query": "a=\x00"}, {"more": 1}],
    ids=["blank", "long", "line", "room", "no-room", "long-query", "nul", "unknown"],
)  # fmt: skip
def test_what_is_no_view_is_refused(door: Door, wrong: dict[str, Any]) -> None:
    refused = make(door, door.person(), **wrong)
    assert refused.status_code == 422, refused.text


def test_there_are_so_many_and_no_more(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OWN", 2)
    monkeypatch.setattr(views, "MOST_SHARED", 1)
    analyst, other = door.person(Role.ANALYST), door.person(Role.ANALYST)
    assert make(door, analyst, shared=True).status_code == 201
    assert make(door, analyst, name="b").status_code == 201
    assert make(door, analyst, name="c").status_code == 409
    assert make(door, other, shared=True).status_code == 409
    own = make(door, other).json()
    assert door.ask("PATCH", f"/views/{own['id']}", other, json={"shared": True}).status_code == 409


def test_who_leaves_takes_their_own_views_along(door: Door) -> None:
    owner, leaver = door.person(), door.person(Role.ANALYST)
    own = make(door, leaver).json()["id"]
    make(door, leaver, name="Ours", shared=True)
    assert door.ask("DELETE", f"/users/{leaver}", owner).status_code == 204
    assert names(door, owner) == ["Ours"]
    with door.store.database.read(of_tenant(door.tenant)) as work:
        kept = work.run(sa.select(VIEWS.c.id).where(work.mine(VIEWS)))
        assert own not in [row.id for row in kept]
