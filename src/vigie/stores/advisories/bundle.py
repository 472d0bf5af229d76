"""A whole database in one signed file, for machines without a network.

The container is a tar (POSIX ustar) of exactly three files in this order:
`manifest.json` (what is inside: sizes, SHA-256, feeds with their dates), `manifest.sig` (which key
signed, and the Ed25519 signature of a prefix and the manifest's bytes) and `advisories.sqlite`.
Nothing is unpacked before the signature has been checked, and nothing is used before the sum has.
docs/guides/advisories.md describes it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.stores.advisories.keys import key_id
from vigie.stores.advisories.schema import NAME, VERSION, Feed

FORMAT = "vigie-advisories"
FORMAT_VERSION = 1
# The signature is of this and the manifest, so it can be taken for one of nothing else.
_PREFIX = b"vigie-advisories-bundle-v1\n"
_MANIFEST, _SIGNATURE = "manifest.json", "manifest.sig"
_BLOCK = 512
_MOST_TEXT = 1 << 20
_PIECE = 1 << 20


Shape = TypeVar("Shape")


class _Database(msgspec.Struct):
    name: str
    size: int
    sha256: str
    schema: int


class _Feed(msgspec.Struct):
    name: str
    kind: str
    published: str
    current: str
    records: int


class _Manifest(msgspec.Struct):
    format: str
    version: int
    created: str
    database: _Database
    feeds: list[_Feed]


class _Signature(msgspec.Struct):
    algorithm: str
    key: str
    signature: str


def write_bundle(
    database: Path, feeds: tuple[Feed, ...], bundle: Path, key: Ed25519PrivateKey, now: str
) -> str:
    """Write the finished database as a bundle signed by this key; returns the key's id.

    An existing bundle is replaced when the new one is whole. Raises OSError.
    """
    size, digest = _sum(database)
    manifest = msgspec.json.format(
        msgspec.json.encode(
            _Manifest(
                FORMAT,
                FORMAT_VERSION,
                now,
                _Database(NAME, size, digest, VERSION),
                [_Feed(f.name, f.kind.value, f.published, f.current, f.records) for f in feeds],
            )
        )
    )
    name = key_id(key.public_key())
    signed = base64.b64encode(key.sign(_PREFIX + manifest)).decode("ascii")
    signature = msgspec.json.encode(_Signature("ed25519", name, signed))
    beside = bundle.with_name(f".{bundle.name[:200]}.{secrets.token_hex(6)}")
    try:
        with (
            beside.open("xb") as out,
            tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar,
            database.open("rb") as content,
        ):
            for member, text in ((_MANIFEST, manifest), (_SIGNATURE, signature)):
                tar.addfile(_member(member, len(text)), io.BytesIO(text))
            tar.addfile(_member(NAME, size), content)
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        beside.replace(bundle)
    finally:
        beside.unlink(missing_ok=True)
    return name


@contextlib.contextmanager
def unpacked(bundle: Path, keys: Mapping[str, Ed25519PublicKey], folder: Path) -> Iterator[Path]:
    """The database of a bundle that one of these keys signed, in a file that is gone afterwards.

    Raises UserError when it is not signed, signed by another key, altered or of another version.
    """
    place = folder / f".building-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with bundle.open("rb") as file:
            manifest = _checked(file, bundle, keys)
            _unpack(file, bundle, manifest.database, place)
        yield place
    finally:
        place.unlink(missing_ok=True)


def _checked(file: BinaryIO, bundle: Path, keys: Mapping[str, Ed25519PublicKey]) -> _Manifest:
    """The manifest, once its signature holds."""
    text = _text(file, bundle, _MANIFEST)
    signature = _decoded(_text(file, bundle, _SIGNATURE), _Signature, bundle)
    key = keys.get(signature.key)
    if key is None:
        raise UserError(
            T("{path} is signed with the key {key}, which is not trusted here",
              path=str(bundle), key=signature.key[:64]),
            T("If you trust who made it, give their public key: --trust KEY.pub."),
        )  # fmt: skip
    try:
        key.verify(base64.b64decode(signature.signature, validate=True), _PREFIX + text)
    except (InvalidSignature, binascii.Error, ValueError):
        raise _altered(bundle, T("the signature does not fit")) from None
    manifest = _decoded(text, _Manifest, bundle)
    if (manifest.format, manifest.version, manifest.database.schema) != (
        FORMAT,
        FORMAT_VERSION,
        VERSION,
    ):
        raise UserError(
            T("{path} was made by another version of Vigie", path=str(bundle)),
            T("Use the same version of Vigie on both machines."),
        )
    return manifest


def _unpack(file: BinaryIO, bundle: Path, stated: _Database, place: Path) -> None:
    size = _header(file, bundle, NAME)
    if size != stated.size:
        raise _altered(bundle, T("the database is not as long as it should be"))
    digest = hashlib.sha256()
    with place.open("xb") as out:
        left = size
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise _altered(bundle, T("it is cut off"))
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
    if digest.hexdigest() != stated.sha256:
        raise _altered(bundle, T("the database is not the one that was signed"))
    rest = file.read(-size % _BLOCK + 64 * _BLOCK)
    if rest.strip(b"\0"):
        raise _altered(bundle, T("there is something behind its end"))


def _text(file: BinaryIO, bundle: Path, name: str) -> bytes:
    size = _header(file, bundle, name)
    if size > _MOST_TEXT:
        raise _altered(bundle, T("{name} is too long", name=name))
    data = file.read(size)
    file.read(-size % _BLOCK)
    if len(data) != size:
        raise _altered(bundle, T("it is cut off"))
    return data


def _header(file: BinaryIO, bundle: Path, name: str) -> int:
    """The size of the next member, which must be a plain file of this name."""
    try:
        member = tarfile.TarInfo.frombuf(file.read(_BLOCK), "utf-8", "strict")
    except (tarfile.TarError, ValueError):
        raise _altered(bundle, T("{name} is missing", name=name)) from None
    if member.name != name or member.type != tarfile.REGTYPE or member.size < 0:
        if name == _SIGNATURE:
            raise UserError(
                T("{path} is not signed", path=str(bundle)),
                T("Only bundles that vigie db export made are taken."),
            )
        raise _altered(bundle, T("{name} is missing", name=name))
    return member.size


def _decoded(text: bytes, shape: type[Shape], bundle: Path) -> Shape:
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.MsgspecError, RecursionError):
        raise _altered(bundle, T("it cannot be read")) from None


def _altered(bundle: Path, why: Text) -> UserError:
    return UserError(
        T("{path} is not as it was signed: {why}", path=str(bundle), why=why),
        T("Do not use it; have it made and carried over again."),
    )


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    return member


def _sum(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()
