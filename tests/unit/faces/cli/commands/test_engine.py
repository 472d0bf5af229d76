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


def test_a_target_that_cannot_be_read_says_why_in_the_report(vigie: Call, project: Path) -> None:
    (project / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (project / "index.json").write_text("not json")
    assert vigie("engine", project, "--report", "r.json", "--offline").code == 44
    said = json.loads(Path("r.json").read_bytes())
    assert said["observations"] == []
    assert "asset" not in said
    (problem,) = said["problems"]
    assert problem["code"] == "report"
    # And the scan tells it in its own words, not as a failure of a program.
    done = vigie("scan", project, "--with", "embedded", "--offline", "--format", "json=s.json")
    assert done.code == 3
    assert "index.json of the image cannot be read" in done.err
    assert "exit code" not in done.err
    (run,) = json.loads(Path("s.json").read_bytes())["runs"]
    assert run["outcome"] == "failed"


def test_the_age_of_what_is_at_hand_is_said_also_where_other_advisories_are_missing(
    vigie: Call, project: Path
) -> None:
    fill(project.parent / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    (project / "Gemfile.lock").write_text("GEM\n  specs:\n    rake (13.0.6)\n")
    done = vigie("scan", project, "--with", "embedded", "--offline", "--max-db-age", "1")
    assert "days old, more than 1" in done.err
    assert "no advisories for RubyGems are at hand" in done.err


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
