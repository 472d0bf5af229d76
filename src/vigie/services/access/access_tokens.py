"""Access tokens: signed, short-lived statements of who somebody is (RFC 9068).

Verification takes nothing from the token but the id of the key: the algorithm is that key's, the
type is `at+jwt`, and a header that says anything more (`jwk`, `jku`, `x5u`, `crit`) is refused
(RFC 8725).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import Header

from vigie.model.access import NotSignedIn, Role
from vigie.model.text import T
from vigie.services.access.signing_keys import Algorithm, KeyRing

LIFETIME = timedelta(minutes=15)
TYPE = "at+jwt"
_CLIENT = "vigie"
_LEEWAY = 30  # seconds that two machines' clocks may be apart
_LONGEST = 4096
_HEADER = frozenset({"alg", "kid", "typ"})
_ALGORITHMS = tuple(str(algorithm) for algorithm in Algorithm)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who is signed in. `amr` as in RFC 8176, `signed_in` is when they last proved it."""

    subject: str
    tenant: str
    session: str
    role: Role
    amr: tuple[str, ...]
    signed_in: datetime


@dataclass(frozen=True, slots=True)
class Audience:
    """Who issues tokens and for whom: both the address of this platform's API."""

    issuer: str
    audience: str


def issue(
    ring: KeyRing,
    who: AccessClaims,
    whom: Audience,
    now: datetime,
    token_id: str,
    lifetime: timedelta = LIFETIME,
) -> str:
    """The signed token. `token_id` is unique (`jti`)."""
    signer = ring.signer(now)
    issued = int(now.timestamp())
    claims = {
        "iss": whom.issuer, "aud": whom.audience, "sub": who.subject, "tid": who.tenant,
        "sid": who.session, "roles": [str(who.role)], "amr": list(who.amr),
        "auth_time": int(who.signed_in.timestamp()), "client_id": _CLIENT, "jti": token_id,
        "iat": issued, "nbf": issued, "exp": issued + int(lifetime.total_seconds()),
    }  # fmt: skip
    header = {"alg": str(signer.algorithm), "typ": TYPE, "kid": signer.kid}
    return jwt.encode(header, claims, signer.key, algorithms=[signer.algorithm])


def verify(ring: KeyRing, text: str, whom: Audience, now: datetime) -> AccessClaims:
    """What a token says. Raises NotSignedIn for any that was not issued here for `whom`, is not
    yet or no longer valid, or is not exactly of the form that `issue` makes."""
    if len(text) > _LONGEST or not text.isascii():
        raise _refused()

    def key_of(token: GuestProtocol) -> OKPKey | RSAKey:
        return _key_of(ring, token.headers(), now)

    try:
        token = jwt.decode(
            text, key_of, algorithms=_ALGORITHMS, registry=JWSRegistry(algorithms=_ALGORITHMS)
        )
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _refused() from error
    return _read(token.claims, whom, int(now.timestamp()))


def key_id(text: str) -> str:
    """The id of the key that a token says it was signed with, "" when it says none. Proves
    nothing: it only tells whether keys must be looked up anew."""
    try:
        header = json.loads(urlsafe_b64decode(text[:_LONGEST].partition(".")[0] + "=="))
    except (ValueError, RecursionError):
        return ""
    kid = header.get("kid") if isinstance(header, dict) else None
    return kid if isinstance(kid, str) else ""


def _key_of(ring: KeyRing, header: Header, now: datetime) -> OKPKey | RSAKey:
    kid = header.get("kid")
    known = ring.verifier(kid, now) if isinstance(kid, str) else None
    if (
        known is None
        or set(header) != _HEADER
        or header["alg"] != known.algorithm
        or header["typ"] != TYPE
    ):
        raise _refused()
    return known.key


def _read(claims: Mapping[str, object], whom: Audience, now: int) -> AccessClaims:
    times = [claims.get(name) for name in ("nbf", "exp", "auth_time", "iat")]
    texts = [claims.get(name) for name in ("sub", "tid", "sid")]
    if (
        claims.get("iss") != whom.issuer
        or claims.get("aud") != whom.audience
        or claims.get("client_id") != _CLIENT
        or not all(type(each) is int for each in times)
        or not all(isinstance(each, str) and each for each in texts)
    ):
        raise _refused()
    starts, ends, signed_in, _ = (each for each in times if isinstance(each, int))
    if now + _LEEWAY < starts or not 0 <= signed_in <= now + _LEEWAY:
        raise _refused()
    if now - _LEEWAY >= ends:
        raise NotSignedIn(T("the access token has ended"), T("Refresh it, or sign in again."))
    subject, tenant, session = (str(each) for each in texts)
    return AccessClaims(
        subject, tenant, session, _role(claims.get("roles")), _names(claims.get("amr")),
        datetime.fromtimestamp(signed_in, UTC),
    )  # fmt: skip


def _role(said: object) -> Role:
    try:
        (role,) = _names(said)
        return Role(role)
    except ValueError as error:
        raise _refused() from error


def _names(said: object) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise _refused()
    return tuple(said)


def _refused() -> NotSignedIn:
    return NotSignedIn(T("the access token is not valid"), T("Sign in again."))
