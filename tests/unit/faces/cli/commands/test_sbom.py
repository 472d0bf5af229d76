"""`vigie sbom`: what is inside, in the forms that others read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("django==4.2.1\nsix==1.16.0\n")
    return folder


def test_cyclonedx_is_printed_by_default(vigie: Call, project: Path) -> None:
    done = vigie("sbom", project)
    bom = json.loads(done.out)
    assert done.code == 0
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert [c["purl"] for c in bom["components"]] == [
        "pkg:pypi/django@4.2.1",
        "pkg:pypi/six@1.16.0",
    ]
    assert bom["components"][0]["evidence"]["occurrences"] == [{"location": "requirements.txt"}]


def test_spdx_and_cyclonedx_go_to_files(vigie: Call, project: Path, tmp_path: Path) -> None:
    done = vigie("sbom", project, "--format", "spdx=a.json", "--format", "cyclonedx=b.json")
    assert done.code == 0
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["spdxVersion"] == "SPDX-2.3"
    assert [p["name"] for p in document["packages"][1:]] == ["django", "six"]
    assert json.loads((tmp_path / "b.json").read_text())["bomFormat"] == "CycloneDX"


def test_an_sbom_of_an_sbom_lists_the_same(vigie: Call, project: Path, tmp_path: Path) -> None:
    vigie("sbom", project, "--format", "spdx=a.spdx.json")
    again = json.loads(vigie("sbom", "a.spdx.json").out)
    assert {c["purl"] for c in again["components"]} == {
        "pkg:pypi/django@4.2.1",
        "pkg:pypi/six@1.16.0",
    }


def test_an_empty_folder_is_an_empty_list(vigie: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = vigie("sbom", "empty")
    assert (done.code, json.loads(done.out)["components"]) == (0, [])


def test_what_could_not_be_read_makes_it_incomplete(vigie: Call, project: Path) -> None:
    (project / "poetry.lock").write_text("junk [")
    done = vigie("sbom", project)
    assert done.code == 3
    assert "poetry.lock" in done.err
    assert len(json.loads(done.out)["components"]) == 2


def test_another_form_is_refused_with_a_hint(vigie: Call, project: Path) -> None:
    done = vigie("sbom", project, "--format", "html")
    assert done.code == 2
    assert "cyclonedx, spdx" in done.err


def test_a_target_that_is_not_there_is_refused(vigie: Call) -> None:
    done = vigie("sbom", "nowhere", LANG="fr_FR.UTF-8")
    assert done.code == 2
    assert "n'existe pas" in done.err


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_a_list_in_which_nobody_looked_for_flaws_never_passes_a_gate(
    vigie: Call, project: Path, tmp_path: Path, form: str
) -> None:
    vigie("sbom", project, "--format", f"{form}=shop.json")
    assert '"vulnerabilities"' not in (tmp_path / "shop.json").read_text()
    done = vigie("gate", "shop.json")
    assert done.code == 3
    assert "nothing was looked for" in done.out
