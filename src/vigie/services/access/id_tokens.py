"""ID tokens of a sign-on provider, verified strictly (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import ClaimError, JoseError, MissingAlgorithmError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, GuestProtocol, JWKRegistry, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from vigie.model.access import NotSignedIn
from vigie.model.text import T, Text

# Public-key signatures only: with `none` or HS256 whoever knows the client's id or secret could
# write tokens. Each algorithm goes with one kind of key.
ALGORITHMS: Mapping[str, type[Key]] = {
    "RS256": RSAKey, "RS384": RSAKey, "RS512": RSAKey,
    "PS256": RSAKey, "PS384": RSAKey, "PS512": RSAKey,
    "ES256": ECKey, "ES384": ECKey, "ES512": ECKey, "Ed25519": OKPKey,
}  # fmt: skip
_OTHER_WAY = T("it is signed in a way that is not accepted")
_LEEWAY = 60
_LONGEST = 64 * 1024  # a person in very many groups
_MOST_KEYS = 64


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say. `nonce` is the one of this very sign-on."""

    issuer: str
    client_id: str
    nonce: str


def verified_claims(
    text: str, keys: Mapping[str, object], expected: Expected, access_token: str, now: datetime
) -> dict[str, Any]:
    """The claims of a token that holds. `keys` is the provider's key set (RFC 7517).

    Raises NotSignedIn with the reason; nothing of the token stands in it.
    """
    if len(text) > _LONGEST or not text.isascii():
        raise _refused(T("the token is too long or no text"))
    known = _key_set(keys)

    def key_of(token: GuestProtocol) -> Key:
        return _key_of(known, token.headers())

    registry = _Registry(algorithms=tuple(ALGORITHMS), strict_check_header=False)
    try:
        token = jwt.decode(text, key_of, algorithms=tuple(ALGORITHMS), registry=registry)
    except (UnsupportedAlgorithmError, MissingAlgorithmError) as error:
        raise _refused(_OTHER_WAY) from error
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _refused(T("the signature does not hold")) from error
    _check(token.claims, expected, now)
    _check_access_token(token.claims, str(token.header["alg"]), access_token)
    return token.claims


class _Registry(JWSRegistry):
    # Keys of several certificates in the header (x5c) are ignored, but they take room.
    max_header_length = 8 * 1024


def _key_set(keys: Mapping[str, object]) -> KeySet:
    """Keys that sign; those of kinds that nobody here knows are left out."""
    said = keys.get("keys")
    found = []
    for each in said[:_MOST_KEYS] if isinstance(said, list) else []:
        if not isinstance(each, dict) or not _may_sign(each):
            continue
        try:
            found.append(JWKRegistry.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return KeySet(found)


def _may_sign(jwk: Mapping[str, object]) -> bool:
    """RSA below 2048 bits (342 base64 letters) and secrets that are shared are left out."""
    if jwk.get("use", "sig") != "sig":
        return False
    kind = str(jwk.get("kty"))
    return kind in {"EC", "OKP"} or (kind == "RSA" and len(str(jwk.get("n", ""))) >= 342)


def _key_of(known: KeySet, header: Mapping[str, object]) -> Key:
    """The one key that the header's id and algorithm fit; keys in the header are never used."""
    kind = ALGORITHMS.get(str(header.get("alg")))
    if kind is None:
        raise _refused(_OTHER_WAY)
    fitting = [
        key for key in known.keys
        if isinstance(key, kind)
        and (key.get("alg") is None or key.get("alg") == header["alg"])
        and ("kid" not in header or key.kid == header["kid"])
    ]  # fmt: skip
    if len(fitting) != 1:
        raise _refused(T("it is signed with a key that the provider does not publish"))
    return fitting[0]


def _check(claims: dict[str, Any], expected: Expected, now: datetime) -> None:
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        rules.validate(claims)
    except (ClaimError, OverflowError) as error:
        raise _refused(T("it is of or for somebody else, or no longer valid")) from error
    if not isinstance(claims["iss"], str) or len(str(claims["sub"])) > 255:
        raise _refused(T("it is of or for somebody else, or no longer valid"))
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    authorised = claims.get("azp")
    if (len(audience) > 1 and authorised is None) or (
        authorised is not None and authorised != expected.client_id
    ):
        raise _refused(T("it was given to another program"))
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(errors="replace"), expected.nonce.encode()
    ):
        raise _refused(T("it is not the answer to this sign-on"))


def _check_access_token(claims: Mapping[str, Any], algorithm: str, access_token: str) -> None:
    """`at_hash`, when it is there, binds the access token to this ID token (3.1.3.8)."""
    said = claims.get("at_hash")
    if said is None:
        return
    sizes = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
    digest = sizes.get(algorithm[-3:], hashlib.sha512)(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    if not hmac.compare_digest(str(said).encode(errors="replace"), half.encode()):
        raise _refused(T("it came with another access token"))


def _refused(why: Text) -> NotSignedIn:
    return NotSignedIn(
        T("the sign-on provider's answer is not accepted: {why}", why=why),
        T("Start the sign-on anew; if it stays so, compare issuer and client id with the "
          "provider's."),
    )  # fmt: skip
