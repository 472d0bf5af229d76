"""`vigie gate`: the exit code is the answer, and every decision is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call

ALL = "name: all\nblock:\n- {name: anything, severity: none}\n"
NOTHING = "name: nothing\nblock: []\n"


@pytest.fixture(autouse=True)
def _policies(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(ALL)
    (tmp_path / "nothing.yaml").write_text(NOTHING)


def test_a_blocked_result_is_exit_1_and_names_rule_and_remedy(vigie: Call, result: Path) -> None:
    done = vigie("gate", result, "--policy", "all.yaml")
    assert done.code == 1
    assert done.out.startswith("✗ all: no, it may not ship")
    assert "blocked by anything" in done.out
    assert "→ Upgrade " in done.out


def test_what_nothing_blocks_is_exit_0(vigie: Call, result: Path) -> None:
    done = vigie("gate", result, "--policy", "nothing.yaml")
    assert (done.code, done.out) == (0, "✓ nothing: yes, it may ship\n")


def test_a_required_scanner_that_did_not_look_is_exit_3(
    vigie: Call, result: Path, tmp_path: Path
) -> None:
    (tmp_path / "need.yaml").write_text("name: need\nblock: []\nrequire: {scanners: [trivy]}\n")
    done = vigie("gate", result, "--policy", "need.yaml")
    assert done.code == 3
    assert "trivy" in done.out


def test_reports_are_merged_and_judged(vigie: Call, report: Path) -> None:
    assert vigie("gate", report, "--policy", "all.yaml").code == 1
    assert vigie("gate", report, "--policy", "nothing.yaml").code == 0


def test_a_waiver_lets_through_and_is_named(vigie: Call, result: Path, tmp_path: Path) -> None:
    waivers = "".join(
        f"- {{id: W{n}, reason: later, owner: ana, expires: 2999-01-01, fingerprint: {mark}}}\n"
        for n, mark in enumerate(
            f["fingerprint"] for f in json.loads(result.read_text())["findings"]
        )
    )
    (tmp_path / "waived.yaml").write_text(f"{ALL}waivers:\n{waivers}")
    done = vigie("gate", result, "--policy", "waived.yaml")
    assert done.code == 0
    assert "waived by W0 until 2999-01-01: later (ana)" in done.out


def test_new_only_passes_what_the_baseline_knows(vigie: Call, report: Path, result: Path) -> None:
    assert vigie("gate", result, "--policy", "new-only").code != 0
    done = vigie("gate", result, "--policy", "new-only", "--baseline", result)
    assert done.code == 0, done.out
    assert vigie("gate", report, "--policy", "new-only", "--baseline", result).code == 0


def test_the_verdict_is_in_every_format(vigie: Call, result: Path, tmp_path: Path) -> None:
    done = vigie("gate", result, "--policy", "all.yaml", "--format", "json=judged.json")
    assert done.code == 1
    judged = json.loads((tmp_path / "judged.json").read_text())
    assert judged["gate"]["outcome"] == "fail"


def test_the_verdict_is_spoken_in_french(vigie: Call, result: Path) -> None:
    done = vigie("gate", result, "--policy", "all.yaml", LANG="fr_FR.UTF-8")
    assert "non, cela ne peut pas partir" in done.out


def test_a_mixture_is_refused(vigie: Call, result: Path, report: Path) -> None:
    done = vigie("gate", result, report)
    assert done.code == 2
    assert "do not go together" in done.err


def test_an_unknown_policy_is_refused_with_the_choice(vigie: Call, result: Path) -> None:
    done = vigie("gate", result, "--policy", "strictest")
    assert done.code == 2
    assert "balanced" in done.err


def test_a_saved_gate_never_passes_an_unreadable_report(
    vigie: Call, report: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{")
    assert vigie("gate", report, "broken.json", "--policy", "nothing.yaml").code == 3
