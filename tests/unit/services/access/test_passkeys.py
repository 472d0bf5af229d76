"""Passkeys of a software device are taken as they should be, and every other answer is refused."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from soft_webauthn import SoftWebauthnDevice  # type: ignore[import-untyped]

from vigie.model.access import NotSignedIn
from vigie.model.errors import UserError
from vigie.services.access.passkeys import (
    Passkey,
    Question,
    RelyingParty,
    credential_of,
    let_in,
    login_question,
    registered,
    registration_question,
    user_handle_of,
)

PARTY = RelyingParty("vigie.example.org", ("https://vigie.example.org",))
HANDLE = b"\x01" * 16
HERE = PARTY.origins[0]
UP, UV, AT = 0x01, 0x04, 0x40


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    """A browser with a software authenticator that verifies its person, unless told not to."""

    def __init__(self) -> None:
        self.soft = SoftWebauthnDevice()

    def create(self, asked: Question, origin: str = HERE, flags: int = UP | UV | AT) -> str:
        options = {**asked.options, "challenge": raw(asked.options["challenge"])}
        options["user"] = {**options["user"], "id": raw(options["user"]["id"])}
        got = self.soft.create({"publicKey": options}, origin)
        parts = cbor.decode(got["response"]["attestationObject"])
        parts["authData"] = parts["authData"][:32] + bytes([flags]) + parts["authData"][33:]
        got["response"]["attestationObject"] = cbor.encode(parts)
        return answer(got)

    def get(self, asked: Question, origin: str = HERE, flags: int = UP | UV) -> str:
        options = {**asked.options, "challenge": raw(asked.options["challenge"])}
        got = self.soft.get({"publicKey": options}, origin)
        response = got["response"]
        data = response["authenticatorData"]
        data = data[:32] + bytes([flags]) + data[33:]
        signed = data + sha256(response["clientDataJSON"]).digest()
        response["signature"] = self.soft.private_key.sign(signed, ECDSA(SHA256()))
        response["authenticatorData"] = data
        return answer(got)


def answer(got: dict[str, Any]) -> str:
    """As a browser's `toJSON` writes it."""
    response = {name: text(value) for name, value in got["response"].items() if value is not None}
    raw_id = got["rawId"]
    return json.dumps(
        {"id": text(raw_id), "rawId": text(raw_id), "type": got["type"], "response": response}
    )


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def passkey(device: Device) -> Passkey:
    asked = registration_question(PARTY, HANDLE, "ann@example.org", "Ann")
    return registered(PARTY, asked.challenge, device.create(asked))


def test_a_passkey_is_made_and_lets_in(device: Device, passkey: Passkey) -> None:
    asked = login_question(PARTY)
    said = device.get(asked)
    assert credential_of(said) == passkey.credential_id
    assert user_handle_of(said) == HANDLE
    after = let_in(PARTY, asked.challenge, said, passkey, HANDLE)
    assert after == replace(passkey, sign_count=1)
    again = login_question(PARTY, [passkey])
    assert let_in(PARTY, again.challenge, device.get(again), after, HANDLE).sign_count == 2


def test_what_is_asked_demands_a_verified_person_and_no_second_key_of_one_device(
    passkey: Passkey,
) -> None:
    asked = registration_question(PARTY, HANDLE, "ann@example.org", "Ann", [passkey]).options
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["attestation"] == "none"
    assert [each["id"] for each in asked["excludeCredentials"]] == [passkey.credential_id]
    assert login_question(PARTY).options["userVerification"] == "required"
    assert login_question(PARTY).options["allowCredentials"] == []


def test_each_question_is_another() -> None:
    assert len({login_question(PARTY).challenge for _ in range(20)}) == 20


@pytest.mark.parametrize("flags", [UP | AT, UV | AT, AT], ids=["unverified", "absent", "neither"])
def test_a_device_that_did_not_verify_its_person_is_not_taken(device: Device, flags: int) -> None:
    asked = registration_question(PARTY, HANDLE, "ann", "Ann")
    with pytest.raises(UserError, match="could not be taken"):
        registered(PARTY, asked.challenge, device.create(asked, flags=flags))


@pytest.mark.parametrize("flags", [UP, UV, 0], ids=["unverified", "absent", "neither"])
def test_a_login_without_a_verified_person_is_refused(
    device: Device, passkey: Passkey, flags: int
) -> None:
    asked = login_question(PARTY)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, asked.challenge, device.get(asked, flags=flags), passkey, HANDLE)


