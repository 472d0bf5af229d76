"""What a registry asks for before it answers, and how to get it.

Sources: RFC 9110, 11.6.1 (WWW-Authenticate); distribution, "Token Authentication
Specification" and "OAuth2 Token Authentication".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx
import msgspec

from vigie.model.errors import SourceError
from vigie.model.text import T

_PART = re.compile(r'\s*,?\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))')
_SCHEME = re.compile(r"(?:^|,)\s*(Basic|Bearer)(?=\s|$)", re.IGNORECASE)
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Challenge:
    """`scheme` "basic" or "bearer"; where a token comes from and what it must be for."""

    scheme: str
    realm: str = ""
    service: str = ""
    scope: str = ""


def read_challenge(headers: list[str]) -> Challenge | None:
    """The strongest challenge that we can meet, a token before a password; None for others."""
    found: list[Challenge] = []
    for header in headers:
        for match in _SCHEME.finditer(header[:_LONGEST]):
            parts = _parts(header[:_LONGEST], match.end())
            found.append(
                Challenge(
                    match[1].lower(),
                    parts.get("realm", ""),
                    parts.get("service", ""),
                    parts.get("scope", ""),
                )
            )
    usable = [one for one in found if one.scheme == "basic" or one.realm]
    return min(usable, key=lambda one: one.scheme == "basic", default=None)


def _parts(header: str, position: int) -> dict[str, str]:
    parts: dict[str, str] = {}
    while match := _PART.match(header, position):
        quoted = match[2]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match[3]
        parts.setdefault(match[1].lower(), value)
        position = match.end()
    return parts


def check_realm(realm: str, *, registry: str, plain: bool) -> str:
    """The address of the token server. Raises SourceError when a password would go to it
    unencrypted although the registry itself is asked with encryption, and for an address that
    brings a name and password of its own."""
    try:
        address = httpx.URL(realm)
    except httpx.InvalidURL:
        address = httpx.URL("")
    encrypted = address.scheme == "https" or (address.scheme == "http" and plain)
    if encrypted and address.host and not address.userinfo:
        return realm
    raise SourceError(
        T("{registry} names no encrypted address to log in at", registry=registry),
        T("Ask who runs the registry."),
    )


class _Token(msgspec.Struct):
    token: str = ""
    access_token: str = ""


def read_token(data: bytes, registry: str) -> str:
    """The token in a token server's answer. Raises SourceError when there is none."""
    try:
        answer = msgspec.json.decode(data, type=_Token)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        answer = _Token()
    token = answer.token or answer.access_token
    if not token or not token.isascii() or not token.isprintable():
        raise SourceError(T("the token server of {registry} gave no token", registry=registry))
    return token
