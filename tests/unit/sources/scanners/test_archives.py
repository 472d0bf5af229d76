"""Archives are handed on as scanners read them, and never without end."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.sources.scanners.archives import layout_of, plain_archive


def tar(path: Path, *names: str) -> Path:
    with tarfile.open(path, "w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
    return path


def compressed(path: Path) -> Path:
    copy = path.with_suffix(".tar.gz")
    copy.write_bytes(gzip.compress(path.read_bytes()))
    return copy


def test_a_plain_archive_stays_where_it_is(tmp_path: Path) -> None:
    archive = tar(tmp_path / "image.tar", "manifest.json")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    assert plain_archive(archive, workspace) == archive
    assert list(workspace.iterdir()) == []


def test_a_compressed_archive_is_unpacked_into_the_workspace(tmp_path: Path) -> None:
    archive = tar(tmp_path / "image.tar", "manifest.json")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    copy = plain_archive(compressed(archive), workspace)
    assert copy.parent == workspace
    assert copy.read_bytes() == archive.read_bytes()


def test_a_bomb_and_a_broken_archive_are_refused(tmp_path: Path) -> None:
    packed = compressed(tar(tmp_path / "image.tar", "manifest.json"))
    with pytest.raises(UserError, match="more than 10000 bytes"):
        plain_archive(packed, tmp_path, most=10_000)
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(UserError, match="no readable archive"):
        plain_archive(packed, tmp_path)
    packed.write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(UserError, match="no readable archive"):
        plain_archive(packed, tmp_path)


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        (("manifest.json",), "docker"),
        (("oci-layout", "index.json", "./manifest.json"), "docker"),
        (("oci-layout", "index.json"), "oci"),
    ],
)
def test_the_layout_is_known_by_what_is_in_it(
    tmp_path: Path, names: tuple[str, ...], layout: str
) -> None:
    assert layout_of(tar(tmp_path / "image.tar", *names)) == layout
