"""Writing: all or nothing, nobody's change is lost, and there is a way back."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from vigie.model.errors import UserError
from vigie.ports.patches import Edit
from vigie.services.fixing.writing import write_patch

WHEN = "2025-01-01T00:00:00Z"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "a.txt").write_bytes(b"1\r\n2")
    (root / "b.txt").write_bytes(b"b\n")
    return root


def edits() -> list[Edit]:
    return [Edit("a.txt", "1\r\n2", "1\r\ntwo"), Edit("b.txt", "b\n", "B\n")]


def contents(root: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(root.iterdir())}


def test_files_are_replaced_with_their_modes_and_can_be_undone(root: Path, tmp_path: Path) -> None:
    (root / "a.txt").chmod(0o750)
    undo = write_patch(root, edits(), WHEN, tmp_path / "undo.patch")
    assert contents(root) == {"a.txt": b"1\r\ntwo", "b.txt": b"B\n"}
    assert stat.S_IMODE((root / "a.txt").stat().st_mode) == 0o750
    patch = shutil.which("patch")
    if patch is None:
        pytest.skip("no patch on this machine")
    subprocess.run([patch, "-R", "-p1", "--binary", "-i", str(undo)], cwd=root, check=True)
    assert contents(root) == {"a.txt": b"1\r\n2", "b.txt": b"b\n"}


def test_the_undo_file_has_a_place_of_its_own(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    first = write_patch(root, edits(), WHEN)
    assert first.parent == tmp_path / "data" / "undo"
    assert first.name.startswith("shop-20250101T000000Z-")


def test_a_file_that_changed_meanwhile_stops_it(root: Path, tmp_path: Path) -> None:
    (root / "b.txt").write_bytes(b"mine\n")
    with pytest.raises(UserError, match=r"b\.txt has changed"):
        write_patch(root, edits(), WHEN, tmp_path / "undo.patch")
    assert contents(root) == {"a.txt": b"1\r\n2", "b.txt": b"mine\n"}
    assert not (tmp_path / "undo.patch").exists()


def test_a_file_that_changes_while_others_are_written_stops_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        (root / "b.txt").write_bytes(b"mine\n")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError, match=r"b\.txt has changed"):
        write_patch(root, edits(), WHEN, tmp_path / "undo.patch")
    assert contents(root) == {"a.txt": b"1\r\n2", "b.txt": b"mine\n"}


def test_a_failure_in_the_middle_puts_everything_back(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "b.txt":
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(UserError, match="No space left"):
        write_patch(root, edits(), WHEN, tmp_path / "undo.patch")
    assert contents(root) == {"a.txt": b"1\r\n2", "b.txt": b"b\n"}
    assert not (tmp_path / "undo.patch").exists()


def test_what_cannot_be_written_is_named_as_a_person_knows_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def failing(self: Path, mode: str = "r", *more: Any, **rest: Any) -> Any:
        if mode == "xb" and self.parent == root.resolve():
            raise OSError(30, "Read-only file system", str(self))
        return real(self, mode, *more, **rest)

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(UserError) as error:
        write_patch(root.resolve(), edits(), WHEN, tmp_path / "undo.patch")
    assert str(error.value.message) == (
        f"{root.resolve() / 'a.txt'} cannot be written: Read-only file system"
    )
    assert not (tmp_path / "undo.patch").exists()


def test_without_a_way_back_nothing_is_written(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError) as error:
        write_patch(root, edits(), WHEN, tmp_path / "file" / "undo.patch")
    assert "no way back" in str(error.value.hint)
    assert contents(root)["a.txt"] == b"1\r\n2"


def test_links_are_followed_inside_and_refused_outside(root: Path, tmp_path: Path) -> None:
    (root / "link.txt").symlink_to("b.txt")
    write_patch(root, [Edit("link.txt", "b\n", "B\n")], WHEN, tmp_path / "1.patch")
    assert (root / "link.txt").is_symlink()
    assert (root / "b.txt").read_bytes() == b"B\n"
    (tmp_path / "out.txt").write_text("o")
    (root / "out.txt").symlink_to(tmp_path / "out.txt")
    with pytest.raises(UserError, match="leads out"):
        write_patch(root, [Edit("out.txt", "o", "O")], WHEN, tmp_path / "2.patch")
    with pytest.raises(UserError, match="leads out"):
        write_patch(root, [Edit("../out.txt", "o", "O")], WHEN, tmp_path / "3.patch")
    assert (tmp_path / "out.txt").read_text() == "o"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(root: Path, tmp_path: Path) -> None:
    root.chmod(0o500)
    with pytest.raises(UserError, match="cannot be written"):
        write_patch(root, edits(), WHEN, tmp_path / "undo.patch")
