"""`vigie explain`: the evidence, and corrections that are kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.faces.cli.conftest import Call


def fingerprints(result: Path) -> list[str]:
    return [f["fingerprint"] for f in json.loads(result.read_text())["findings"]]


def test_a_finding_is_explained_with_its_evidence(vigie: Call, result: Path) -> None:
    done = vigie("explain", result, fingerprints(result)[0])
    assert done.code == 0
    for words in ("fingerprint: ", "severity: ", "fix: ", "Evidence", "joined because: ", "grype"):
        assert words in done.out


def test_it_is_explained_in_french(vigie: Call, result: Path) -> None:
    done = vigie("explain", result, fingerprints(result)[0], "--lang", "fr")
    for words in (
        "empreinte : ",
        "gravité : ",
        "correctif : ",
        "Preuves",
        "réuni parce que : ",
    ):
        assert words in done.out


def test_an_unknown_finding_is_exit_2(vigie: Call, result: Path) -> None:
    assert vigie("explain", result, "CVE-1999-0001").code == 2


def test_a_join_is_kept_and_applied_on_the_next_run(
    vigie: Call, report: Path, result: Path, tmp_path: Path
) -> None:
    one, other = fingerprints(result)[:2]
    done = vigie("explain", result, one, "--join", other, "--corrections", "c.yaml",
                 "--reason", "same flaw")  # fmt: skip
    assert done.code == 0
    assert "kept in c.yaml" in done.err
    done = vigie("merge", report, "--corrections", "c.yaml", "--format", "json=next.json")
    assert done.code == 0
    assert len(fingerprints(tmp_path / "next.json")) == len(fingerprints(result)) - 1


def test_a_correction_without_a_file_is_refused(vigie: Call, result: Path) -> None:
    one, other = fingerprints(result)[:2]
    done = vigie("explain", result, one, "--join", other)
    assert done.code == 2
    assert "--corrections FILE" in done.err


def test_a_lone_voice_cannot_be_split_and_a_strange_one_is_named(vigie: Call, result: Path) -> None:
    one = fingerprints(result)[0]
    alone = vigie("explain", result, one, "--split", "grype", "--corrections", "c.yaml")
    assert alone.code == 2
    assert "nothing to split" in alone.err
    strange = vigie("explain", result, one, "--split", "trivy", "--corrections", "c.yaml")
    assert "Choose from: grype" in strange.err


def test_a_finding_is_not_joined_with_itself(vigie: Call, result: Path) -> None:
    one = fingerprints(result)[0]
    done = vigie("explain", result, one, "--join", one, "--corrections", "c.yaml")
    assert done.code == 2
    assert not Path("c.yaml").exists()
