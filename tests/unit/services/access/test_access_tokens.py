"""Access tokens are taken exactly as they are issued; everything else is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from vigie.model.access import NotSignedIn, Role
from vigie.services.access.access_tokens import AccessClaims, Audience, issue, verify
from vigie.services.access.signing_keys import (
    Algorithm,
    KeyRing,
    Rotation,
    new_signing_key,
    renewed,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RING = KeyRing((new_signing_key(Algorithm.ED25519, NOW - timedelta(days=1)),))
RSA_RING = KeyRing((new_signing_key(Algorithm.RS256, NOW - timedelta(days=1)),))
HERE = Audience("https://vigie.example.org", "https://vigie.example.org/api")
ANN = AccessClaims("u1", "t1", "s1", Role.ANALYST, ("pwd", "otp"), NOW - timedelta(hours=2))


def parts(token: str) -> tuple[dict[str, object], dict[str, object], str]:
    header, payload, signature = token.split(".")
    return decoded(header), decoded(payload), signature


def decoded(part: str) -> dict[str, object]:
    got = json.loads(base64.urlsafe_b64decode(part + "=="))
    assert isinstance(got, dict)
    return got


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.mark.parametrize("ring", [RING, RSA_RING], ids=["ed25519", "rs256"])
def test_what_was_issued_is_read_back(ring: KeyRing) -> None:
    token = issue(ring, ANN, HERE, NOW, "j1")
    assert verify(ring, token, HERE, NOW) == ANN
    header, claims, _ = parts(token)
    assert header == {
        "alg": str(ring.keys[0].algorithm),
        "typ": "at+jwt",
        "kid": ring.keys[0].kid,
    }
    # RFC 9068, 2.2: these must be there.
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= set(claims)
    exp, iat = claims["exp"], claims["iat"]
    assert isinstance(exp, int)
    assert isinstance(iat, int)
    assert exp - iat == 900


def test_it_lives_a_quarter_of_an_hour_give_or_take_the_clocks() -> None:
    token = issue(RING, ANN, HERE, NOW, "j1")
    for minutes in (-0.49, 0, 14.9, 15.4):
        verify(RING, token, HERE, NOW + timedelta(minutes=minutes))
    with pytest.raises(NotSignedIn, match="has ended"):
        verify(RING, token, HERE, NOW + timedelta(minutes=15.5))
    with pytest.raises(NotSignedIn, match="not valid"):
        verify(RING, token, HERE, NOW - timedelta(minutes=0.6))


def test_a_token_outlives_the_change_of_keys_and_no_longer() -> None:
    ring = KeyRing(RING.keys, Rotation(timedelta(days=2), timedelta(hours=1)))
    ring = renewed(ring, NOW)
    assert len(ring.keys) == 1
    ring = renewed(ring, NOW + timedelta(hours=23))
    change = ring.keys[1].signs_from
    token = issue(ring, ANN, HERE, change - timedelta(seconds=1), "j1")
    assert verify(ring, token, HERE, change + timedelta(minutes=14)) == ANN
    new = issue(ring, ANN, HERE, change, "j2")
    assert parts(new)[0]["kid"] == ring.keys[1].kid


@pytest.mark.parametrize(
    "whom",
    [Audience("https://evil.example", HERE.audience), Audience(HERE.issuer, "https://other/api")],
    ids=["issuer", "audience"],
)
def test_a_token_of_or_for_somebody_else_is_refused(whom: Audience) -> None:
    with pytest.raises(NotSignedIn):
        verify(RING, issue(RING, ANN, whom, NOW, "j"), HERE, NOW)


def test_a_token_of_another_server_is_refused() -> None:
    other = KeyRing((new_signing_key(Algorithm.ED25519, NOW - timedelta(days=1)),))
    with pytest.raises(NotSignedIn):
        verify(RING, issue(other, ANN, HERE, NOW, "j"), HERE, NOW)


def signed(header: dict[str, object], claims: dict[str, object], ring: KeyRing = RING) -> str:
    """Signed with the right key, whatever the header says."""
    key = ring.keys[0].key
    text = f"{encoded(header)}.{encoded(claims)}"
    if isinstance(key, OKPKey):
        signature = key.get_op_key("sign").sign(text.encode())  # type: ignore[union-attr]
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def good() -> tuple[dict[str, object], dict[str, object]]:
    header, claims, _ = parts(issue(RING, ANN, HERE, NOW, "j"))
    return header, claims


def test_the_attacks_below_start_from_a_token_that_would_be_taken() -> None:
    assert verify(RING, signed(*good()), HERE, NOW) == ANN


@pytest.mark.parametrize(
    "change",
    [
        {"typ": "JWT"}, {"typ": None}, {"typ": "AT+JWT"}, {"alg": "none"}, {"alg": "HS256"},
        {"alg": "RS256"}, {"alg": "EdDSA"}, {"alg": ""}, {"alg": None}, {"alg": ["Ed25519"]},
        {"kid": None}, {"kid": "../../keys"}, {"kid": ["x"]}, {"jku": "https://evil.example/jwks"},
        {"jwk": RING.keys[0].public()}, {"x5u": "https://evil.example"}, {"crit": ["b64"]},
        {"crit": ["b64"], "b64": False}, {"zip": "DEF"}, {"cty": "JWT"}, {"more": 1},
    ],
    ids=lambda change: str(change)[:20],
)  # fmt: skip
def test_a_header_that_is_not_exactly_ours_is_refused(change: dict[str, object]) -> None:
    header, claims = good()
    with pytest.raises(NotSignedIn, match="not valid"):
        verify(RING, signed({**header, **change}, claims), HERE, NOW)


@pytest.mark.parametrize("missing", ["alg", "typ", "kid"])
def test_a_header_that_lacks_something_is_refused(missing: str) -> None:
    header, claims = good()
    del header[missing]
    with pytest.raises(NotSignedIn, match="not valid"):
        verify(RING, signed(header, claims), HERE, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": [HERE.audience]}, {"aud": None}, {"iss": None}, {"sub": ""}, {"sub": 7},
        {"tid": None}, {"tid": ""}, {"sid": ["s1"]}, {"exp": None}, {"exp": "9999999999"},
        {"exp": 1e12}, {"exp": True}, {"nbf": None}, {"nbf": "0"}, {"iat": None},
        {"auth_time": None}, {"roles": []}, {"roles": "owner"}, {"roles": ["root"]},
        {"roles": ["owner", "admin"]}, {"roles": [1]}, {"amr": "pwd"}, {"amr": [1]},
        {"client_id": "other"}, {"auth_time": 10**18}, {"auth_time": -(10**18)},
    ],
    ids=str,
)  # fmt: skip
def test_claims_of_another_form_are_refused(change: dict[str, object]) -> None:
    header, claims = good()
    with pytest.raises(NotSignedIn, match="not valid"):
        verify(RING, signed(header, {**claims, **change}), HERE, NOW)


def by_nobody(header: dict[str, object], claims: dict[str, object]) -> str:
    return f"{encoded({**header, 'alg': 'none'})}.{encoded(claims)}."


def by_public_key(header: dict[str, object], claims: dict[str, object]) -> str:
    """The classic confusion: HMAC with the published RSA key as its secret."""
    text = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
    public = RSA_RING.keys[0].key.as_pem(private=False)
    mac = hmac.new(public, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def by_embedded_key(header: dict[str, object], claims: dict[str, object]) -> str:
    own = OKPKey.generate_key("Ed25519")
    changed = {**header, "alg": "Ed25519", "jwk": own.as_dict(private=False)}
    return jwt.encode(changed, claims, own, algorithms=["Ed25519"])


def by_own_secret(header: dict[str, object], claims: dict[str, object]) -> str:
    key = OctKey.import_key("x" * 64)
    return jwt.encode({**header, "alg": "HS256"}, claims, key, algorithms=["HS256"])


@pytest.mark.parametrize("forge", [by_nobody, by_public_key, by_embedded_key, by_own_secret])
@pytest.mark.parametrize("ring", [RING, RSA_RING], ids=["ed25519", "rs256"])
def test_forged_tokens_are_refused(
    forge: Callable[[dict[str, object], dict[str, object]], str], ring: KeyRing
) -> None:
    header, claims, _ = parts(issue(ring, ANN, HERE, NOW, "j"))
    with pytest.raises(NotSignedIn, match="not valid"):
        verify(ring, forge(header, claims), HERE, NOW)


def test_changed_claims_break_the_signature() -> None:
    token = issue(RING, ANN, HERE, NOW, "j")
    header, claims, signature = parts(token)
    lifted = f"{encoded(header)}.{encoded({**claims, 'roles': ['owner']})}.{signature}"
    with pytest.raises(NotSignedIn):
        verify(RING, lifted, HERE, NOW)


@given(st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){0,5}"))
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(RING, text, HERE, NOW)


@pytest.mark.parametrize(
    "text", ["a" * 5000, f"{'W10' * 1}.W10.", "." * 4000, encoded([[]] * 500) + ".e30.e30"]
)
def test_odd_shapes_are_refused(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(RING, text, HERE, NOW)
