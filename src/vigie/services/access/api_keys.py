"""API keys: `vigie_<tenant><id>_<secret>_<checksum>`.

The prefix is what secret scanners look for. Tenant and key id (UUIDs, 32 hexadecimal digits
each) stand in the key itself, so that its row is read within its own tenant, under row-level
security, without a search over all tenants. The secret is 256 random bits, of which only a
SHA-256 is kept: argon2 slows down guessing at what people choose, and nobody guesses 256 bits;
it would only make each call of a machine slow. The checksum refuses what was cut or mistyped
before the database is asked; it is not a proof of anything.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from vigie.model.access import NotSignedIn, Permission, scope_permissions
from vigie.model.errors import UserError
from vigie.model.text import T

PREFIX = "vigie_"
# For secret scanners (and for our own): the whole key and nothing around it.
PATTERN = r"\bvigie_[0-9a-f]{64}_[A-Za-z0-9]{43}_[A-Za-z0-9]{6}\b"
_LENGTH = len(PREFIX) + 64 + 1 + 43 + 1 + 6
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """What stands in a key that somebody shows. `hash` is compared, the secret is gone."""

    tenant: UUID
    id: UUID
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is kept of a key. `networks` are CIDR ranges it may come from, () for anywhere."""

    tenant: UUID
    id: UUID
    hash: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires: datetime | None = None
    networks: tuple[str, ...] = ()
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class NewKey:
    """`text` is shown once and kept nowhere; `hint` (its beginning) tells it from others."""

    text: str = field(repr=False)
    hash: str = field(repr=False)
    hint: str = ""


def new_key(tenant: UUID, key_id: UUID) -> NewKey:
    """Make a key for the row `key_id` of the tenant."""
    # 62**43 > 2**256: 43 letters hold the 256 bits with nothing that a double click splits.
    secret = _base62(secrets.randbits(256), 43)
    body = f"{PREFIX}{tenant.hex}{key_id.hex}_{secret}"
    text = f"{body}_{_checksum(body)}"
    return NewKey(text, _hash(text), f"{PREFIX}…{key_id.hex[-6:]}")


def read_key(text: str) -> PresentedKey:
    """Take a presented key apart. Raises NotSignedIn when it cannot be one of ours."""
    if len(text) != _LENGTH or not text.isascii() or re.fullmatch(PATTERN, text) is None:
        raise _no_key()
    body, _, checksum = text.rpartition("_")
    if not secrets.compare_digest(_checksum(body), checksum):
        raise _no_key()
    ids = text[len(PREFIX) : len(PREFIX) + 64]
    return PresentedKey(UUID(hex=ids[:32]), UUID(hex=ids[32:]), _hash(text))


def permissions_of_key(
    presented: PresentedKey, stored: StoredKey | None, address: str, now: datetime
) -> frozenset[Permission]:
    """What the key allows. Raises NotSignedIn, with one and the same message, for a key that is
    unknown, revoked, expired or comes from a network that it may not come from: whoever tries
    out a stolen one learns nothing. The caller cuts this down to what its maker may still do.
    """
    known = stored.hash if stored is not None else _hash("")
    right = secrets.compare_digest(known, presented.hash)
    if (
        stored is None
        or not right
        or (stored.tenant, stored.id) != (presented.tenant, presented.id)
        or stored.revoked
        or (stored.expires is not None and now >= stored.expires)
        or not is_allowed_from(address, stored.networks)
    ):
        raise _refused()
    return scope_permissions(stored.scopes)


def is_allowed_from(address: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the CIDR ranges; any address when there is none."""
    ranges = tuple(networks)
    if not ranges:
        return True
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in ipaddress.ip_network(each) for each in ranges)


def require_networks(networks: Iterable[str]) -> tuple[str, ...]:
    """The ranges, written the one way. Raises UserError for what is no CIDR range."""
    written = []
    for each in networks:
        try:
            written.append(str(ipaddress.ip_network(each.strip())))
        except ValueError as error:
            raise UserError(
                T("{network} is no network range", network=each[:80]),
                T("Write it as 192.0.2.0/24 or 2001:db8::/32, or as one address."),
            ) from error
    return tuple(written)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), 6)


def _base62(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))


def _no_key() -> NotSignedIn:
    return NotSignedIn(
        T("this is no API key of this platform"),
        T("It starts with vigie_ and was shown once when it was made: check that it is whole."),
    )


def _refused() -> NotSignedIn:
    return NotSignedIn(
        T("this API key is not accepted"),
        T("It may be revoked or expired, or may not be used from here: ask whoever made it."),
    )