def test_another_origin_is_refused(device: Device, passkey: Passkey) -> None:
    for origin in ("https://vigie.example.org.evil.example", "http://vigie.example.org", ""):
        asked = login_question(PARTY)
        with pytest.raises(NotSignedIn):
            let_in(PARTY, asked.challenge, device.get(asked, origin), passkey, HANDLE)
        new = registration_question(PARTY, HANDLE, "ann", "Ann")
        with pytest.raises(UserError):
            registered(PARTY, new.challenge, Device().create(new, origin))


def test_an_answer_to_another_question_is_refused(device: Device, passkey: Passkey) -> None:
    said = device.get(login_question(PARTY))
    with pytest.raises(NotSignedIn):
        let_in(PARTY, login_question(PARTY).challenge, said, passkey, HANDLE)
    asked = registration_question(PARTY, HANDLE, "ann", "Ann")
    with pytest.raises(UserError):
        registered(PARTY, login_question(PARTY).challenge, Device().create(asked))


def test_another_party_is_refused(device: Device, passkey: Passkey) -> None:
    asked = login_question(PARTY)
    other = RelyingParty("other.example.org", PARTY.origins)
    with pytest.raises(NotSignedIn):
        let_in(other, asked.challenge, device.get(asked), passkey, HANDLE)


def test_a_counter_that_does_not_go_up_is_a_copied_device(device: Device, passkey: Passkey) -> None:
    asked = login_question(PARTY)
    said = device.get(asked)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, asked.challenge, said, replace(passkey, sign_count=1), HANDLE)


def test_a_device_that_never_counts_is_let_in(device: Device, passkey: Passkey) -> None:
    device.soft.sign_count = -1
    asked = login_question(PARTY)
    assert let_in(PARTY, asked.challenge, device.get(asked), passkey, HANDLE).sign_count == 0


def test_anothers_passkey_or_handle_is_refused(device: Device, passkey: Passkey) -> None:
    other = Device()
    asked = registration_question(PARTY, b"\x02" * 16, "bob", "Bob")
    bobs = registered(PARTY, asked.challenge, other.create(asked))
    question = login_question(PARTY)
    said = other.get(question)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, question.challenge, said, passkey, b"\x02" * 16)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, question.challenge, said, bobs, HANDLE)
    swapped = replace(passkey, credential_id=bobs.credential_id)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, question.challenge, said, swapped, b"\x02" * 16)


def test_a_changed_answer_is_refused(device: Device, passkey: Passkey) -> None:
    asked = login_question(PARTY)
    said = json.loads(device.get(asked))
    said["response"]["authenticatorData"] = text(
        raw(said["response"]["authenticatorData"])[:-1] + b"\x09"
    )
    with pytest.raises(NotSignedIn):
        let_in(PARTY, asked.challenge, json.dumps(said), passkey, HANDLE)


def test_an_answer_that_names_another_passkey_is_refused(device: Device, passkey: Passkey) -> None:
    """The id is not part of what the device signs."""
    asked = login_question(PARTY)
    said = json.loads(device.get(asked))
    said["id"] = said["rawId"] = text(b"another")
    with pytest.raises(NotSignedIn):
        let_in(PARTY, asked.challenge, json.dumps(said), passkey, HANDLE)


ODD = st.text(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature",
                         "attestationObject", "authenticatorData", "userHandle"]),
        inner, max_size=5,
    ),
    max_leaves=12,
).map(json.dumps)  # fmt: skip


@given(ODD)
def test_no_odd_answer_does_anything_but_be_refused(said: str) -> None:
    challenge = text(b"c" * 32)
    with pytest.raises(UserError):
        registered(PARTY, challenge, said)
    with pytest.raises(NotSignedIn):
        let_in(PARTY, challenge, said, Passkey("", ""), HANDLE)
    with pytest.raises(NotSignedIn):
        credential_of(said)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_odd_bytes_in_a_device_s_answer_do_anything_but_be_refused(
    noise: bytes, where: int
) -> None:
    device = Device()
    asked = registration_question(PARTY, HANDLE, "ann", "Ann")
    said = json.loads(device.create(asked))
    whole = raw(said["response"]["attestationObject"])
    cut = where % len(whole)
    changed = whole[:cut] + noise + whole[cut + len(noise) :]
    said["response"]["attestationObject"] = text(changed)
    try:
        registered(PARTY, asked.challenge, json.dumps(said))
    except UserError as error:
        assert "could not be taken" in str(error)


@pytest.mark.parametrize("said", ["", "[]", "null", "[" * 50_000, "x" * 70_000, '{"id": 1}'])
def test_what_is_no_answer_is_refused(said: str) -> None:
    with pytest.raises(UserError):
        registered(PARTY, "abcd", said)
    with pytest.raises(NotSignedIn):
        user_handle_of(said)
