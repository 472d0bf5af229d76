"""`vigie fix`: the plan is shown, the patch applies, and a second scan proves it."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.unit.faces.cli.conftest import Call

from vigie.faces.cli import scanning
from vigie.model.assets import AssetKind
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Target
from vigie.wiring.plugs import SCANNERS, Place, Plugs

# Reads the pins of a folder and knows of four flaws in them; writes what pip-audit would.
AUDIT = """
import json, pathlib, sys
FLAWS = {
    "requests": [("CVE-2099-1", "2.20.0"), ("CVE-2099-2", "2.31.0")],
    "flask": [("CVE-2099-3", "2.2.5")],
    "stubborn": [("CVE-2099-4", "1.5")],
    "six": [("CVE-2099-5", "")],
}
key = lambda v: tuple(int(n) for n in v.split("."))
found = []
for line in pathlib.Path(sys.argv[1], "requirements.txt").read_text().splitlines():
    name, _, version = line.partition("#")[0].strip().partition("==")
    vulns = [
        {"id": id, "fix_versions": [fix] if fix else []}
        for id, fix in FLAWS.get(name, [])
        if not fix or key(version) < key(fix) or name == "stubborn"
    ]
    found.append({"name": name, "version": version, "vulns": vulns})
print(json.dumps({"dependencies": found, "fixes": []}))
"""
PINS = "requests==2.19.0  # http\nflask==1.0\nsix==1.16.0\n"


class Audit:
    """A scanner that is a small program of ours."""

    name = "audit"
    label, format = "Audit", "pip-audit"
    needs = Needs(binary=Path(sys.executable).name)
    recipe = None
    advice = T("vigie scanners")
    has_database = False

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.REPOSITORY

    def command(self, _b: Path, target: Target, _w: Path, _c: Conditions) -> Command:
        return Command([sys.executable, "-c", AUDIT, str(target.path)])

    def refresh_command(self, _binary: Path) -> Command | None:
        return None

    def version_command(self, _binary: Path) -> Command:
        return Command([sys.executable, "--version"])

    def read_version(self, _output: str) -> Installation:
        return Installation(Path(sys.executable), "1.0")


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with pins, and no scanner but ours."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))

    class Here(Plugs):
        def __init__(self, place: Place) -> None:
            super().__init__(place)
            self.ours = place is SCANNERS

        def working(self) -> dict[str, Any]:
            found: Mapping[str, Any] = {"audit": Audit()} if self.ours else super().working()
            return dict(found)

    monkeypatch.setattr(scanning, "Plugs", Here)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "requirements.txt").write_text(PINS)
    return folder


def test_the_plan_is_shown_and_nothing_is_written(vigie: Call, shop: Path) -> None:
    done = vigie("fix", "shop", "--offline")
    assert done.code == 0, done.err
    assert "2 upgrades clear 3 findings; the patch does 3 of them." in done.out
    assert "✓ Upgrade requests from 2.19.0 to 2.31.0" in done.out
    assert "whether the version exists was not checked" in done.out
    assert "CVE-2099-5 (six 1.16.0): nobody has released a fix yet" in done.out
    assert "+requests==2.31.0  # http" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    assert (shop / "requirements.txt").read_text() == PINS


def test_it_speaks_french(vigie: Call) -> None:
    done = vigie("fix", "shop", "--offline", "--lang", "fr")
    assert "2 mises à niveau : 3 constats en moins, dont 3 grâce au correctif." in done.out
    assert "Mettre à niveau flask de 1.0 à 2.2.5" in done.out
    assert "version majeure" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_write_applies_and_proves(vigie: Call, shop: Path, tmp_path: Path) -> None:
    done = vigie("fix", "shop", "--offline", "--write")
    assert done.code == 0, done.err
    assert "✓ As predicted." in done.out
    assert (shop / "requirements.txt").read_text() == (
        "requests==2.31.0  # http\nflask==2.2.5\nsix==1.16.0\n"
    )
    assert "To undo it: patch -R -p1 -d" in done.err
    (undo,) = (tmp_path / "data" / "undo").iterdir()
    patch = shutil.which("patch")
    if patch is None:
        pytest.skip("no patch on this machine")
    subprocess.run([patch, "-R", "-p1", "-i", str(undo)], cwd=shop, check=True)
    assert (shop / "requirements.txt").read_text() == PINS


def test_the_way_back_can_be_typed_where_a_folder_has_a_space(
    vigie: Call, shop: Path, tmp_path: Path
) -> None:
    there = shop.rename(tmp_path / "my shop")
    done = vigie("fix", "my shop", "--offline", "--write")
    (line,) = (line for line in done.err.splitlines() if line.startswith("To undo it: "))
    patch = shlex.split(line.removeprefix("To undo it: "))
    assert patch[:5] == ["patch", "-R", "-p1", "-d", str(there)]
    assert patch[5] == "<"
    assert Path(patch[6]).is_file()


def test_of_a_list_of_packages_the_flaws_are_looked_up_first(
    vigie: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vigie("sbom", "shop", "--format", "cyclonedx=list.json").code == 0
    monkeypatch.setattr(Audit, "handles", lambda *_: True)
    assert "Audit starts list.json" in vigie("fix", "list.json", "--offline").err


def test_a_prediction_that_does_not_come_true_is_exit_1(vigie: Call, shop: Path) -> None:
    (shop / "requirements.txt").write_text("stubborn==1.0\n")
    done = vigie("fix", "shop", "--offline", "--write", "--format", "json")
    assert done.code == 1
    proof = json.loads(done.out)["proof"]
    assert (proof["met"], len(proof["still_there"])) == (False, 1)
    assert proof["predicted"]["total"] == 0
    assert proof["after"]["total"] == 1
    (shop / "requirements.txt").write_text("stubborn==1.0\n")
    table = vigie("fix", "shop", "--offline", "--write")
    assert "✗ Not as predicted." in table.out
    assert "still there: CVE-2099-4" in table.out


def test_what_there_is_nothing_to_write_for_is_fine(vigie: Call, shop: Path) -> None:
    (shop / "requirements.txt").write_text("six==1.16.0\n")
    done = vigie("fix", "shop", "--offline", "--write")
    assert done.code == 0
    assert "There is nothing to write." in done.err


def test_without_findings_nothing_is_needed(vigie: Call, shop: Path) -> None:
    (shop / "requirements.txt").write_text("flask==2.2.5\n")
    assert "No upgrade is needed: nothing was found." in vigie("fix", "shop", "--offline").out
    (shop / "requirements.txt").write_text("six==1.16.0\n")
    assert "nothing offers a fixed version" in vigie("fix", "shop", "--offline").out


def test_a_saved_result_is_fixed_in_its_folder_and_scanned_with_the_same(
    vigie: Call, shop: Path, tmp_path: Path
) -> None:
    assert vigie("scan", "shop", "--format", "json=r.json").code == 0
    done = vigie("fix", "r.json", "--offline", "--write", "--with", "audit")
    assert done.code == 0, done.err
    assert "✓ As predicted." in done.out
    assert "2.31.0" in (shop / "requirements.txt").read_text()
    shutil.move(shop, tmp_path / "elsewhere")
    nowhere = vigie("fix", "r.json", "--offline")
    assert "there is no folder to patch" in nowhere.out
    refused = vigie("fix", "r.json", "--offline", "--write")
    assert refused.code == 2
    assert "--in FOLDER" in refused.err
    assert vigie("fix", "r.json", "--offline", "--in", "gone").code == 2
    (tmp_path / "elsewhere" / "requirements.txt").write_text(PINS)
    assert "+flask==2.2.5" in vigie("fix", "r.json", "--offline", "--in", "elsewhere").out


def test_reports_of_others_are_enough(vigie: Call, report: Path, shop: Path) -> None:
    (shop / "requirements.txt").write_text("first==1.0\nsecond==1.0\n")
    done = vigie("fix", report, "--in", "shop", "--offline", "--write")
    assert done.code == 0, done.err
    assert (shop / "requirements.txt").read_text() == "first==1.1\nsecond==2.0\n"
    assert "build it, scan it and compare" in done.err


def test_the_patch_is_one_that_git_applies(vigie: Call, shop: Path, tmp_path: Path) -> None:
    done = vigie("fix", "shop", "--offline", "--format", "diff", "--patch", "p.patch")
    assert done.code == 0
    assert done.raw == (tmp_path / "p.patch").read_text()
    git = shutil.which("git")
    if git is None:
        pytest.skip("no git on this machine")
    subprocess.run([git, "apply", str(tmp_path / "p.patch")], cwd=shop, check=True)
    assert (shop / "requirements.txt").read_text().startswith("requests==2.31.0  # http\nflask==2")


def test_only_and_jump_narrow_the_plan(vigie: Call) -> None:
    done = vigie("fix", "shop", "--offline", "--only", "requests,six", "--format", "json")
    whole = json.loads(done.out)
    assert [step["package"] for step in whole["steps"]] == ["requests"]
    assert whole["predicted"]["total"] == 2
    minor = json.loads(vigie("fix", "shop", "--offline", "--jump", "minor", "--format", "json").out)
    assert [step["package"] for step in minor["steps"]] == ["requests"]
    assert {one["code"] for one in minor["plan"]["remains"]} == {"too_far", "no_fix"}
    assert vigie("fix", "shop", "--offline", "--only", "nope").code == 2
    assert vigie("fix", "shop", "--offline", "--jump", "giant").code == 2


def test_markdown_is_for_a_merge_request(vigie: Call, tmp_path: Path) -> None:
    done = vigie("fix", "shop", "--offline", "--format", "markdown=fix.md", "--format", "table")
    assert done.code == 0
    page = (tmp_path / "fix.md").read_text()
    assert "1. **Upgrade requests from 2.19.0 to 2.31.0**" in page
    assert "| findings | 4 | 1 | 1 |" in page
    assert "```diff\n--- a/requirements.txt" in page


def test_forms_that_cannot_be_are_refused(vigie: Call) -> None:
    assert vigie("fix", "shop", "--format", "pdf").code == 2
    assert vigie("fix", "shop", "--format", "json", "--format", "diff").code == 2
    assert vigie("fix", "gone").code == 2


def test_names_out_of_reports_do_not_become_markup(vigie: Call, shop: Path, tmp_path: Path) -> None:
    flaw = {"id": "CVE-2099-9 <img> | `x`", "fix_versions": ["2.0\x1b[31m\n+evil"]}
    report = {"dependencies": [{"name": "*a*", "version": "1.0", "vulns": [flaw]}], "fixes": []}
    (tmp_path / "evil.json").write_text(json.dumps(report))
    shown = vigie("fix", "evil.json", "--in", "shop", "--offline")
    assert "\x1b" not in shown.out
    page = vigie("fix", "evil.json", "--in", "shop", "--offline", "--format", "markdown").out
    assert "<img>" not in page
    assert "\n+evil" not in page
    assert (shop / "requirements.txt").read_text() == PINS


def test_a_saved_result_that_is_not_whole_says_so(vigie: Call, shop: Path, tmp_path: Path) -> None:
    vigie("scan", "shop", "--format", "json=r.json")
    saved = json.loads((tmp_path / "r.json").read_text())
    saved["runs"][0]["outcome"] = "partial"
    (tmp_path / "r.json").write_text(json.dumps(saved))
    done = vigie("fix", "r.json", "--offline")
    assert done.code == 3
    assert "What was not looked at is unknown, not safe." in done.out
    (shop / "requirements.txt").write_text("")
    saved["findings"] = []
    (tmp_path / "r.json").write_text(json.dumps(saved))
    empty = vigie("fix", "r.json", "--offline")
    assert empty.code == 3
    assert "unknown, not safe" in empty.out


def test_more_than_was_predicted_is_counted(
    vigie: Call, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a hardened Dockerfile clears is in no plan of upgrades."""
    (shop / "Dockerfile").write_text("FROM python:3.12\nMAINTAINER shop\nCMD python app.py\n")
    seen = (
        'if "MAINTAINER" in pathlib.Path(sys.argv[1], "Dockerfile").read_text():\n'
        '    found.append({"name": "old", "version": "1", "vulns": [{"id": "CVE-2099-9"}]})\n'
    )
    monkeypatch.setattr(f"{__name__}.AUDIT", AUDIT.replace("print(", f"{seen}print("))
    done = vigie("fix", "shop", "--offline", "--write", "--with", "audit")
    assert "✓ As predicted." in done.out
    assert "1 finding more than predicted is gone." in done.out
    again = vigie("fix", "shop", "--offline", "--write", "--with", "audit")
    assert "more than predicted" not in again.out
