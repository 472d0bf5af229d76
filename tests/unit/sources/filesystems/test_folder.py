"""What is special about a folder; the rest is in the behaviour suite of all file systems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.model.runs import ProblemCode
from vigie.sources.filesystems.folder import FolderSystem


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a/one", "b/c/two", "b/three", "four"):
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "root"


def paths(system: FolderSystem) -> list[str]:
    return [entry.path for entry in system.entries()]


def content(system: FolderSystem, path: str) -> bytes:
    with system.open(path) as file:
        return file.read()


def test_folders_are_left_out_by_their_path(root: Path) -> None:
    asked: list[str] = []

    def skip(path: str) -> bool:
        asked.append(path)
        return path == "b/c"

    system = FolderSystem(root, skip=skip)
    assert paths(system) == ["a/one", "b/three", "four"]
    assert sorted(asked) == ["a", "b", "b/c"]
    assert content(system, "b/c/two") == b"b/c/two"  # whoever asks for it by name gets it


def test_a_folder_without_permission_is_a_problem(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("/b"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    system = FolderSystem(root)
    assert paths(system) == ["a/one", "four"]
    (problem,) = system.problems
    assert (problem.code, problem.where) == (ProblemCode.RECORD, "b")
    assert str(problem.message) == "b cannot be read: Permission denied"
    paths(system)
    assert len(system.problems) == 1  # said once, however often it is walked


def test_many_problems_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(150):
        (tmp_path / f"d{number:03}").mkdir()
    real, system = os.scandir, FolderSystem(tmp_path)

    def scandir(path: str) -> object:
        if str(path).rpartition("/")[2].startswith("d"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert paths(system) == []
    assert len(system.problems) == 101
    assert str(system.problems[-1].message) == "50 more folders could not be read"


def test_a_folder_that_goes_away_holds_nothing(root: Path) -> None:
    system = FolderSystem(root)
    seen = []
    for entry in system.entries():
        seen.append(entry.path)
        if entry.path == "a/one":
            (root / "b/c/two").unlink()
            (root / "b/c").rmdir()
    assert seen == ["a/one", "b/three", "four"]
    assert list(system.problems) == []


def test_other_devices_are_left_out_when_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths(FolderSystem(root, one_device=True)) == ["a/one", "b/c/two", "b/three", "four"]
    system = FolderSystem(root, one_device=True)
    monkeypatch.setattr(system, "_device", -1)
    assert paths(system) == ["four"]


def test_names_that_are_no_utf8_can_be_opened_as_shown(root: Path) -> None:
    odd = os.fsencode(root) + b"/caf\xe9"
    os.mkdir(odd)  # noqa: PTH102 - bytes
    with open(odd + b"/\xff", "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"x")
    system = FolderSystem(root)
    shown = next(path for path in paths(system) if path.startswith("caf"))
    assert shown == "caf\\xe9/\\xff"
    assert content(system, shown) == b"x"
    found = system.find(shown)
    assert found is not None and found.path == shown
    # Also a file of a plain name below, which its reader opens by what it was shown as.
    with open(odd + b"/plain", "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"y")
    assert [content(system, path) for path in paths(system) if path.endswith("plain")] == [b"y"]


def test_links_are_followed_as_if_the_root_were_the_whole_world(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    (root / "up").symlink_to("../secret")
    (root / "top").symlink_to(tmp_path / "secret")
    (root / "dir").symlink_to(tmp_path)
    (root / "self").symlink_to("/a/one")
    system = FolderSystem(root)
    for path in ("up", "top", "dir/secret", "../secret", "a/../../secret"):
        assert system.find(path) is None
        with pytest.raises(FileNotFoundError):
            system.open(path)
    assert content(system, "self") == b"a/one"
    assert "up" not in paths(system)


def test_pipes_do_not_hold_it_up(root: Path) -> None:
    os.mkfifo(root / "pipe")
    system = FolderSystem(root)
    assert "pipe" not in paths(system)
    with pytest.raises(FileNotFoundError):
        system.open("pipe")


def test_what_is_no_folder_is_refused(root: Path) -> None:
    for path in (root / "four", root / "absent"):
        with pytest.raises(UserError, match="cannot be read"):
            FolderSystem(path)


def test_the_root_of_the_machine_itself() -> None:
    system = FolderSystem(Path("/"), skip=lambda path: path != "etc" and "/" not in path)
    found = system.find("etc/passwd")
    assert found is not None and found.path == "etc/passwd"
    assert all(path.count("/") == 0 or path.startswith("etc/") for path in paths(system))


def test_a_path_that_nobody_reads_is_told_without_its_middle(tmp_path: Path) -> None:
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):  # further down than a path can say
        os.mkdir("d" * 200, dir_fd=place)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
    system = FolderSystem(tmp_path)
    assert paths(system) == []
    (problem,) = system.problems
    assert len(str(problem.message)) < 400
    assert "…" in problem.where
