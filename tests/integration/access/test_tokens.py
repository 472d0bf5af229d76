"""Access tokens that were made up, changed, kept too long or shown elsewhere; published keys."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey
from joserfc.jws import JWSRegistry
from tests.access_made import Door, headers

from vigie.model.access import Role
from vigie.services.access import stored_keys
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import SIGNING_KEYS

ME = "/api/v1/me"


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, body, signature = token.split(".")
    read = (json.loads(base64.urlsafe_b64decode(p + "==")) for p in (head, body))
    return (*read, signature)


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_holds_fifteen_minutes_and_until_its_session_ends(door: Door) -> None:
    token = door.session(door.person())["access_token"]
    door.clock.move(minutes=15, seconds=29)
    assert door.client.get(ME, headers=headers(token)).status_code == 200
    door.clock.move(seconds=2)
    late = door.client.get(ME, headers=headers(token))
    assert (late.status_code, late.json()["type"]) == (401, "urn:vigie:problem:not-signed-in")


def altered(token: str) -> str:
    """The same with another signature."""
    head, body, signature = token.split(".")
    return f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def test_tokens_that_were_made_up_are_refused(door: Door) -> None:
    token = door.session(door.person(Role.VIEWER))["access_token"]
    head, body, signature = parts(token)
    public = door.client.get("/.well-known/jwks.json").json()["keys"][0]
    other = OKPKey.generate_key("Ed25519")
    lifted = {**body, "roles": ["super-admin"]}
    registry = JWSRegistry(algorithms=["HS256", "Ed25519"])
    hs256 = jwt.encode({**head, "alg": "HS256"}, lifted, OctKey.import_key(public["x"]),
                       algorithms=["HS256"], registry=registry)  # fmt: skip
    foreign = jwt.encode(head, lifted, other, algorithms=["Ed25519"], registry=registry)
    own_key = jwt.encode({**head, "jwk": other.as_dict(private=False)}, lifted, other,
                         algorithms=["Ed25519"], registry=registry)  # fmt: skip
    made_up = [
        f"{packed({**head, 'alg': 'none'})}.{packed(lifted)}.",
        f"{packed({**head, 'alg': 'None'})}.{packed(lifted)}.{signature}",
        f"{packed(head)}.{packed(lifted)}.{signature}",
        f"{packed({**head, 'kid': 'x'})}.{packed(body)}.{signature}",
        f"{packed({**head, 'typ': 'JWT'})}.{packed(body)}.{signature}",
        hs256, foreign, own_key, altered(token), token + ".", "..", "e30.e30.e30", "x" * 5000,
    ]  # fmt: skip
    for each in made_up:
        assert door.client.get(ME, headers=headers(each)).status_code == 401, each[:60]
    assert door.client.get(ME, headers=headers(token)).json()["role"] == "viewer"


def test_a_token_opens_no_other_tenant(door: Door) -> None:
    token = door.session(door.person(Role.OWNER))["access_token"]
    for named in (door.other, "other", "nowhere", "x" * 300):
        refused = door.client.get("/api/v1/users", headers=headers(token, named))
        assert refused.status_code == 403, named
    assert door.client.get("/api/v1/users", headers=headers(token, "acme")).status_code == 200


def test_the_published_keys_verify_tokens_and_hold_nothing_private(door: Door) -> None:
    token = door.session(door.person())["access_token"]
    got = door.client.get("/.well-known/jwks.json")
    assert got.headers["cache-control"] == "public, max-age=300"
    (key,) = got.json()["keys"]
    assert "d" not in key and key["use"] == "sig" and key["kid"] == parts(token)[0]["kid"]
    claims = jwt.decode(token, KeySet.import_key_set(got.json()), algorithms=["Ed25519"],
                        registry=JWSRegistry(algorithms=["Ed25519"])).claims  # fmt: skip
    assert claims["tid"] == door.tenant


def test_keys_change_without_logging_anybody_out(door: Door) -> None:
    ada = door.person()
    old = door.session(ada)["access_token"]
    door.clock.now += timedelta(days=29, seconds=-60)
    stored_keys.renew(door.place)
    assert len(door.client.get("/.well-known/jwks.json").json()["keys"]) == 2
    before = door.session(ada)["access_token"]
    assert parts(before)[0]["kid"] == parts(old)[0]["kid"], "published a day before it signs"
    door.clock.move(days=1)
    after = door.session(ada)["access_token"]
    assert parts(after)[0]["kid"] != parts(old)[0]["kid"]
    assert door.client.get(ME, headers=headers(after)).status_code == 200
    door.clock.move(hours=1)
    stored_keys.renew(door.place)
    assert len(door.client.get("/.well-known/jwks.json").json()["keys"]) == 1


def test_after_an_emergency_no_old_token_holds(door: Door) -> None:
    ada = door.person()
    tokens = door.session(ada)
    stored_keys.replace_all(door.place)
    assert door.client.get(ME, headers=headers(tokens["access_token"])).status_code == 401
    fresh = door.client.post(
        "/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
    )
    assert door.client.get(ME, headers=headers(fresh.json()["access_token"])).status_code == 200


def test_private_keys_lie_sealed(door: Door) -> None:
    door.session(door.person())
    with door.store.database.read(SYSTEM) as work:
        rows = work.run(sa.select(SIGNING_KEYS)).all()
    assert rows and all("PRIVATE" not in str(row) for row in rows)


@pytest.mark.parametrize("word", ["Basic eA==", "Bearer", "Bearer vigie_x", "Digest x"])
def test_other_headers_let_nobody_in(door: Door, word: str) -> None:
    assert door.client.get(ME, headers={"Authorization": word}).status_code == 401
