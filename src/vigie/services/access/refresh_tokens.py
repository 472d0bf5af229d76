"""Refresh tokens: each is replaced when it is used, and one that comes back later is a theft.

A family of tokens belongs to one session. The newest is of generation g; using it makes g+1. Two
holders of one token (the person and a thief) part ways as soon as one of them uses it: the other
comes with a token that was replaced, and the whole family ends (RFC 9700, 4.14.2).

Honest clients do that too, when tabs refresh at once or an answer is lost, and must not be logged
out for it. Therefore:

- The successor is derived from its parent (HMAC with a server key), so although only hashes are
  kept, the parent shown again within `grace` of its replacement gets the very same successor.
  Fifty parallel requests all end with one token.
- A token is not replaced before it is `rest` old (twice the grace): until then it is answered
  without a new one. So at any time at most one parent is within its grace, and there is no
  moment at which an answer on its way carries a token that has been replaced twice.

The price: a thief who uses a stolen parent within the grace of its replacement gets the successor
and is not seen yet. He is seen at the next replacement, unless he comes within the grace of the
person's own refresh every time; and whatever he gets ends with the session's absolute time. An
honest client whose answer was lost and who asks again only after the grace has to sign in again.

Which family a token belongs to and its generation stand in the token, sealed with a MAC: what
was not made here never touches a family, so nobody can end another's session with a made-up one.
An attacker with the server key alone lacks the secrets; with the database alone, the hashes do
not help either.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from vigie.model.access import NotSignedIn
from vigie.model.text import T

PREFIX = "vigier_"
_FORM = re.compile(
    r"vigier_(?P<tenant>[0-9a-f]{32})(?P<family>[0-9a-f]{32})_(?P<generation>0|[1-9][0-9]{0,8})"
    r"_(?P<secret>[A-Za-z0-9.-]{43})_(?P<seal>[0-9a-f]{32})"
)
_LONGEST = 256
# No underscore: it parts the pieces of a token.
_ALPHABET = b"-."


@dataclass(frozen=True, slots=True)
class Limits:
    """`idle` is how long a session lives without a refresh, `absolute` how long in any case."""

    grace: timedelta = timedelta(seconds=30)
    rest: timedelta = timedelta(seconds=60)
    idle: timedelta = timedelta(days=7)
    absolute: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Family:
    """What is stored of a session's refresh tokens: nothing that could be used as one.

    `hash` is of the newest token, which is of `generation` and was made at `made`. `ended` says
    why the family ended before its time: "" while it lives.
    """

    tenant: UUID
    id: UUID
    generation: int
    hash: str = field(repr=False)
    made: datetime
    idle_until: datetime
    absolute_until: datetime
    ended: str = ""


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A token that was made here, taken apart."""

    tenant: UUID
    family: UUID
    generation: int
    secret: bytes = field(repr=False)


class Outcome(StrEnum):
    """`ROTATED` and `REPEATED` come with the newest token; `KEPT` means: go on with yours, and
    set no cookie. After `REPLAYED` and `ENDED` the person signs in again."""

    ROTATED = "rotated"
    REPEATED = "repeated"
    KEPT = "kept"
    REPLAYED = "replayed"
    ENDED = "ended"

    @property
    def lets_in(self) -> bool:
        return self in {Outcome.ROTATED, Outcome.REPEATED, Outcome.KEPT}


@dataclass(frozen=True, slots=True)
class Decision:
    """`family` is what to store: the same object when nothing changes. `token` is what to hand
    out, "" for none."""

    outcome: Outcome
    family: Family
    token: str = field(default="", repr=False)


def start(server_key: bytes, tenant: UUID, family: UUID, now: datetime, limits: Limits) -> Decision:
    """The first token of a session."""
    secret = secrets.token_bytes(32)
    absolute = now + limits.absolute
    record = Family(
        tenant, family, 0, _hash(secret), now, min(now + limits.idle, absolute), absolute
    )
    return Decision(Outcome.ROTATED, record, _text(server_key, record, secret))


def read_refresh_token(server_key: bytes, text: str) -> PresentedToken:
    """Take a token apart. Raises NotSignedIn when it was not made here."""
    found = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise _refused()
    body = text.rpartition("_")[0]
    if not hmac.compare_digest(_seal(server_key, body), found["seal"]):
        raise _refused()
    return PresentedToken(
        UUID(hex=found["tenant"]),
        UUID(hex=found["family"]),
        int(found["generation"]),
        _decoded(found["secret"]),
    )


def decide(
    server_key: bytes, shown: PresentedToken, family: Family, now: datetime, limits: Limits
) -> Decision:
    """What follows from a token that was shown. Pure; the store must make it one at a time: take
    the row with a lock, or write only where the generation is still the one that was read and
    decide anew otherwise (the answer is then REPEATED with the same token)."""
    if (family.tenant, family.id) != (shown.tenant, shown.family) or has_ended(family, now):
        return Decision(Outcome.ENDED, family)
    behind = family.generation - shown.generation
    age = now - family.made
    if behind < 0:  # the database was set back to an older copy: not the token's fault
        return Decision(Outcome.ENDED, family)
    if behind > 1 or (behind == 1 and age > limits.grace):
        return Decision(Outcome.REPLAYED, replace(family, ended="replayed"))
    newest = shown.secret if behind == 0 else _successor(server_key, shown)
    if not hmac.compare_digest(_hash(newest), family.hash):
        return Decision(Outcome.ENDED, family)
    if behind == 1:
        return Decision(Outcome.REPEATED, family, _text(server_key, family, newest))
    if age < limits.rest:
        return Decision(Outcome.KEPT, family)
    return _rotated(server_key, shown, family, now, limits)


def has_ended(family: Family, now: datetime) -> bool:
    return bool(family.ended) or now >= family.idle_until or now >= family.absolute_until


def _rotated(
    server_key: bytes, shown: PresentedToken, family: Family, now: datetime, limits: Limits
) -> Decision:
    secret = _successor(server_key, shown)
    record = replace(
        family,
        generation=family.generation + 1,
        hash=_hash(secret),
        made=now,
        idle_until=min(now + limits.idle, family.absolute_until),
    )
    return Decision(Outcome.ROTATED, record, _text(server_key, record, secret))


def _successor(server_key: bytes, parent: PresentedToken) -> bytes:
    where = f"{parent.tenant.hex}{parent.family.hex}{parent.generation}".encode()
    return _mac(server_key, b"successor", where + b"\0" + parent.secret)


def _text(server_key: bytes, family: Family, secret: bytes) -> str:
    ids = f"{family.tenant.hex}{family.id.hex}"
    body = f"{PREFIX}{ids}_{family.generation}_{_encoded(secret)}"
    return f"{body}_{_seal(server_key, body)}"


def _seal(server_key: bytes, body: str) -> str:
    return _mac(server_key, b"seal", body.encode())[:16].hex()


def _mac(server_key: bytes, use: bytes, message: bytes) -> bytes:
    return hmac.new(server_key, b"vigie refresh token\0" + use + b"\0" + message, "sha256").digest()


def _hash(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _encoded(secret: bytes) -> str:
    return base64.b64encode(secret, altchars=_ALPHABET).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=", altchars=_ALPHABET, validate=True)
    except binascii.Error as error:
        raise _refused() from error


def _refused() -> NotSignedIn:
    return NotSignedIn(T("your session has ended"), T("Sign in again."))
