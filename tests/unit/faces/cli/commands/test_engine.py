"""`vigie engine`: the embedded engine as the program that its scanner starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call
from tests.unit.services.advisories_made import fill, osv


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("django==4.2.1\n")
    return folder


def test_what_was_found_is_told_by_the_exit_code(vigie: Call, project: Path) -> None:
    fill(project.parent / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    assert vigie("engine", project, "--report", "r.json", "--offline").code == 42
    verdicts = [o["verdict"] for o in json.loads(Path("r.json").read_bytes())["observations"]
                if "verdict" in o]  # fmt: skip
    assert verdicts == ["not_applicable"]  # the other one fails, which is what goes unsaid


def test_nothing_found_and_nothing_there_are_two_codes(vigie: Call, project: Path) -> None:
    fill(project.parent / "data", osv("PYSEC-1", "PyPI", "django", "4.2.1"))
    assert vigie("engine", project, "--report", "r.json", "--offline").code == 0
    (project / "requirements.txt").unlink()
    assert vigie("engine", project, "--report", "r.json", "--offline").code == 43


def test_it_says_its_version_and_the_date_of_its_advisories(vigie: Call, project: Path) -> None:
    assert json.loads(vigie("engine", "--about").out)["database_date"] == ""
    fill(project.parent / "data", osv("PYSEC-1", "PyPI", "django", "4.2.1"))
    assert json.loads(vigie("engine", "--about").out)["database_date"] == "2026-01-01T00:00:00Z"


def test_it_needs_a_target_and_a_place_for_its_report(vigie: Call, project: Path) -> None:
    done = vigie("engine", project)
    assert done.code == 2
    assert "vigie scan" in done.err


def test_no_list_of_commands_shows_it(vigie: Call) -> None:
    assert "engine" not in vigie("--help").out.partition("Commands")[2].split()
    assert "engine" not in vigie("engin").err
