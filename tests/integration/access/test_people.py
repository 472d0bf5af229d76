"""People, roles, tenants, keys and sessions over the API; and how nobody lifts anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from tests.access_made import PASSWORD, Door, headers, opened_door
from tests.store_fixtures import Store

from vigie.model.access import Role, manages
from vigie.stores.relational.ids import PLATFORM
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.access import API_KEYS
from vigie.stores.relational.tables.governance import IDEMPOTENCY
from vigie.wiring.secrets import secrets_of

NEW = "four bitter almonds in a drawer"


def test_somebody_is_invited_and_chooses_a_password(door: Door) -> None:
    owner = door.person(Role.OWNER)
    body = {"email": " Bea@Example.org ", "role": "analyst", "name": "Bea"}
    once = {"Idempotency-Key": "bea-1"}
    made = door.ask("POST", "/users", owner, json=body, headers=once)
    assert made.status_code == 201, made.text
    word, bea = made.json()["invitation"], made.json()["id"]
    again = door.ask("POST", "/users", owner, json=body, headers=once)
    assert (again.json()["id"], again.json()["invitation"]) == (bea, "")
    assert door.ask("POST", "/users", owner, json=body).status_code == 409
    with door.store.database.read(of_tenant(door.tenant)) as work:
        kept = work.run(sa.select(IDEMPOTENCY.c.response).where(work.mine(IDEMPOTENCY))).all()
    assert kept and word not in str(kept), "what is shown once is not kept for a day"
    accept = {"invitation": word, "password": NEW}
    weak = door.ask("POST", "/auth/invitation", json={**accept, "password": "bea@example.org"})
    assert weak.status_code == 422
    assert door.ask("POST", "/auth/invitation", json=accept).status_code == 204
    assert door.ask("POST", "/auth/invitation", json=accept).status_code == 401
    assert door.sign_in(bea, NEW).status_code == 200
    listed = door.ask("GET", "/users?role=analyst&facets=role", owner).json()
    assert [u["email"] for u in listed["items"]] == ["bea@example.org"]
    assert "password_hash" not in str(listed) and "totp" not in str(listed)


def test_a_first_password_has_to_be_changed(door: Door) -> None:
    owner = door.person(Role.OWNER)
    body = {"email": "bo@example.org", "role": "admin", "password": NEW}
    bo = door.ask("POST", "/users", owner, json=body).json()["id"]
    shown = headers(door.session(bo, password=NEW)["access_token"])
    me = door.client.get("/api/v1/me", headers=shown).json()
    assert me["must"] == ["change-password"] and me["permissions"] == ["me:read", "me:write"]
    assert door.client.get("/api/v1/users", headers=shown).status_code == 403
    change = {"old": NEW, "new": "another four grey herons"}
    done = door.client.post("/api/v1/me/password", json=change, headers=shown)
    assert done.status_code == 204, done.text
    assert door.client.get("/api/v1/users", headers=shown).status_code == 200


@pytest.mark.parametrize("actor", [r for r in Role if r is not Role.AGENT])
def test_nobody_gives_a_role_that_is_not_theirs_to_give(door: Door, actor: Role) -> None:
    who = door.person(actor)
    for number, role in enumerate(Role):
        body = {"email": f"p{number}@example.org", "role": str(role)}
        made = door.ask("POST", "/users", who, tenant=door.tenant, json=body)
        may = manages(actor, role) and role is not Role.SUPER_ADMIN
        assert made.status_code in ((201,) if may else (403, 422)), role
        if role is Role.SUPER_ADMIN:
            continue
        other = door.person(role)
        lifted = door.ask("PUT", f"/users/{who}/role", who, tenant=door.tenant,
                          json={"role": str(role)})  # fmt: skip
        assert lifted.status_code in (403, 404) or actor is Role.OWNER, role
        taken = door.ask("DELETE", f"/users/{other}", who, tenant=door.tenant)
        assert taken.status_code == (204 if manages(actor, role) else 403), role
        if actor is Role.OWNER:
            break
    flag = door.ask("PUT", f"/users/{who}/super-admin", who, tenant=door.tenant,
                    json={"super_admin": True})  # fmt: skip
    assert flag.status_code == (204 if actor is Role.SUPER_ADMIN else 403)


def test_an_admin_does_not_become_an_owner_in_any_way(door: Door) -> None:
    admin, owner = door.person(Role.ADMIN), door.person(Role.OWNER)
    for method, path, body in (
        ("PUT", f"/users/{admin}/role", {"role": "owner"}),
        ("POST", f"/users/{owner}/password", {}),
        ("PATCH", f"/users/{owner}", {"email": "mine@example.org"}),
        ("PATCH", f"/users/{owner}", {"disabled": True}),
        ("DELETE", f"/users/{owner}", None),
        ("POST", "/users", {"email": "x@example.org", "role": "owner"}),
        ("POST", "/sign-on", {"name": "x", "issuer": "https://id.example.org", "client_id": "x",
                              "default_role": "owner"}),
        ("POST", "/sign-on", {"name": "x", "issuer": "https://id.example.org", "client_id": "x",
                              "roles": {"all": "owner"}}),
    ):  # fmt: skip
        assert door.ask(method, path, admin, json=body).status_code == 403, path
    session = door.session(owner)
    refused = door.ask("DELETE", f"/sessions/{session['session']}", admin)
    assert refused.status_code == 403
    assert door.ask("GET", "/me", owner).json()["role"] == "owner"


def test_somebody_of_two_tenants_is_not_one_tenants_to_take_over(door: Door) -> None:
    shared = door.person(Role.VIEWER)
    theirs = door.person(Role.OWNER, tenant=door.other)
    boss = door.person(Role.SUPER_ADMIN)
    wanted = {"email": door.email_of(shared), "role": "viewer"}
    # Whoever made an account first chose its password: nobody takes it in by its address alone.
    assert door.ask("POST", "/users", theirs, json=wanted).status_code == 409
    assert door.ask("GET", f"/users/{shared}", theirs).status_code == 404
    took = door.ask("POST", "/users", boss, tenant=door.other, json=wanted)
    assert took.status_code == 201 and took.json()["invitation"] == ""
    for method, path, body in (
        ("POST", f"/users/{shared}/password", {}),
        ("PATCH", f"/users/{shared}", {"email": "mine@example.org"}),
        ("PATCH", f"/users/{shared}", {"disabled": True}),
    ):
        assert door.ask(method, path, theirs, json=body).status_code == 403, path
    invited = {"email": door.email_of(boss), "role": "viewer"}
    assert door.ask("POST", "/users", theirs, json=invited).status_code == 409
    assert door.ask("DELETE", f"/users/{shared}", theirs).status_code == 204
    assert door.ask("GET", "/me", shared).status_code == 200


def test_the_last_owner_stays(door: Door) -> None:
    one, two = door.person(Role.OWNER), door.person(Role.OWNER)
    boss = door.person(Role.SUPER_ADMIN)
    door.bearer(one), door.bearer(two)

    def demote(pair: tuple[str, str]) -> int:
        path = f"/users/{pair[1]}/role"
        return door.ask("PUT", path, pair[0], json={"role": "admin"}).status_code

    with ThreadPoolExecutor(2) as pool:
        got = sorted(pool.map(demote, ((one, two), (two, one))))
    assert got in ([200, 403], [200, 409]), "two at once leave one"
    (left,) = door.ask("GET", "/users?role=owner", boss, tenant=door.tenant).json()["items"]
    path = f"/users/{left['id']}"
    for method, where, body in (
        ("PUT", f"{path}/role", {"role": "viewer"}), ("DELETE", path, None),
        ("PATCH", path, {"disabled": True}),
    ):  # fmt: skip
        refused = door.ask(method, where, boss, tenant=door.tenant, json=body)
        assert refused.status_code == 409, method


def test_a_change_needs_the_latest(door: Door) -> None:
    owner, bea = door.person(Role.OWNER), door.person(Role.VIEWER)
    read = door.ask("GET", f"/users/{bea}", owner)
    match = {"If-Match": read.headers["etag"]}
    body = {"name": "Beatrix"}
    changed = door.ask("PATCH", f"/users/{bea}", owner, json=body, headers=match)
    assert (changed.status_code, changed.json()["name"]) == (200, "Beatrix")
    assert door.ask("PATCH", f"/users/{bea}", owner, json=body, headers=match).status_code == 412
    taken = {"email": door.email_of(owner)}
    assert door.ask("PATCH", f"/users/{bea}", owner, json=taken).status_code == 409


def test_who_is_disabled_reset_or_removed_is_out_at_once(door: Door) -> None:
    owner = door.person(Role.OWNER)
    for act in ("disable", "reset", "remove", "role"):
        bea = door.person(Role.ANALYST)
        shown = headers(door.session(bea)["access_token"])
        assert door.client.get("/api/v1/policies", headers=shown).status_code == 200
        path = f"/users/{bea}"
        done = {
            "disable": lambda p=path: door.ask("PATCH", p, owner, json={"disabled": True}),
            "reset": lambda p=path: door.ask("POST", f"{p}/password", owner, json={}),
            "remove": lambda p=path: door.ask("DELETE", p, owner),
            "role": lambda p=path: door.ask("PUT", f"{p}/role", owner, json={"role": "agent"}),
        }[act]()
        assert done.is_success, act
        expected = 403 if act == "role" else 401
        assert door.client.get("/api/v1/policies", headers=shown).status_code == expected, act
        if act == "reset":
            again = door.session(bea, password=done.json()["password"])
            me = door.client.get("/api/v1/me", headers=headers(again["access_token"])).json()
            assert me["must"] == ["change-password"]


def test_tenants_are_made_and_closed_by_super_admins(door: Door) -> None:
    boss, owner = door.person(Role.SUPER_ADMIN), door.person(Role.OWNER)
    made = door.ask("POST", "/tenants", boss, json={"name": "Delta", "slug": "delta"})
    assert made.status_code == 201, made.text
    assert (
        door.ask("POST", "/tenants", boss, json={"name": "D", "slug": "delta"}).status_code == 409
    )
    for slug in ("Delta", "-a", "a b", door.tenant, ""):
        bad = door.ask("POST", "/tenants", boss, json={"name": "D", "slug": slug})
        assert bad.status_code == 422, slug
    assert door.ask("POST", "/tenants", owner, json={"name": "D", "slug": "d"}).status_code == 403
    seen = {t["slug"] for t in door.ask("GET", "/tenants", owner).json()["items"]}
    assert seen == {"acme"}
    assert door.ask("GET", f"/tenants/{door.other}", owner).status_code == 404
    found = door.ask("GET", "/tenants?slug=delta", boss).json()["items"]
    assert [t["id"] for t in found] == [made.json()["id"]]
    bea = {"email": "bea@example.org", "role": "owner", "password": NEW}
    inside = door.ask("POST", "/users", boss, tenant="delta", json=bea)
    assert inside.status_code == 201
    assert door.actions(made.json()["id"])[:2] == ["tenant.create", "tenant.enter"]
    for _ in range(3):
        assert door.ask("GET", "/users", boss, tenant="delta").status_code == 200
    assert door.actions(made.json()["id"]).count("tenant.enter") == 1, "once a session"
    shown = headers(door.session(inside.json()["id"], password=NEW)["access_token"])
    assert door.client.get("/api/v1/me", headers=shown).status_code == 200
    closed = door.ask("PATCH", f"/tenants/{made.json()['id']}", boss, json={"disabled": True})
    assert closed.json()["disabled"] is True
    assert door.client.get("/api/v1/me", headers=shown).status_code == 403
    assert "tenant.create" in door.actions(PLATFORM)


def use(door: Door, text: str, path: str = "/policies", tenant: str = "") -> httpx.Response:
    return door.client.get(f"/api/v1{path}", headers=headers(text, tenant))


def test_a_key_is_shown_once_and_does_what_its_scopes_say(door: Door) -> None:
    owner = door.person(Role.OWNER)
    body = {"name": "build", "scopes": ["ci"]}
    once = {"Idempotency-Key": "key-1"}
    made = door.ask("POST", "/api-keys", owner, json=body, headers=once).json()
    assert made["key"].startswith("vigie_")
    again = door.ask("POST", "/api-keys", owner, json=body, headers=once).json()
    assert (again["id"], again["key"]) == (made["id"], "")
    listed = door.ask("GET", "/api-keys", owner)
    assert made["key"] not in listed.text and "hash" not in listed.text
    assert use(door, made["key"]).status_code == 200
    assert use(door, made["key"], "/users").status_code == 403
    assert use(door, made["key"], tenant=door.other).status_code == 403
    another = made["key"][:-1] + ("x" if made["key"][-1] != "x" else "y")
    assert use(door, another).status_code == 401
    read = door.ask("GET", f"/api-keys/{made['id']}", owner).json()
    assert read["last_used_at"] and read["last_address"] == "127.0.0.1"
    assert door.ask("DELETE", f"/api-keys/{made['id']}", owner).status_code == 204
    assert use(door, made["key"]).status_code == 401
    assert door.ask("DELETE", f"/api-keys/{made['id']}", owner).status_code == 409
    assert door.actions().count("api-key.create") == 1


def test_a_key_is_refused_beyond_its_time_its_networks_and_its_maker(door: Door) -> None:
    owner = door.person(Role.OWNER)

    def made(**more: object) -> tuple[str, str]:
        body = {"name": "k", "scopes": ["read"], **more}
        got = door.ask("POST", "/api-keys", owner, json=body)
        assert got.status_code == 201, got.text
        return got.json()["id"], got.json()["key"]

    soon = (door.clock.now + timedelta(hours=1)).isoformat()
    short, far = made(expires_at=soon)[1], made(networks=["192.0.2.0/24"])[1]
    assert use(door, short).status_code == 200
    assert use(door, far).status_code == 401
    door.clock.move(hours=2)
    door.known.clear()
    assert use(door, short).status_code == 401
    maker = door.person(Role.ADMIN)
    his = door.ask("POST", "/api-keys", maker, json={"name": "his", "scopes": ["triage", "siem"]})
    key = his.json()["key"]
    assert use(door, key, "/findings").status_code == 200
    door.ask("PUT", f"/users/{maker}/role", owner, json={"role": "agent"})
    assert use(door, key, "/findings").status_code == 403, "no more than the maker may still do"
    door.ask("PATCH", f"/users/{maker}", owner, json={"disabled": True})
    assert use(door, key, "/me").status_code == 403


def test_nobody_widens_a_key_beyond_its_maker_or_beyond_themselves(door: Door) -> None:
    boss, owner, maker = (door.person(role) for role in (Role.SUPER_ADMIN, Role.OWNER, Role.ADMIN))

    def made(who: str, *scopes: str) -> str:
        body = {"name": "k", "scopes": list(scopes)}
        got = door.ask("POST", "/api-keys", who, json=body, tenant=door.tenant)
        return f"/api-keys/{got.json()['id']}"

    everything = made(boss, "metrics", "read")
    changes: list[dict[str, Any]] = [{"networks": []}, {"expires_at": None}]
    for change in (*changes, {"scopes": ["metrics"]}):
        refused = door.ask("PATCH", everything, owner, json=change)
        assert (refused.status_code, "metrics:read" in refused.json()["detail"]) == (403, True)
    assert door.ask("PATCH", everything, owner, json={"scopes": ["read"]}).status_code == 200
    theirs = made(maker, "read")
    door.ask("PUT", f"/users/{maker}/role", owner, json={"role": "viewer"})
    wider = door.ask("PATCH", theirs, owner, json={"scopes": ["triage"]})
    assert (wider.status_code, "whoever made it" in wider.json()["detail"]) == (403, True)
    assert door.ask("GET", theirs, owner).json()["scopes"] == ["read"]
    assert door.ask("PATCH", theirs, owner, json={"networks": ["192.0.2.0/24"]}).status_code == 200
    door.ask("PATCH", f"/users/{maker}", owner, json={"disabled": True})
    assert door.ask("PATCH", theirs, owner, json={"scopes": ["ci"]}).status_code == 403
    assert door.ask("DELETE", theirs, owner).status_code == 204
    assert door.ask("PATCH", "/api-keys/x", owner, json={"name": "y"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "action"),
    [("/users", "user.read"), ("/users/{me}", "user.read"), ("/sessions", "session.read"),
     ("/api-keys", "api-key.read"), ("/secrets", "secret.read"), ("/audit", "audit.read")],
)  # fmt: skip
def test_a_sensitive_read_is_an_entry(store: Store, tmp_path: Path, path: str, action: str) -> None:
    kept: Any = secrets_of(tmp_path, {})
    with opened_door(store, tmp_path, secrets=kept) as door:
        owner = door.person(Role.OWNER)
        for _ in range(2):
            assert door.ask("GET", path.format(me=owner), owner).status_code == 200
        door.ask("GET", path.format(me=owner), door.person(Role.VIEWER))
        assert door.actions().count(action) == (2 if action == "audit.read" else 1)


def test_last_use_is_written_once_a_minute(door: Door) -> None:
    owner = door.person(Role.OWNER)
    made = door.ask("POST", "/api-keys", owner, json={"name": "k", "scopes": ["read"]}).json()

    def last() -> object:
        with door.store.database.read(of_tenant(door.tenant)) as work:
            mine = sa.select(API_KEYS.c.last_used_at).where(work.mine(API_KEYS))
            return work.run(mine.where(API_KEYS.c.id == made["id"])).scalar_one()

    use(door, made["key"])
    first = last()
    door.clock.move(seconds=59)
    use(door, made["key"])
    assert last() == first == door.clock.now - timedelta(seconds=59)
    door.clock.move(seconds=1)
    use(door, made["key"])
    assert last() == door.clock.now


@pytest.mark.parametrize(
    ("wanted", "status"),
    [({"scopes": []}, 422), ({"scopes": ["nope"]}, 422), ({"scopes": ["users:write"]}, 422),
     ({"scopes": ["metrics"]}, 403), ({"scopes": ["ci"], "networks": ["x"]}, 422),
     ({"scopes": ["ci"], "expires_at": "2001-01-01T00:00:00Z"}, 422),
     ({"scopes": ["agent"]}, 201)],
    ids=["none", "unknown", "never", "beyond", "network", "past", "agent"],
)  # fmt: skip
def test_a_key_is_checked_when_it_is_made(door: Door, wanted: object, status: int) -> None:
    body = {"name": "k", **wanted}  # type: ignore[dict-item]
    owner = door.person(Role.OWNER)
    assert door.ask("POST", "/api-keys", owner, json=body).status_code == status


def test_sessions_are_seen_and_ended(door: Door) -> None:
    owner, bea = door.person(Role.OWNER), door.person(Role.VIEWER)
    one, two = (door.session(bea) for _ in range(2))
    mine = door.client.get("/api/v1/me/sessions", headers=headers(one["access_token"])).json()
    assert {s["id"]: s["current"] for s in mine} == {one["session"]: True, two["session"]: False}
    ended = door.client.delete(f"/api/v1/me/sessions/{two['session']}",
                               headers=headers(one["access_token"]))  # fmt: skip
    assert ended.status_code == 204
    assert use(door, two["access_token"], "/me").status_code == 401
    listed = door.ask("GET", f"/sessions?user_id={bea}&revoked=false", owner).json()["items"]
    assert [s["id"] for s in listed] == [one["session"]]
    theirs = door.person(Role.OWNER, tenant=door.other)
    assert door.ask("DELETE", f"/sessions/{one['session']}", theirs).status_code == 404
    assert door.ask("DELETE", f"/sessions/{one['session']}", bea).status_code == 403
    assert door.ask("DELETE", f"/sessions/{one['session']}", owner).status_code == 204
    assert use(door, one["access_token"], "/me").status_code == 401
    fresh = door.session(bea)
    others = door.client.post("/api/v1/me/sessions/end-others",
                              headers=headers(fresh["access_token"]))  # fmt: skip
    assert others.json() == {"ended": 1}, "the one that bearer() began"
    assert PASSWORD not in str(door.audit())
