"""The folder: what editors may read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.services.fixing import folder as module
from vigie.services.fixing.folder import open_folder, wanted_files
from vigie.wiring.plugs import PATCHES, Plugs


def test_texts_keep_their_line_endings_and_nothing_outside_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (root / "a.txt").write_bytes(b"1\r\n2\n")
    (root / "latin.txt").write_bytes(b"\xe9")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    folder = open_folder(root)
    assert folder.read("a.txt") == "1\r\n2\n"
    for path in ("latin.txt", "link.txt", "../secret.txt", "gone.txt", ".", "a\x00b"):
        assert folder.read(path) is None
    folder.changed["a.txt"] = "new"
    assert (folder.read("a.txt"), folder.original("a.txt")) == ("new", "1\r\n2\n")


def test_a_file_stands_for_its_folder(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    assert open_folder(tmp_path / "requirements.txt").root == tmp_path.resolve()
    with pytest.raises(UserError, match="no folder"):
        open_folder(tmp_path / "gone")


def test_files_are_found_by_their_editors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("a/go.mod", "requirements-dev.txt", "node_modules/x/package.json", "package.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    folder = open_folder(tmp_path)
    found = wanted_files(folder, Plugs(PATCHES).working(), ("node_modules",))
    assert found["go-mod"] == ["a/go.mod"]
    assert found["package-json"] == ["package.json"]
    assert found["requirements"] == ["requirements-dev.txt"]
    monkeypatch.setattr(module, "_MOST_FILES", 1)
    with pytest.raises(UserError, match="more than 1 files"):
        wanted_files(folder, {}, ())
