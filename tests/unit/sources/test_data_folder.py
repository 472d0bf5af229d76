"""One folder for what comes from outside, where the person or the desktop standard says."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.sources.data_folder import data_folder


def test_our_own_variable_wins_then_the_desktop_standards(tmp_path: Path) -> None:
    assert data_folder({"VIGIE_DATA": "/a", "XDG_DATA_HOME": "/b"}) == Path("/a")
    assert data_folder({"XDG_DATA_HOME": "/b", "HOME": "/c"}) == Path("/b/vigie")
    assert data_folder({"HOME": "/c"}) == Path("/c/.local/share/vigie")


def test_a_relative_folder_of_the_standard_is_ignored() -> None:
    assert data_folder({"XDG_DATA_HOME": "b", "HOME": "/c"}) == Path("/c/.local/share/vigie")
    assert data_folder({"XDG_DATA_HOME": "b", "HOME": "c"}).is_absolute()


def test_a_relative_folder_of_ours_is_taken_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_folder({"VIGIE_DATA": "kept"}) == tmp_path / "kept"
