"""Sign-on through a provider that really runs, passkeys of a software device, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from oidc_provider_mock import User, run_server_in_thread  # type: ignore[import-untyped]
from tests.access_made import PASSWORD, Door, cheap_hash, headers, opened_door
from tests.store_fixtures import Store
from tests.unit.services.access.test_passkeys import Device

from vigie.model.access import Role
from vigie.ports.secrets import SecretValue
from vigie.services.access.passkeys import Question
from vigie.services.outbound import Outbound
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import CHALLENGES, MEMBERSHIPS, SIGN_ON, USERS
from vigie.wiring.secrets import secrets_of

# The provider is built on parts of authlib that authlib itself has replaced.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ADDRESS = "http://localhost:8480"
CLAIMS = {"email": "Ann@Example.org", "email_verified": True, "name": "Ann", "groups": ["it"]}
PEOPLE = [
    User(sub="ann", claims=CLAIMS),
    User(sub="bob", claims={"email": "bob@example.org", "groups": ["sales"]}),
    User(sub="eve", claims={"email": "ada@example.org", "groups": ["it"]}),
    User(sub="cat", claims={"email": "cat@example.org", "groups": ["bosses"], "amr": ["mfa"]}),
]


@pytest.fixture
def provider() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def house(store: Store, tmp_path: Path, provider: str) -> Iterator[Door]:
    allowed = urlsplit(provider).netloc
    secrets: Any = secrets_of(tmp_path, {})
    outbound = Outbound([allowed])
    with opened_door(store, tmp_path, address=ADDRESS, outbound=outbound, secrets=secrets) as door:
        yield door


def added(door: Door, provider: str, who: str = "", **more: Any) -> str:
    """A provider of the tenant; its id."""
    door.place.secrets.put("sign-on", SecretValue("s3cret"), door.tenant)
    body = {
        "name": "Acme", "issuer": provider, "client_id": "vigie",
        "client_secret": "secret://sign-on", "roles": {"it": "analyst", "bosses": "owner"}, **more,
    }  # fmt: skip
    made = door.ask("POST", "/sign-on", who or door.person(Role.OWNER), json=body)
    assert made.status_code == 201, made.text
    assert made.json()["redirect_uri"] == f"{ADDRESS}/api/v1/auth/sign-on/callback"
    found: str = made.json()["id"]
    return found


def at_provider(url: str, sub: str) -> dict[str, str]:
    """What the browser brings back from there."""
    got = httpx.post(url, data={"sub": sub}, trust_env=False)
    assert got.status_code == 302, got.text
    query = parse_qs(urlsplit(got.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def signs_on(door: Door, way: str, sub: str, **changed: str) -> httpx.Response:
    door.client.cookies.clear()
    begun = door.client.post(f"/api/v1/auth/sign-on/{way}")
    assert begun.status_code == 200, begun.text
    said = {**at_provider(begun.json()["url"], sub), **changed}
    return door.client.get("/api/v1/auth/sign-on/callback", params=said)


def test_somebody_comes_in_for_the_first_time_with_the_role_of_their_group(
    house: Door, provider: str
) -> None:
    way = added(house, provider)
    offered = house.client.get("/api/v1/auth/sign-on?tenant=acme").json()
    assert offered == [{"id": way, "name": "Acme"}]
    assert house.client.get("/api/v1/auth/sign-on?tenant=nowhere").json() == []
    assert signs_on(house, way, "ann").status_code == 303
    me = house.client.get("/api/v1/me").json()
    assert (me["email"], me["role"], me["methods"]) == ("ann@example.org", "analyst", ["sso"])
    assert signs_on(house, way, "ann").status_code == 303
    assert house.client.get("/api/v1/me").json()["id"] == me["id"], "the same person again"
    assert house.client.get("/api/v1/users").status_code == 403


def test_somebody_new_is_spoken_to_in_the_tenant_s_language(house: Door, provider: str) -> None:
    owner = house.person(Role.OWNER)
    way = added(house, provider, owner)
    assert house.ask("PUT", "/settings", owner, json={"language": "fr"}).status_code == 200
    assert signs_on(house, way, "ann").status_code == 303
    assert house.client.get("/api/v1/me").json()["language"] == "fr"


def test_groups_decide_at_each_sign_on(house: Door, provider: str) -> None:
    owner = house.person(Role.OWNER)
    way = added(house, provider, owner)
    assert signs_on(house, way, "bob").status_code == 401, "no group of his has a role"
    assert signs_on(house, way, "ann").status_code == 303
    held = dict(house.client.cookies)
    house.client.cookies.clear()
    path = f"/sign-on/{way}"
    house.ask("PATCH", path, owner, json={"roles": {"it": "viewer"}})
    assert signs_on(house, way, "ann").status_code == 303
    assert house.client.get("/api/v1/me").json()["role"] == "viewer"
    house.client.cookies.clear()
    house.ask("PATCH", path, owner, json={"roles": {"others": "viewer"}})
    assert signs_on(house, way, "ann").status_code == 401
    jar = "; ".join(f"{n}={v}" for n, v in held.items())
    gone = house.client.get("/api/v1/me", headers={"Cookie": jar})
    assert gone.status_code == 401, "whom the provider took in, it puts out"
    refused = [a for a in house.actions() if a == "sign-in refused"]
    assert len(refused) == 2


def test_an_address_makes_nobody_the_person_who_has_it(house: Door, provider: str) -> None:
    house.person(Role.OWNER, email="ada@example.org")
    way = added(house, provider)
    assert signs_on(house, way, "eve").status_code == 401
    with house.store.database.read(SYSTEM) as work:
        assert work.run(sa.select(USERS.c.id).where(USERS.c.subject == "eve")).all() == []


def test_a_session_by_sign_on_is_good_in_its_tenant_alone(house: Door, provider: str) -> None:
    way = added(house, provider)
    assert signs_on(house, way, "ann").status_code == 303
    me = house.client.get("/api/v1/me").json()
    with house.store.database.begin(SYSTEM) as work:
        row = {"tenant_id": house.other, "user_id": me["id"], "role": "owner",
               "created_at": house.clock.now}  # fmt: skip
        work.run(sa.insert(MEMBERSHIPS), [row])
    there = house.client.get("/api/v1/me", headers={"Vigie-Tenant": house.other})
    assert there.status_code == 403
    assert house.client.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    "changed", [{"state": "x"}, {"code": "x"}, {"iss": "https://evil.example"},
                {"error": "access_denied"}, {"state": ""}],
    ids=["state", "code", "issuer", "denied", "empty"],
)  # fmt: skip
def test_an_answer_that_does_not_fit_lets_nobody_in(
    house: Door, provider: str, changed: dict[str, str]
) -> None:
    way = added(house, provider)
    refused = signs_on(house, way, "ann", **changed)
    assert refused.status_code == 401
    assert house.client.get("/api/v1/me").status_code == 401


def test_an_answer_is_good_for_the_browser_that_asked_and_once(house: Door, provider: str) -> None:
    way = added(house, provider)
    begun = house.client.post(f"/api/v1/auth/sign-on/{way}")
    said = at_provider(begun.json()["url"], "ann")
    kept = dict(house.client.cookies)
    house.client.cookies.clear()
    callback = "/api/v1/auth/sign-on/callback"
    assert house.client.get(callback, params=said).status_code == 401, "another browser"
    jar = {"Cookie": "; ".join(f"{n}={v}" for n, v in kept.items())}
    assert house.client.get(callback, params=said, headers=jar).status_code == 303
    assert house.client.get(callback, params=said, headers=jar).status_code == 401
    with house.store.database.read(SYSTEM) as work:
        assert work.run(sa.select(CHALLENGES.c.id)).all() == []


def test_what_the_provider_says_of_a_second_factor_counts(house: Door, provider: str) -> None:
    way = added(house, provider)
    signs_on(house, way, "cat")
    me = house.client.get("/api/v1/me").json()
    assert (me["role"], me["methods"]) == ("owner", ["sso", "mfa"])


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"client_secret": "plain"}, 422), ({"issuer": "http://id.example.org"}, 422),
     ({"issuer": "ftp://x"}, 422), ({"issuer": "https://x.example:99999"}, 422),
     ({"roles": {"it": "super-admin"}}, 422)],
    ids=["secret", "http", "scheme", "port", "role"],
)  # fmt: skip
def test_a_provider_is_checked_when_it_is_added(
    door: Door, wrong: dict[str, Any], status: int
) -> None:
    body = {"name": "x", "issuer": "https://id.example.org", "client_id": "x", **wrong}
    refused = door.ask("POST", "/sign-on", door.person(Role.OWNER), json=body)
    assert refused.status_code == status and "plain" not in refused.text


def test_a_provider_that_leads_inside_is_not_called(store: Store, tmp_path: Path) -> None:
    secrets: Any = secrets_of(tmp_path, {})
    with opened_door(store, tmp_path, address=ADDRESS, secrets=secrets) as door:
        body = {"name": "x", "issuer": "https://169.254.169.254", "client_id": "x"}
        owner = door.person(Role.OWNER)
        for issuer in (body["issuer"], "https://[::1]/x", "http://localhost:9/realms/x"):
            refused = door.ask("POST", "/sign-on", owner, json={**body, "issuer": issuer})
            assert refused.status_code == 422, issuer
            assert "internal" in refused.json()["detail"]
            assert "VIGIE_OUTBOUND_ALLOWED" in refused.json()["hint"]
        outside = {**body, "issuer": "https://93.184.216.34"}
        way = door.ask("POST", "/sign-on", owner, json=outside).json()["id"]
        path = f"/sign-on/{way}"
        assert door.ask("PATCH", path, owner, json={"issuer": body["issuer"]}).status_code == 422
        assert door.ask("PATCH", path, owner, json={"name": "y"}).status_code == 200
        with door.store.database.begin(of_tenant(door.tenant)) as work:  # as it was before
            work.run(sa.update(SIGN_ON).where(work.mine(SIGN_ON)).values(issuer=body["issuer"]))
        begun = door.client.post(f"/api/v1/auth/sign-on/{way}")
        assert begun.status_code == 422 and "internal" in begun.json()["detail"]


def asked(offer: dict[str, Any]) -> Question:
    return Question(offer["options"]["challenge"], offer["options"])


def test_a_provider_s_word_plants_no_passkey(house: Door, provider: str) -> None:
    way = added(house, provider)
    assert signs_on(house, way, "ann").status_code == 303
    [token] = [value for name, value in house.client.cookies.items() if name.endswith("csrf")]
    page = {"Origin": ADDRESS, "X-CSRF-Token": token}
    path = "/api/v1/me/passkeys/options"
    refused = house.client.post(path, json={"password": ""}, headers=page)
    assert (refused.status_code, "no passkey" in refused.json()["detail"]) == (409, True)
    # With a password of her own here, it is hers to show, and not the provider's.
    me = house.client.get("/api/v1/me").json()["id"]
    with house.store.database.begin(SYSTEM) as work:
        work.run(sa.update(USERS).where(USERS.c.id == me).values(password_hash=cheap_hash()))
    assert house.client.post(path, json={"password": "x"}, headers=page).status_code == 422
    shown = house.client.post(path, json={"password": PASSWORD}, headers=page)
    assert shown.status_code == 200, shown.text


def test_without_a_password_a_fresh_sign_in_sets_up_another_passkey(house: Door) -> None:
    ada = house.person(Role.ANALYST)
    house.bearer(ada)
    with house.store.database.begin(SYSTEM) as work:
        work.run(sa.update(USERS).where(USERS.c.id == ada).values(password_hash=""))

    def ask() -> httpx.Response:
        return house.ask("POST", "/me/passkeys/options", ada, json={"password": ""})

    assert ask().status_code == 200
    house.clock.move(minutes=11)
    stale = ask()
    assert (stale.status_code, "too long ago" in stale.json()["detail"]) == (409, True)


def test_a_passkey_is_registered_and_lets_in(house: Door) -> None:
    ada, device = house.person(Role.ANALYST), Device()
    wrong = house.ask("POST", "/me/passkeys/options", ada, json={"password": "wrong"})
    assert wrong.status_code == 422
    offer = house.ask("POST", "/me/passkeys/options", ada, json={"password": PASSWORD}).json()
    made = device.create(asked(offer), ADDRESS)
    body = {"challenge": offer["challenge"], "credential": json.loads(made), "name": "Laptop"}
    kept = house.ask("POST", "/me/passkeys", ada, json=body)
    assert kept.status_code == 201, kept.text
    assert house.ask("POST", "/me/passkeys", ada, json=body).status_code == 401, "one answer each"

    def sign_in(origin: str = ADDRESS) -> httpx.Response:
        question = house.client.post("/api/v1/auth/passkey/options").json()
        said = json.loads(device.get(asked(question), origin))
        answer = {"challenge": question["challenge"], "credential": said}
        got = house.client.post("/api/v1/auth/passkey", json=answer)
        again = house.client.post("/api/v1/auth/passkey", json=answer)
        assert again.status_code == 401, "an answer is good once"
        return got

    for _ in range(9):  # guessing at the password keeps nobody with a passkey out
        house.sign_in(ada, "wrong")
    assert house.sign_in(ada).status_code == 429
    got = sign_in()
    assert got.status_code == 200, got.text
    me = house.client.get("/api/v1/me", headers=headers(got.json()["access_token"])).json()
    assert (me["id"], me["methods"]) == (ada, ["swk", "user", "mfa"])
    assert sign_in("https://evil.example").status_code == 401
    (listed,) = house.ask("GET", "/me/passkeys", ada).json()
    assert (listed["name"], bool(listed["last_used_at"])) == ("Laptop", True)
    other = house.person(Role.ANALYST)
    assert house.ask("DELETE", f"/me/passkeys/{listed['id']}", other).status_code == 404
    assert house.ask("DELETE", f"/me/passkeys/{listed['id']}", ada).status_code == 204
    assert sign_in().status_code == 401
