"""The keys that sign access tokens: one signs, the next is already published, the last still
verifies.

When a key starts to sign is a time that stands with it, so every process changes over at the same
moment without being told. A key is published long enough before that for whoever caches the key
set (RFC 7517), and is valid until the last token that it signed has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import OKPKey, RSAKey

from vigie.model.errors import UserError
from vigie.model.text import T

_RSA_BITS = 3072
_RSA_LEAST_BITS = 2048


class Algorithm(StrEnum):
    """`ED25519` is EdDSA with that curve, by the name of RFC 9864 (which retires `EdDSA`, a name
    that leaves the curve open). `RS256` is for gateways that know nothing newer."""

    ED25519 = "Ed25519"
    RS256 = "RS256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. `kid` is its RFC 7638 thumbprint; `pem` goes to the secrets store only."""

    kid: str
    algorithm: Algorithm
    signs_from: datetime
    pem: str = field(repr=False)
    key: OKPKey | RSAKey = field(repr=False, compare=False)

    def public(self) -> dict[str, object]:
        """The public half as a JWK, with what it may be used for."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "alg": str(self.algorithm),
                "use": "sig"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rotation:
    """How often keys change. `ahead` is how long a key is published before it signs;
    `tokens_last` is how long the longest token lives, leeway included."""

    every: timedelta = timedelta(days=30)
    ahead: timedelta = timedelta(days=1)
    tokens_last: timedelta = timedelta(minutes=20)
    algorithm: Algorithm = Algorithm.ED25519


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys that are not yet forgotten, by the time from which they sign."""

    keys: tuple[SigningKey, ...] = ()
    rotation: Rotation = field(default_factory=Rotation)

    def signer(self, now: datetime) -> SigningKey:
        """The key to sign with. Raises UserError when there is none."""
        signing = [key for key in self.keys if key.signs_from <= now]
        if not signing:
            raise UserError(
                T("there is no key to sign access tokens with"),
                T("Start the server once with a writable secrets store: it makes one."),
            )
        return max(signing, key=lambda key: key.signs_from)

    def verifier(self, kid: str, now: datetime) -> SigningKey | None:
        """The key of that id if a token signed with it may still be valid."""
        return next((key for key in self.valid(now) if key.kid == kid), None)

    def valid(self, now: datetime) -> tuple[SigningKey, ...]:
        """Keys that have not ended: next, current, previous."""
        return tuple(key for key in self.keys if not self._has_ended(key, now))

    def jwks(self, now: datetime) -> dict[str, list[dict[str, object]]]:
        """The public key set (RFC 7517, 5)."""
        return {"keys": [key.public() for key in self.valid(now)]}

    def _has_ended(self, key: SigningKey, now: datetime) -> bool:
        after = [other.signs_from for other in self.keys if other.signs_from > key.signs_from]
        return bool(after) and now >= min(after) + self.rotation.tokens_last


def key_ring(pems: Iterable[tuple[str, datetime]], rotation: Rotation) -> KeyRing:
    """A ring of keys as they were stored: PEM text and the time from which each signs."""
    keys = [load_signing_key(pem, signs_from) for pem, signs_from in pems]
    return KeyRing(tuple(sorted(keys, key=lambda key: key.signs_from)), rotation)


def renewed(ring: KeyRing, now: datetime) -> KeyRing:
    """The ring as it should be: with a next key when that is due, without those that ended.

    The same ring when nothing changes. Several processes may come to it at once, so store the
    new key before it is published, and only if nobody else stored one.
    """
    kept = ring.valid(now)
    rotation = ring.rotation
    if not ring.keys:
        return KeyRing((new_signing_key(rotation.algorithm, now),), rotation)
    newest = max(ring.keys, key=lambda key: key.signs_from)
    # A server that was off for long is late: the new key is still published ahead of its use.
    if newest.signs_from + rotation.every - rotation.ahead <= now:
        kept = (*kept, new_signing_key(rotation.algorithm, now + rotation.ahead))
    return ring if kept == ring.keys else KeyRing(kept, rotation)


def replaced(ring: KeyRing, now: datetime) -> KeyRing:
    """A ring of one new key that signs at once, for when a key may be in wrong hands: every
    access token there is ends, and clients come back with their refresh tokens."""
    return KeyRing((new_signing_key(ring.rotation.algorithm, now),), ring.rotation)


def new_signing_key(algorithm: Algorithm, signs_from: datetime) -> SigningKey:
    key: OKPKey | RSAKey
    if algorithm is Algorithm.RS256:
        key = RSAKey.generate_key(_RSA_BITS)
    else:
        key = OKPKey.generate_key("Ed25519")
    return load_signing_key(key.as_pem(private=True).decode(), signs_from)


def load_signing_key(pem: str, signs_from: datetime) -> SigningKey:
    """Read a private key in PEM (PKCS #8). Raises UserError, never with the key in it."""
    try:
        private = load_pem_private_key(pem.encode(errors="replace"), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if isinstance(private, Ed25519PrivateKey):
        edwards = OKPKey.import_key(private)
        return SigningKey(edwards.thumbprint(), Algorithm.ED25519, signs_from, pem, edwards)
    if isinstance(private, RSAPrivateKey) and private.key_size >= _RSA_LEAST_BITS:
        rsa = RSAKey.import_key(private)
        return SigningKey(rsa.thumbprint(), Algorithm.RS256, signs_from, pem, rsa)
    raise UserError(
        T("the key for access tokens is not usable"),
        T("It must be a private Ed25519 key, or RSA of at least 2048 bits, in PEM without "
          "a passphrase."),
    )  # fmt: skip
