"""Corrections are kept whole, added to, and read back by the next run."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.services.corrections import keep_correction
from vigie.services.decisions import load_corrections
from vigie.triage.corrections import Correction

JOIN = Correction("join", ("a1", "b2"), reason="même faille")
SPLIT = Correction("split", ("a1",), "grype", "another package")


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    keep_correction(path, SPLIT)
    keep_correction(path, JOIN)
    assert load_corrections(path) == (JOIN, SPLIT)
    assert "même faille" in path.read_text(encoding="utf-8")


def test_the_same_correction_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    keep_correction(path, JOIN)
    keep_correction(path, JOIN)
    assert load_corrections(path) == (JOIN,)


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("suppressions: []\n")
    with pytest.raises(UserError):
        keep_correction(path, JOIN)
    assert path.read_text() == "suppressions: []\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        keep_correction(tmp_path / "none" / "c.yaml", JOIN)
