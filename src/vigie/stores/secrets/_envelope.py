"""Envelope encryption: each value under a key of its own, that key under the master's.

AES-256-GCM (NIST SP 800-38D) both times, with random 96-bit nonces; a data key seals one value
and never another. What a row says of itself (tenant, name, version, time) is associated data of
both, the master's id of the wrapping too, so a row in another's place does not open. The keys
that wrap and that sign are drawn from the master key by HKDF-SHA256 (RFC 5869).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vigie.ports.secrets import SecretValue

KEY, NONCE, TAG = 32, 12, 16
_WRAPS, _SEALS, _SIGNS = b"vigie secrets 1 wrap", b"vigie secrets 1 seal", b"vigie secrets 1 sign"


class BrokenSealError(Exception):
    """What was read is not what was written."""


class Master:
    """A master key: its `id`, by which a store knows it, and what it does. Shows no key."""

    __slots__ = ("_signs", "_wraps", "id")

    def __init__(self, key: bytes) -> None:
        self.id = _drawn(key, b"vigie secrets 1 id")[:16].hex()
        self._wraps = _drawn(key, _WRAPS)
        self._signs = _drawn(key, _SIGNS)

    def __repr__(self) -> str:
        return f"Master({self.id})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a master key is not written anywhere")

    def wrap(self, key: bytes, row: Row) -> bytes:
        return _encrypt(self._wraps, key, row.bound(_WRAPS, self.id))

    def unwrap(self, row: Row) -> bytes:
        """The data key of the row. Raises BrokenSealError."""
        return _decrypt(self._wraps, row.wrapped, row.bound(_WRAPS, self.id))

    def sign(self, parts: Iterable[str | int | bytes]) -> bytes:
        """HMAC-SHA256 over the parts, each with its length."""
        return hmac.digest(self._signs, _joined(parts), "sha256")


@dataclass(frozen=True, slots=True)
class Row:
    """One version of one secret as it is kept: `wrapped` its data key, `sealed` its value."""

    tenant: str
    name: str
    version: int
    created: str
    wrapped: bytes = b""
    sealed: bytes = b""

    def bound(self, purpose: bytes, *more: str) -> bytes:
        """What encryption for this purpose holds fast to."""
        return _joined((purpose, self.tenant, self.name, self.version, self.created, *more))


def seal(master: Master, row: Row, value: SecretValue) -> Row:
    """The row with the value in it, under a fresh data key."""
    key = AESGCM.generate_key(256)
    sealed = _encrypt(key, value.reveal().encode("utf-8"), row.bound(_SEALS))
    return replace(row, wrapped=master.wrap(key, row), sealed=sealed)


def unseal(master: Master, row: Row) -> SecretValue:
    """The value in the row. Raises BrokenSealError when it is not this row's."""
    return SecretValue(_decrypt(master.unwrap(row), row.sealed, row.bound(_SEALS)).decode("utf-8"))


def rewrap(old: Master, new: Master, row: Row) -> Row:
    """The row with its data key under another master key; the value is not touched."""
    return replace(row, wrapped=new.wrap(old.unwrap(row), row))


def _encrypt(key: bytes, data: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, bound)


def _decrypt(key: bytes, data: bytes, bound: bytes) -> bytes:
    if len(data) < NONCE + TAG or len(key) != KEY:
        raise BrokenSealError
    try:
        return AESGCM(key).decrypt(data[:NONCE], data[NONCE:], bound)
    except InvalidTag:
        raise BrokenSealError from None


def _drawn(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(key)


def _joined(parts: Iterable[str | int | bytes]) -> bytes:
    """One text of many, and of no other many: each with its length before it."""
    whole = bytearray()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        whole += len(data).to_bytes(8, "big") + data
    return bytes(whole)
