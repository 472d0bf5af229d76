"""Files and folders of reports become runs; what cannot be read is said and costs no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.model.errors import UserError
from vigie.model.runs import Outcome, ProblemCode
from vigie.services.intake import read_file, read_paths
from vigie.wiring.plugs import REPORTS, Plugs

PARSERS = Plugs(REPORTS)
GRYPE: dict[str, Any] = {
    "matches": [{"vulnerability": {"id": "CVE-2024-1"}, "artifact": {"name": "demo"}}],
    "descriptor": {"name": "grype", "version": "1"},
}


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_report_becomes_a_complete_run(tmp_path: Path) -> None:
    got = read_file(write(tmp_path / "x.txt", GRYPE), PARSERS)[0].run
    assert (got.tool, got.format, got.outcome) == ("grype", "grype", Outcome.COMPLETE)
    assert (got.records, got.observations) == (1, 1)
    assert got.coverage is not None


def test_a_lost_record_makes_the_run_partial_and_is_counted(tmp_path: Path) -> None:
    broken = {**GRYPE, "matches": [*GRYPE["matches"], {"vulnerability": {}}]}
    got = read_file(write(tmp_path / "x.json", broken), PARSERS)[0].run
    assert got.outcome is Outcome.PARTIAL
    assert got.records == got.observations + sum(bool(p.record) for p in got.problems) == 2


def test_a_folder_gives_every_report_in_it_and_passes_over_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "a.json", GRYPE)
    write(tmp_path / "b.json", GRYPE)
    write(tmp_path / "README.md", "# hello")
    write(tmp_path / ".hidden.json", "{")
    assert [r.run.tool for r in read_paths([tmp_path], PARSERS)] == ["grype", "grype"]


def test_one_bad_file_is_a_failed_run_and_costs_no_other(tmp_path: Path) -> None:
    bad, good = write(tmp_path / "a.json", "{"), write(tmp_path / "b.json", GRYPE)
    first, second = read_paths([bad, good], PARSERS)
    assert first.run.outcome is Outcome.FAILED
    assert first.run.problems[0].code is ProblemCode.REPORT
    assert second.run.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("content", ["", "{", "hello", "{}", "[]"])
def test_only_bad_files_are_an_error_with_a_hint(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError) as caught:
        read_paths([write(tmp_path / "a.json", content)], PARSERS)
    assert str(caught.value.hint)


def test_an_empty_folder_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.json"):
        with pytest.raises(UserError):
            read_paths([path], PARSERS)


def test_a_forced_format_is_used_whatever_the_content_looks_like(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {"matches": []})
    with pytest.raises(UserError):
        read_file(path, PARSERS)
    assert read_file(path, PARSERS, forced="grype")[0].run.records == 0
