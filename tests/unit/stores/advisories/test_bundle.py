"""A bundle is taken only as it was signed, by a key that is trusted."""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from tests.unit.stores.advisories.test_index import about

from vigie.model.errors import UserError
from vigie.stores.advisories.building import alone, building
from vigie.stores.advisories.bundle import unpacked, write_bundle
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.stores.advisories.keys import (
    key_id,
    load_private,
    load_public,
    new_key,
    trusted_keys,
)
from vigie.stores.advisories.schema import NAME, Feed

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def trusting(*keys: Ed25519PrivateKey) -> Mapping[str, Ed25519PublicKey]:
    return {key_id(key.public_key()): key.public_key() for key in keys}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with alone(home), building(home) as made:
        made.replace_advisories(Feed("PyPI"), [about("A", "PyPI/x")], "PyPI")
    with AdvisoryDatabase(home / NAME) as index:
        path = tmp_path / "bundle.tar"
        name = write_bundle(index.path, index.feeds, path, KEY, "2026-01-01T00:00:00Z")
        assert name == key_id(KEY.public_key())
        return path


def take(bundle: Path, *keys: Ed25519PrivateKey) -> bytes:
    place = bundle.parent / "away"
    place.mkdir(exist_ok=True)
    try:
        with unpacked(bundle, trusting(*keys or (KEY,)), place) as database:
            return database.read_bytes()
    finally:
        assert list(place.iterdir()) == [], "nothing stays behind"


def members(bundle: Path) -> dict[str, bytes]:
    with tarfile.open(bundle) as tar:
        return {m.name: (tar.extractfile(m) or io.BytesIO()).read() for m in tar.getmembers()}


def pack(bundle: Path, parts: Mapping[str, bytes]) -> None:
    with tarfile.open(bundle, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def test_what_was_written_comes_back(bundle: Path) -> None:
    assert take(bundle) == (bundle.parent / "home" / NAME).read_bytes()
    assert take(bundle, OTHER, KEY)
    assert list(members(bundle)) == ["manifest.json", "manifest.sig", NAME]
    manifest = json.loads(members(bundle)["manifest.json"])
    assert manifest["feeds"][0]["name"] == "PyPI"
    assert [p.name for p in bundle.parent.glob(".*")] == []


def test_a_key_that_is_not_trusted(bundle: Path) -> None:
    with pytest.raises(UserError, match="not trusted here"):
        take(bundle, OTHER)


def unsigned(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in parts.items() if name != "manifest.sig"}


def signed_by_another(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The other key's signature under the name of the trusted one."""
    said = json.loads(parts["manifest.sig"])
    signature = OTHER.sign(b"vigie-advisories-bundle-v1\n" + parts["manifest.json"])
    said["signature"] = base64.b64encode(signature).decode()
    return {**parts, "manifest.sig": json.dumps(said).encode()}


def signed_without_prefix(parts: dict[str, bytes]) -> dict[str, bytes]:
    said = json.loads(parts["manifest.sig"])
    said["signature"] = base64.b64encode(KEY.sign(parts["manifest.json"])).decode()
    return {**parts, "manifest.sig": json.dumps(said).encode()}


def other_database(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, NAME: parts[NAME][:-1] + b"\x01"}


def shorter_database(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, NAME: parts[NAME][:-512]}


def other_manifest(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, "manifest.json": parts["manifest.json"].replace(b"2026-01-01", b"2027-01-01")}


def reordered(parts: dict[str, bytes]) -> dict[str, bytes]:
    return dict(sorted(parts.items(), reverse=True))


def no_database(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in parts.items() if name != NAME}


def one_more(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, "../../evil": b"x"}


def long_manifest(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, "manifest.json": parts["manifest.json"] + b" " * (1 << 20)}


def broken_signature(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, "manifest.sig": b"{"}


def odd_signature(parts: dict[str, bytes]) -> dict[str, bytes]:
    said = json.loads(parts["manifest.sig"])
    return {**parts, "manifest.sig": json.dumps({**said, "signature": "é?"}).encode()}


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (unsigned, "is not signed"),
        (signed_by_another, "signature does not fit"),
        (signed_without_prefix, "signature does not fit"),
        (other_database, "not the one that was signed"),
        (shorter_database, "not as long"),
        (other_manifest, "signature does not fit"),
        (reordered, "manifest.json is missing"),
        (no_database, "advisories.sqlite is missing"),
        (one_more, "behind its end"),
        (long_manifest, "too long"),
        (broken_signature, "cannot be read"),
        (odd_signature, "signature does not fit"),
    ],
)
def test_an_altered_bundle_is_refused(
    bundle: Path, alter: Callable[[dict[str, bytes]], dict[str, bytes]], words: str
) -> None:
    pack(bundle, alter(members(bundle)))
    with pytest.raises(UserError, match=words):
        take(bundle)


