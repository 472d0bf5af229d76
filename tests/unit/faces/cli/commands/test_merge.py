"""`vigie merge`: reports in, one answer out, and an exit code that tells the truth."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import structlog
from tests.unit.faces.cli.conftest import Call

from vigie.wiring import plugs
from vigie.wiring.plugs import REPORTS


def test_a_report_becomes_a_ranked_table(vigie: Call, report: Path) -> None:
    done = vigie("merge", report)
    assert done.code == 0
    assert "CVE-" in done.out


def test_one_unreadable_report_does_not_lose_the_others_and_is_exit_2(
    vigie: Call, report: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text('{"matches": [')
    done = vigie("merge", report, "broken.json", "--format", "json=r.json")
    assert done.code == 2
    assert "broken.json" in done.err
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["findings"]
    assert {run["outcome"] for run in result["runs"]} >= {"failed"}


def test_no_readable_report_at_all_is_an_error_with_a_hint(vigie: Call, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("")
    done = vigie("merge", "empty.json")
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert "hint: " in done.err


def test_the_format_can_be_forced_and_must_exist(vigie: Call, report: Path) -> None:
    assert vigie("merge", report, "--as", "grype").code == 0
    done = vigie("merge", report, "--as", "gripe")
    assert done.code == 2
    assert "grype" in done.err


def test_help_lists_the_formats(vigie: Call) -> None:
    assert "grype" in vigie("merge", "--help").out


def test_limits_of_the_settings_hold(vigie: Call, report: Path) -> None:
    done = vigie("merge", report, VIGIE_LIMITS__REPORT_BYTES="100")
    assert done.code == 2


def test_the_clock_can_be_fixed(vigie: Call, report: Path, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        vigie("merge", report, "--format", f"json={name}", SOURCE_DATE_EPOCH="1735689600")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["created"] == "2025-01-01T00:00:00Z"


def test_a_baseline_marks_what_is_new(
    vigie: Call, report: Path, result: Path, tmp_path: Path
) -> None:
    vigie("merge", report, "--baseline", result, "--format", "json=second.json")
    findings = json.loads((tmp_path / "second.json").read_text())["findings"]
    assert findings
    assert {finding["new"] for finding in findings} == {False}


def test_a_suppression_file_is_applied_and_shown(vigie: Call, report: Path, tmp_path: Path) -> None:
    (tmp_path / "r0.json").unlink(missing_ok=True)
    vigie("merge", report, "--format", "json=r0.json")
    rule = json.loads((tmp_path / "r0.json").read_text())["findings"][0]["rule"]["id"]
    entry = f"- id: S1\n  rule: {rule}\n  owner: ana\n  expires: 2999-01-01\n"
    (tmp_path / "s.yaml").write_text(f"suppressions:\n{entry}  reason: not shipped\n")
    done = vigie("merge", report, "--suppress", "s.yaml", "--format", "json=r.json")
    assert done.code == 0
    findings = json.loads((tmp_path / "r.json").read_text())["findings"]
    assert [f["rule"]["id"] for f in findings if f["status"] == "suppressed"] == [rule]
    (tmp_path / "s.yaml").write_text(f"suppressions:\n{entry}")
    done = vigie("merge", report, "--suppress", "s.yaml")
    assert done.code == 2
    assert "reason" in done.err


def test_a_policy_judges_the_merge(vigie: Call, report: Path, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("name: all\nblock:\n- {name: any, severity: none}\n")
    (tmp_path / "no.yaml").write_text("name: nothing\nblock: []\n")
    assert vigie("merge", report, "--policy", "all.yaml").code == 1
    assert vigie("merge", report, "--policy", "no.yaml").code == 0


def test_an_unreadable_report_is_never_hidden_by_a_gate_that_passes(
    vigie: Call, report: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text('{"matches": [')
    (tmp_path / "no.yaml").write_text("name: nothing\nblock: []\nrequire: {complete: false}\n")
    assert vigie("merge", report, "broken.json", "--policy", "no.yaml").code == 2
    (tmp_path / "strictly.yaml").write_text("name: nothing\nblock: []\n")
    assert vigie("merge", report, "broken.json", "--policy", "strictly.yaml").code == 3


def test_verbose_logs_each_step_as_json_off_a_terminal(vigie: Call, report: Path) -> None:
    done = vigie("merge", report, "-v", "--format", "json=r.json")
    events = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    assert [event["event"] for event in events] == ["read", "concluded", "writing"]
    assert events[0]["observations"] == 3
    structlog.reset_defaults()


def test_without_it_nothing_is_logged(vigie: Call, report: Path) -> None:
    assert "{" not in vigie("merge", report, "--format", "json=r.json").err


def test_a_broken_third_party_plug_is_told_and_stops_nothing(
    vigie: Call, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = EntryPoint("acme", "no_such_package_anywhere:PARSER", REPORTS.group)

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [broken] if group == REPORTS.group else []

    monkeypatch.setattr(plugs, "entry_points", entry_points)
    done = vigie("merge", report, "--format", "json=r.json")
    assert done.code == 0
    assert "report format 'acme' is disabled" in done.err
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["findings"]
    assert [problem["code"] for problem in result["problems"]] == ["plug"]
