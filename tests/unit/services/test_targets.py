"""What the person meant by a word on the command line."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.services.targets import repository_name, resolve_target


def archive(path: Path, *names: str) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
    return path


def clone(folder: Path, address: str) -> Path:
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text(
        f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {address}\n\tfetch = +refs\n'
    )
    return folder


def test_a_folder_is_a_repository_named_after_itself(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    target = resolve_target(str(tmp_path / "shop"))
    assert (target.kind, target.path) == (AssetKind.REPOSITORY, tmp_path / "shop")
    assert target.asset is not None and target.asset.name == "shop"
    assert target.reference == str(tmp_path / "shop")


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/team/shop.git",
        "https://me:secret@git.example/team/shop",
        "git@git.example:team/shop.git",
        "ssh://git@git.example:2222/team/shop.git/",
    ],
)
def test_a_clone_is_named_after_its_remote_however_it_was_made(
    tmp_path: Path, address: str
) -> None:
    folder = clone(tmp_path / "somewhere", address)
    assert repository_name(folder) == "git.example/team/shop"
    (folder / "examples" / "x").mkdir(parents=True)
    assert repository_name(folder / "examples" / "x") == "git.example/team/shop/examples/x"


@pytest.mark.parametrize("address", ["../shop.git", "/srv/git/shop.git", "file:///srv/shop.git"])
def test_a_remote_on_the_disk_gives_its_last_name(tmp_path: Path, address: str) -> None:
    assert repository_name(clone(tmp_path / "x", address)) == "shop"


def test_a_repository_without_a_remote_is_named_after_the_folder(tmp_path: Path) -> None:
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    (tmp_path / "shop" / ".git" / "config").write_text("[core]\n")
    assert repository_name(tmp_path / "shop") == "shop"
    (tmp_path / "odd" / ".git").mkdir(parents=True)
    (tmp_path / "odd" / ".git" / "config").write_text("not a configuration")
    assert repository_name(tmp_path / "odd") == "odd"


def test_a_work_tree_has_the_name_of_its_repository(tmp_path: Path) -> None:
    main = clone(tmp_path / "main", "https://git.example/team/shop.git")
    inner = main / ".git" / "worktrees" / "w"
    inner.mkdir(parents=True)
    (inner / "commondir").write_text("../..\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text(f"gitdir: {inner}\n")
    assert repository_name(tmp_path / "w") == "git.example/team/shop"


def test_image_archives_are_known_by_their_content(tmp_path: Path) -> None:
    target = resolve_target(str(archive(tmp_path / "x.tar.gz", "layer.tar", "manifest.json")))
    assert target.kind is AssetKind.IMAGE and target.path is not None
    assert target.asset is not None and target.asset.name == "x.tar.gz"
    assert resolve_target(str(archive(tmp_path / "y.tar", "oci-layout"))).kind is AssetKind.IMAGE
    with pytest.raises(UserError, match="not of an image"):
        resolve_target(str(archive(tmp_path / "z.tgz", "readme")))
    (tmp_path / "broken.tar").write_bytes(b"no archive at all")
    with pytest.raises(UserError, match="no readable archive"):
        resolve_target(str(tmp_path / "broken.tar"))


def test_an_oci_folder_is_an_image(tmp_path: Path) -> None:
    for name in ("oci-layout", "index.json"):
        (tmp_path / name).write_text("{}")
    assert resolve_target(str(tmp_path)).kind is AssetKind.IMAGE


def test_sboms_and_other_files(tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_text('{"bomFormat": "CycloneDX"}')
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "Dockerfile").write_text("FROM x")
    assert resolve_target(str(tmp_path / "bom.json")).kind is AssetKind.SBOM
    assert resolve_target(str(tmp_path / "package.json")).kind is AssetKind.REPOSITORY
    assert resolve_target(str(tmp_path / "Dockerfile")).kind is AssetKind.REPOSITORY


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("alpine:3.19", "alpine:3.19"),
        ("image:alpine", "alpine"),
        ("registry.example:5000/team/shop:1.0", "registry.example:5000/team/shop:1.0"),
        ("shop@sha256:" + "a" * 64, "shop@sha256:" + "a" * 64),
    ],
)
def test_image_references(text: str, name: str) -> None:
    target = resolve_target(text)
    assert (target.kind, target.path, target.reference) == (AssetKind.IMAGE, None, name)
    assert target.asset is not None and target.asset.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nowhere",
        "./nowhere",
        "team/shop",
        "https://git.example/x.git",
        "image:-x",
        "x" * 5000,
        "~nobody-of-this-name/x",
    ],
)
def test_what_cannot_be_meant_is_an_error_with_words(text: str) -> None:
    with pytest.raises(UserError) as caught:
        resolve_target(text)
    assert str(caught.value)


def test_a_word_that_looks_like_an_option_is_no_image() -> None:
    with pytest.raises(UserError):
        resolve_target("--input:x")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.spdx.json", '{"packages":[' + " " * 9000 + '],"spdxVersion":"SPDX-2.3"}'),
        ("a.cdx", '{"bomFormat":"CycloneDX"}'),
        ("a.bom", '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>'),
    ],
)
def test_sboms_by_other_names_and_with_sorted_keys(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert resolve_target(str(tmp_path / name)).kind is AssetKind.SBOM
    (tmp_path / "b.cdx").write_text("x" * 9000)
    assert resolve_target(str(tmp_path / "b.cdx")).kind is AssetKind.REPOSITORY


def test_a_folder_that_may_not_be_entered_is_named_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    with pytest.raises(UserError, match=f"^{tmp_path} cannot be read: Permission denied$"):
        resolve_target(str(tmp_path))
