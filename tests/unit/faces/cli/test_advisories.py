"""How the database stands, in a table as wide as the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.advisory_samples import NOW, osv, write_dump

from vigie.faces.cli.advisories import show_status
from vigie.faces.cli.session import Session
from vigie.services.advisory_import import ImportOptions, import_paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "advisories"
    (tmp_path / "own.json").write_text(json.dumps(osv("OURS-1", modified="")))
    dump = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A"), {"id": "ODD", "affected": 1}])
    import_paths([dump, tmp_path / "own.json"], ImportOptions(NOW, folder=home))
    return home


def test_states_are_told_side_by_side(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    show_status(folder, "2026-06-01", 7, Session(environ={}), form="table")
    lines = {line.split()[0]: line for line in capfd.readouterr().out.splitlines() if line}
    assert "151 days ago" in lines["PyPI"] and "stale, 1 not read" in lines["PyPI"]
    assert lines["file:own.json"].count("unknown") == 2
    assert "stale, additions" in lines["file:own.json"]


def test_a_fresh_database_needs_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    show_status(folder, "2026-01-02", 7, Session(environ={}), form="table")
    out = capfd.readouterr().out
    assert "1 day ago" in out
    assert "not read" in out


def test_programs_get_all_of_it(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    show_status(folder, "2026-01-02", 7, Session(environ={}), form="json")
    plain = json.loads(capfd.readouterr().out)
    whole = {feed["name"]: feed["whole"] for feed in plain["feeds"]}
    assert whole == {"PyPI": True, "file:own.json": False}
    assert plain["ecosystems"] == {"PyPI": 1}
    assert plain["date"] == "2026-01-01T00:00:00Z"
