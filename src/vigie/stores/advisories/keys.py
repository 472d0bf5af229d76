"""Ed25519 keys (RFC 8032) that bundles are signed with, as PEM files (RFC 8410)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from vigie.model.errors import UserError
from vigie.model.text import T

_LARGEST = 64 * 1024
_FAULTS = (ValueError, TypeError, UnsupportedAlgorithm)


def new_key(path: Path) -> Path:
    """Make a key in this file, which only its owner may read; returns the file beside it with
    the public half. Raises UserError when one of them is there already."""
    public_path = path.with_name(f"{path.name}.pub")
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for place, data, mode in ((path, private, 0o600), (public_path, public, 0o644)):
        try:
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            raise UserError(
                T("{path} is there already", path=str(place)),
                T("A key is never replaced. Give another name, or use the key with --key."),
            ) from None
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    return public_path


def load_private(path: Path) -> Ed25519PrivateKey:
    """The key that signs. Raises UserError when the file holds none."""
    try:
        key = load_pem_private_key(_read(path), password=None)
    except _FAULTS as error:
        raise _refused(path, str(error)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused(path, type(key).__name__)
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """A key that signatures are checked with. Raises UserError when the file holds none."""
    try:
        key = load_pem_public_key(_read(path))
    except _FAULTS as error:
        raise _refused(path, str(error)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _refused(path, type(key).__name__)
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """What a key is called: the start of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def trusted_keys(named: Sequence[Path], folder: Path) -> Mapping[str, Ed25519PublicKey]:
    """Every key that is trusted, by its id: those named, and the `*.pub` files of the folder."""
    kept = sorted(folder.glob("*.pub")) if folder.is_dir() else []
    keys = [load_public(path) for path in (*named, *kept)]
    return {key_id(key): key for key in keys}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise UserError(
            T("{path} cannot be read: {why}", path=str(path), why=error.strerror or str(error)),
            T("Check the name and the permissions."),
        ) from None


def _refused(path: Path, why: str) -> UserError:
    return UserError(
        T("{path} is no Ed25519 key: {why}", path=str(path), why=why),
        T("Make one with vigie db export --new-key FILE; FILE signs, FILE.pub is for those who "
          "import. It has no password."),
    )  # fmt: skip
