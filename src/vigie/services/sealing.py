"""What the platform itself must keep secret in its own tables: second factors, private keys.

They are sealed with AES-256-GCM under the platform's key, which is a secret like any other
(`secret://platform-key`) and never lies in the database. Each sealed text is bound to its place.
Servers that share a database must be given the same key.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.secrets import SecretValue
from vigie.services.secrets import Secrets
from vigie.stores.relational.access import lock
from vigie.stores.relational.database import Database, Work
from vigie.stores.relational.ids import PLATFORM
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.governance import FACTS

KEY_NAME = "platform-key"
_FACT = "platform-key-id"
_LENGTH = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals texts. `place` says where one belongs ("user/0190…/totp"): moved elsewhere, it does
    not open."""

    key: bytes = field(repr=False)

    def seal(self, text: str, place: str) -> str:
        """Base64 of nonce, text and tag."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.derived("seal")).encrypt(nonce, text.encode(), place.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises SourceError when it was changed, moved, or sealed with another key."""
        try:
            data = base64.b64decode(sealed, validate=True)
            opened = AESGCM(self.derived("seal")).decrypt(
                data[:_NONCE], data[_NONCE:], place.encode()
            )
        except (ValueError, InvalidTag):
            raise SourceError(
                T("what was sealed at {place} does not open", place=place),
                T("It was changed, or another platform key sealed it."),
            ) from None
        return opened.decode()

    def derived(self, purpose: str) -> bytes:
        """A key of its own for each purpose (HKDF, RFC 5869). Raises ValueError for a platform
        whose key was not opened."""
        if len(self.key) != _LENGTH:
            raise ValueError("the platform's key has not been opened")
        info = b"vigie " + purpose.encode()
        return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(self.key)

    @property
    def key_id(self) -> str:
        """Names the key and tells nothing of it."""
        return hashlib.sha256(self.derived("name")).hexdigest()[:16]


UNOPENED = Sealing(b"")  # of a platform that is not fully put together


def open_sealing(database: Database, secrets: Secrets) -> Sealing:
    """The platform's key, made at the very first start.

    Raises UserError when this database was begun with another key, or with one that is not
    here: opening it with a new one would lose every second factor.
    """
    with database.read(SYSTEM) as work:
        known = _known(work)
    sealing = _given(secrets) if known is not None else None
    if known is None:
        known, sealing = _begin(database, secrets)
    if sealing is None or known != sealing.key_id:
        raise UserError(
            T("this database was begun with another platform key than this machine has"),
            T("Give every server the same secret `{name}`, for example in VIGIE_SECRET_{variable}.",
              name=KEY_NAME, variable=KEY_NAME.upper().replace("-", "_")),
        )  # fmt: skip
    return sealing


def _begin(database: Database, secrets: Secrets) -> tuple[str, Sealing | None]:
    """Which key the database is begun with, and the one that is here. Processes that start
    together begin it one after the other: two keys in one folder, and no later start would know
    which of them opens the database."""
    with database.begin(SYSTEM) as work:
        lock(work, f"{_FACT}-making")
        known, sealing = _known(work), _given(secrets)
        if known is None:
            if sealing is None:
                secrets.put(KEY_NAME, SecretValue(_fresh()), PLATFORM)
                sealing = _given(secrets)
            assert sealing is not None  # noqa: S101  it has just been put
            known = sealing.key_id
            work.run(sa.insert(FACTS).values(name=_FACT, value=known))
    return known, sealing


def _known(work: Work) -> str | None:
    found: str | None = work.run(sa.select(FACTS.c.value).where(FACTS.c.name == _FACT)).scalar()
    return found


def _given(secrets: Secrets) -> Sealing | None:
    if KEY_NAME not in {info.name for info in secrets.list(PLATFORM)}:
        return None
    text = secrets.resolve(f"secret://{KEY_NAME}", PLATFORM).reveal()
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != _LENGTH:
        raise UserError(
            T("the secret {name} is not {count} bytes in Base64", name=KEY_NAME, count=_LENGTH),
            T("Make one with: openssl rand -base64 32"),
        )
    return Sealing(key)


def _fresh() -> str:
    return base64.b64encode(os.urandom(_LENGTH)).decode()
