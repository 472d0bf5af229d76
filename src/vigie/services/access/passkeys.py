"""Passkeys (WebAuthn level 2): made on a person's device, shown instead of a password.

The device must have verified the person (a finger, a face, a PIN), so a passkey is two factors
by itself. Where it was made is not asked (no attestation): people bring their own devices.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from vigie.model.access import NotSignedIn
from vigie.model.errors import UserError
from vigie.model.text import T

# RFC 8176: a key held in hardware or software cannot be told apart without attestation.
AMR = ("swk", "user", "mfa")
SECONDS = 300  # how long a challenge may wait for its answer
_LONGEST = 64 * 1024
_VERIFIED = UserVerificationRequirement.REQUIRED
# What the library lets through for odd bytes, besides its own errors.
_ODD = (
    WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, LookupError, AttributeError,
    RecursionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This platform towards browsers. `id` is its host name, `origins` the addresses that people
    open it at (`https://vigie.example.org`)."""

    id: str
    origins: tuple[str, ...]
    name: str = "Vigie"


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is stored of one. Ids and keys are base64url; nothing of it is secret."""

    credential_id: str
    public_key: str
    sign_count: int = 0
    aaguid: str = ""
    transports: tuple[str, ...] = ()
    backed_up: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`options` go to the browser; `challenge` is kept for one answer, for `SECONDS`."""

    challenge: str
    options: dict[str, Any]


def registration_question(
    party: RelyingParty, user_handle: bytes, account: str, name: str, known: Sequence[Passkey] = ()
) -> Question:
    """Ask for a new passkey. `user_handle` is 1–64 bytes that say nothing about the person;
    `known` are those that they have already, which their devices then do not make again."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_handle,
        user_name=account,
        user_display_name=name or account,
        timeout=SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(known),
    )
    return Question(bytes_to_base64url(options.challenge), json.loads(options_to_json(options)))


def registered(party: RelyingParty, challenge: str, answer: str) -> Passkey:
    """The passkey that a browser's answer (JSON) brings. Raises UserError when it does not hold."""
    with _refusing(_not_registered()):
        credential = parse_registration_credential_json(_bounded(answer))
        got = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
        return Passkey(
            bytes_to_base64url(got.credential_id),
            bytes_to_base64url(got.credential_public_key),
            got.sign_count,
            got.aaguid,
            tuple(str(each.value) for each in credential.response.transports or ()),
            got.credential_backed_up,
        )


def login_question(party: RelyingParty, known: Sequence[Passkey] = ()) -> Question:
    """Ask for a passkey. Without `known` the browser offers what it has, so that nobody learns
    which accounts exist; with them, only those are asked for (a second factor)."""
    options = generate_authentication_options(
        rp_id=party.id,
        timeout=SECONDS * 1000,
        allow_credentials=_descriptors(known),
        user_verification=_VERIFIED,
    )
    return Question(bytes_to_base64url(options.challenge), json.loads(options_to_json(options)))


def credential_of(answer: str) -> str:
    """The id of the passkey that an answer claims to be of: look its record up by this. Raises
    NotSignedIn for what is no answer."""
    with _refusing(_not_let_in()):
        return bytes_to_base64url(parse_authentication_credential_json(_bounded(answer)).raw_id)


def user_handle_of(answer: str) -> bytes:
    """The handle of the person that the device gives with the answer, b"" when it gives none."""
    with _refusing(_not_let_in()):
        said = parse_authentication_credential_json(_bounded(answer)).response.user_handle
        return bytes(said or b"")


def let_in(
    party: RelyingParty, challenge: str, answer: str, passkey: Passkey, user_handle: bytes
) -> Passkey:
    """The passkey with its new counter, to be stored: the answer holds. Raises NotSignedIn.

    A counter that did not go up means that there are two of this device (WebAuthn 6.1.1); those
    that never count say 0. `user_handle` is the person's: an answer that names another is refused.
    """
    with _refusing(_not_let_in()):
        credential = parse_authentication_credential_json(_bounded(answer))
        said = credential.response.user_handle
        if said and bytes(said) != user_handle:
            raise _not_let_in()
        if bytes_to_base64url(credential.raw_id) != passkey.credential_id:
            raise _not_let_in()
        got = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        return replace(passkey, sign_count=got.new_sign_count, backed_up=got.credential_backed_up)


def _descriptors(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(k.credential_id)) for k in known]


def _bounded(answer: str) -> str:
    if len(answer) > _LONGEST:
        raise ValueError("longer than any answer")
    return answer


@contextmanager
def _refusing(error: UserError) -> Iterator[None]:
    try:
        yield
    except _ODD as cause:
        raise error from cause


def _not_registered() -> UserError:
    return UserError(
        T("the passkey could not be taken"),
        T("Start anew, at this platform's own address, and unlock the device when it asks."),
    )


def _not_let_in() -> NotSignedIn:
    return NotSignedIn(
        T("the passkey was not accepted"),
        T("Start anew and unlock the device when it asks, or sign in another way."),
    )
