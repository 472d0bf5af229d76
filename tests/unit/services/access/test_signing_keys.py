"""Keys change over on time, are published before and verify after, and never show themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.jwk import OKPKey

from vigie.model.errors import UserError
from vigie.services.access.signing_keys import (
    Algorithm,
    KeyRing,
    Rotation,
    key_ring,
    load_signing_key,
    new_signing_key,
    renewed,
    replaced,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
RULE = Rotation(timedelta(days=30), timedelta(days=1), timedelta(minutes=20))


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def test_the_first_key_signs_at_once() -> None:
    ring = renewed(KeyRing(rotation=RULE), START)
    assert ring.signer(START).algorithm is Algorithm.ED25519
    assert renewed(ring, day(28.9)) is ring


def test_without_a_key_it_says_so() -> None:
    with pytest.raises(UserError, match="no key"):
        KeyRing().signer(START)


def test_the_next_is_published_before_it_signs_and_the_last_verifies_after() -> None:
    first = renewed(KeyRing(rotation=RULE), START)
    old = first.signer(START).kid
    ring = renewed(first, day(29))
    new = next(key.kid for key in ring.keys if key.kid != old)
    assert ring.signer(day(29)).kid == old
    assert {each["kid"] for each in ring.jwks(day(29))["keys"]} == {old, new}
    assert renewed(ring, day(29.5)) is ring
    assert ring.signer(day(30)).kid == new
    just_before = day(30) + timedelta(minutes=19)
    assert ring.verifier(old, just_before) is not None
    ended = day(30) + timedelta(minutes=20)
    assert ring.verifier(old, ended) is None
    assert [each["kid"] for each in ring.jwks(ended)["keys"]] == [new]
    assert [key.kid for key in renewed(ring, ended).keys] == [new]


def test_a_year_of_days_never_lacks_a_signer_nor_jumps_a_published_one() -> None:
    ring, published = renewed(KeyRing(rotation=RULE), START), set[object]()
    published |= {each["kid"] for each in ring.jwks(START)["keys"]}
    signers = []
    for hour in range(0, 365 * 24, 7):
        now = START + timedelta(hours=hour)
        assert ring.signer(now).kid in published
        signers.append(ring.signer(now).kid)
        ring = renewed(ring, now)
        published |= {each["kid"] for each in ring.jwks(now)["keys"]}
        assert len(ring.keys) <= 3
    assert len(set(signers)) == 13


def test_a_server_that_slept_still_publishes_first() -> None:
    ring = renewed(KeyRing(rotation=RULE), START)
    late = renewed(ring, day(200))
    assert late.signer(day(200)).kid == ring.keys[0].kid
    assert late.signer(day(201)).kid != ring.keys[0].kid


def test_replacing_ends_every_token_at_once() -> None:
    ring = renewed(KeyRing(rotation=RULE), START)
    new = replaced(ring, day(1))
    assert new.verifier(ring.keys[0].kid, day(1)) is None
    assert new.signer(day(1)).kid != ring.keys[0].kid


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_survives_being_stored(algorithm: Algorithm) -> None:
    key = new_signing_key(algorithm, START)
    (again,) = key_ring([(key.pem, START)], RULE).keys
    assert again == key
    assert again.algorithm is algorithm


def test_the_id_is_the_thumbprint_of_rfc_8037() -> None:
    # RFC 8037, appendix A.1 (the key) and A.3 (its thumbprint).
    jwk = OKPKey.import_key(
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
    )
    key = load_signing_key(jwk.as_pem(private=True).decode(), START)
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_no_private_part_is_published_or_printed(algorithm: Algorithm) -> None:
    key = new_signing_key(algorithm, START)
    ring = KeyRing((key,), RULE)
    private = {"d", "p", "q", "dp", "dq", "qi"}
    (public,) = ring.jwks(START)["keys"]
    assert not private & set(public)
    assert (public["alg"], public["use"]) == (str(algorithm), "sig")
    json.dumps(public)
    secret = key.key.as_dict(private=True)["d"]
    assert str(secret) not in repr(ring)
    assert key.pem.splitlines()[1] not in repr(ring)


def pem_of(private: object, encryption: object = NoEncryption()) -> str:
    return private.private_bytes(  # type: ignore[attr-defined,no-any-return]
        Encoding.PEM, PrivateFormat.PKCS8, encryption
    ).decode()


def weak_pems() -> dict[str, str]:
    rsa = rsa_key(65537, 2048)
    return {
        "nothing": "",
        "text": "-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----\n",
        "short": pem_of(rsa_key(65537, 1024)),
        "curve": pem_of(generate_private_key(SECP256R1())),
        "x25519": OKPKey.generate_key("X25519").as_pem(private=True).decode(),
        "ed448": OKPKey.generate_key("Ed448").as_pem(private=True).decode(),
        "public": rsa.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        "locked": pem_of(rsa, BestAvailableEncryption(b"secret phrase")),
    }


def test_keys_that_are_too_weak_or_none_are_refused_without_being_shown() -> None:
    for name, pem in weak_pems().items():
        with pytest.raises(UserError, match="not usable") as caught:
            load_signing_key(pem, START)
        assert pem[30:60] == "" or pem[30:60] not in str(caught.value) + str(caught.value.hint), (
            name
        )