def test_every_byte_that_says_something_is_covered(bundle: Path) -> None:
    """Flip one byte in each block: no bundle that is still taken holds another database."""
    whole = bundle.read_bytes()
    good = take(bundle)
    refused = 0
    for place in range(7, len(whole), 509):
        altered = bytearray(whole)
        altered[place] ^= 0x20
        bundle.write_bytes(altered)
        try:
            assert take(bundle) == good
        except UserError:
            refused += 1
    assert refused > len(range(7, len(whole), 509)) // 2


@pytest.mark.parametrize("kept", [0, 100, 512, 700, 1600, 3000, 6000, -12_000])
def test_a_cut_off_bundle_is_refused(bundle: Path, kept: int) -> None:
    bundle.write_bytes(bundle.read_bytes()[:kept])
    with pytest.raises(UserError):
        take(bundle)


def test_a_link_in_place_of_the_database_is_refused(bundle: Path, tmp_path: Path) -> None:
    parts = members(bundle)
    with tarfile.open(bundle, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            if name == NAME:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0
            tar.addfile(member, io.BytesIO(data))
    with pytest.raises(UserError, match="missing"):
        take(bundle)


def test_another_version_of_the_container(bundle: Path) -> None:
    parts = members(bundle)
    manifest = parts["manifest.json"].replace(b'"version": 1', b'"version": 2')
    said = json.loads(parts["manifest.sig"])
    signature = KEY.sign(b"vigie-advisories-bundle-v1\n" + manifest)
    said["signature"] = base64.b64encode(signature).decode()
    sig = json.dumps(said).encode()
    pack(bundle, {"manifest.json": manifest, "manifest.sig": sig, NAME: parts[NAME]})
    with pytest.raises(UserError, match="another version"):
        take(bundle)


def test_keys_are_made_kept_and_read(tmp_path: Path) -> None:
    private = tmp_path / "team.key"
    public = new_key(private)
    assert public == tmp_path / "team.key.pub"
    assert private.stat().st_mode & 0o777 == 0o600
    name = key_id(load_private(private).public_key())
    assert name == key_id(load_public(public))
    (tmp_path / "trusted").mkdir()
    public.rename(tmp_path / "trusted" / "team.pub")
    assert set(trusted_keys((), tmp_path / "trusted")) == {name}
    assert set(trusted_keys((tmp_path / "trusted" / "team.pub",), tmp_path / "none")) == {name}
    with pytest.raises(UserError, match="is there already"):
        new_key(private)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    public = new_key(tmp_path / "k")
    (tmp_path / "junk").write_bytes(b"junk")
    for read, path in (
        (load_private, public), (load_public, tmp_path / "k"), (load_private, tmp_path / "junk"),
        (load_public, tmp_path / "junk"),
    ):  # fmt: skip
        with pytest.raises(UserError, match="no Ed25519 key"):
            read(path)
    with pytest.raises(UserError, match="cannot be read"):
        load_public(tmp_path / "none")
