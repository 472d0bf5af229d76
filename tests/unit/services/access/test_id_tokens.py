"""ID tokens: what a good provider sends is taken, what a hostile one sends is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from vigie.model.access import NotSignedIn
from vigie.services.access.id_tokens import Expected, verified_claims

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", parameters={"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", parameters={"kid": "ed"})
KEYS: dict[str, object] = {"keys": [key.as_dict(private=False) for key in (RSA, EC, ED)]}
EXPECTED = Expected("https://id.example.org", "vigie", "n-123")
CLAIMS: dict[str, Any] = {
    "iss": EXPECTED.issuer, "aud": "vigie", "sub": "ann", "exp": AT + 300, "iat": AT,
    "nonce": "n-123", "email": "ann@example.org",
}  # fmt: skip


def signed(
    claims: dict[str, Any], key: Key = RSA, algorithm: str = "RS256", **header: object
) -> str:
    said = {"alg": algorithm, "kid": key.kid, **header}
    return jwt.encode(said, claims, key, algorithms=[algorithm])


def verify(token: str, keys: dict[str, object] = KEYS, access_token: str = "") -> dict[str, Any]:
    return verified_claims(token, keys, EXPECTED, access_token, NOW)


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "RS256"), (RSA, "RS512"), (RSA, "PS256"), (EC, "ES256"), (ED, "Ed25519")],
    ids=["rs256", "rs512", "ps256", "es256", "ed25519"],
)
def test_a_good_token_is_taken(key: Key, algorithm: str) -> None:
    assert verify(signed(CLAIMS, key, algorithm)) == CLAIMS


def test_clocks_may_be_a_minute_apart() -> None:
    verify(signed({**CLAIMS, "exp": AT - 59, "iat": AT + 59}))


def test_several_audiences_are_taken_when_it_was_given_to_us() -> None:
    verify(signed({**CLAIMS, "aud": ["vigie", "other"], "azp": "vigie"}))
    verify(signed({**CLAIMS, "aud": ["vigie"]}))


def test_a_provider_with_one_key_may_leave_out_its_id() -> None:
    one: dict[str, object] = {"keys": [RSA.as_dict(private=False)]}
    text = jwt.encode({"alg": "RS256"}, CLAIMS, RSA, algorithms=["RS256"])
    assert verify(text, one) == CLAIMS


def test_of_several_keys_without_ids_the_algorithm_tells() -> None:
    mine = {**RSA.as_dict(private=False), "alg": "RS256"}
    other = {**RSAKey.generate_key(2048).as_dict(private=False), "alg": "PS256"}
    keys: dict[str, object] = {"keys": [mine, other]}
    text = jwt.encode({"alg": "RS256"}, CLAIMS, RSA, algorithms=["RS256"])
    assert verify(text, keys) == CLAIMS
    with pytest.raises(NotSignedIn, match="does not publish"):
        verify(text, {"keys": [mine, {**other, "alg": "RS256"}]})


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://id.example.org/"}, {"iss": "https://evil.example"}, {"iss": None},
        {"iss": ["https://id.example.org"]}, {"aud": "other"}, {"aud": []}, {"aud": None},
        {"aud": ["other"]}, {"aud": ["vigie", "other"]}, {"aud": {"vigie": 1}}, {"azp": "other"},
        {"aud": ["vigie", "other"], "azp": "other"}, {"azp": 1}, {"exp": AT - 60}, {"exp": None},
        {"exp": "9999999999"}, {"exp": True}, {"exp": float("nan")}, {"iat": None},
        {"iat": AT + 120}, {"nbf": AT + 120}, {"nonce": "n-124"}, {"nonce": None}, {"nonce": ""},
        {"nonce": ["n-123"]}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256},
    ],
    ids=str,
)  # fmt: skip
def test_claims_that_are_not_meant_for_us_are_refused(change: dict[str, Any]) -> None:
    claims = {key: value for key, value in {**CLAIMS, **change}.items() if value is not None}
    with pytest.raises(NotSignedIn, match="not accepted"):
        verify(signed(claims))


def test_no_signature_is_no_token() -> None:
    for algorithm in ("none", "None", "NONE", ""):
        with pytest.raises(NotSignedIn, match="signed in a way"):
            verify(f"{encoded({'alg': algorithm, 'kid': 'rsa'})}.{encoded(CLAIMS)}.")


def test_a_secret_that_both_know_signs_nothing() -> None:
    """HS256 with the client's id, its secret, or the provider's public key."""
    public = RSA.as_pem(private=False)
    for secret in (b"vigie", b"client secret", public):
        text = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(CLAIMS)}"
        mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        with pytest.raises(NotSignedIn, match="not accepted"):
            verify(f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")
    shared = OctKey.generate_key(256, parameters={"kid": "rsa"})
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS, shared, "HS256"), {"keys": [shared.as_dict(private=True)]})


def test_a_key_in_the_header_is_not_used() -> None:
    own = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS, own, jwk=own.as_dict(private=False)))
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS, own, jku="https://evil.example/keys"))


def test_a_key_of_another_kind_use_or_algorithm_is_not_used() -> None:
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS, RSA, kid="ec"))
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS, RSA, kid="gone"))
    published = RSA.as_dict(private=False)
    for change in ({"use": "enc"}, {"alg": "PS256"}):
        with pytest.raises(NotSignedIn):
            verify(signed(CLAIMS), {"keys": [{**published, **change}]})


def test_a_short_rsa_key_is_not_used() -> None:
    number = RSA.as_dict(private=False)
    n = number["n"]
    assert isinstance(n, str)
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS), {"keys": [{**number, "n": n[:170]}]})


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": {}}, {"keys": [1, None, {}, {"kty": []}]},
             {"keys": [{"kty": "RSA", "n": "x" * 400, "e": 1}]}],
    ids=["none", "null", "object", "odd", "broken"],
)  # fmt: skip
def test_a_key_set_without_keys_signs_nothing(keys: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        verify(signed(CLAIMS), keys)


def test_odd_keys_beside_the_right_one_do_no_harm() -> None:
    odd = [{"kty": "oct", "k": "AAAA"}, {"kty": "new"}, 7, RSA.as_dict(private=False)]
    assert verify(signed(CLAIMS), {"keys": odd}) == CLAIMS


def test_a_changed_claim_breaks_the_signature() -> None:
    header, _, signature = signed(CLAIMS).split(".")
    with pytest.raises(NotSignedIn, match="signature"):
        verify(f"{header}.{encoded({**CLAIMS, 'sub': 'root'})}.{signature}")


def test_the_access_token_is_the_one_that_it_names() -> None:
    digest = hashlib.sha256(b"access").digest()[:16]
    bound = {**CLAIMS, "at_hash": base64.urlsafe_b64encode(digest).decode().rstrip("=")}
    assert verify(signed(bound), access_token="access") == bound
    with pytest.raises(NotSignedIn, match="another access token"):
        verify(signed(bound), access_token="stolen")
    with pytest.raises(NotSignedIn):
        verify(signed({**CLAIMS, "at_hash": 7}), access_token="access")


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,60}(\.[A-Za-z0-9_-]{0,60}){0,5}"))
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(text)


@pytest.mark.parametrize("text", ["a" * 70_000, "." * 5000, encoded("x" * 9000) + ".e30.e30"])
def test_odd_shapes_are_refused(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(text)
