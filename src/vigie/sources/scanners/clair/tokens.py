"""Tokens that a Clair server with a pre-shared key wants to see.

Sources: RFC 7519 (JWT), RFC 7515 (JWS, HS256); Clair's "Authentication" page, `auth.psk`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from vigie.model.errors import UserError
from vigie.model.text import T

DEFAULT_ISSUER = "clairctl"
_LIFE = 60  # seconds before and after now, as Clair's own client has it
_LONGEST = 4096
_HEADER = b'{"alg":"HS256","typ":"JWT"}'


def read_key(text: str) -> bytes:
    """The key out of its base64, as it stands in Clair's `auth.psk.key`; b"" for "".

    Raises UserError, which does not show it, for anything else.
    """
    try:
        key = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if (text.strip() and not key) or len(key) > _LONGEST:
        raise UserError(
            T("the key for Clair is no base64"),
            T("Give it as it stands in Clair's configuration under auth.psk.key."),
        )
    return key


def sign(key: bytes, issuer: str, now: float) -> str:
    """A token of this issuer that is good for a minute around `now` (seconds since 1970)."""
    at = int(now)
    claims = {"iss": issuer, "iat": at, "nbf": at - _LIFE, "exp": at + _LIFE}
    said = f"{_encoded(_HEADER)}.{_encoded(json.dumps(claims).encode())}"
    return f"{said}.{_encoded(hmac.new(key, said.encode(), hashlib.sha256).digest())}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
