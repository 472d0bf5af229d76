"""`vigie scan`: from a target to an answer, with a scanner of our own making."""

from __future__ import annotations

import json
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


class Fake:
    """A scanner that is a shell line: prints a file as its Grype report, or fails."""

    label, format = "Fake", "grype"
    needs = Needs(binary=Path(sys.executable).name)
    recipe = None
    advice = T("vigie scanners")
    has_database = False

    def __init__(self, name: str, report: Path, code: int = 0) -> None:
        self.name, self.report, self.code = name, report, code

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.REPOSITORY

    def command(self, binary: Path, _t: Target, _w: Path, _c: Conditions) -> Command:
        code = f"import sys; print(open({str(self.report)!r}).read()); sys.exit({self.code})"
        return Command([sys.executable, "-c", code], found=frozenset({0}))

    def refresh_command(self, _binary: Path) -> Command | None:
        return None

    def version_command(self, _binary: Path) -> Command:
        return Command([sys.executable, "--version"])

    def read_version(self, _output: str) -> Installation:
        return Installation(Path(sys.executable), "1.0")


@pytest.fixture
def scanners(monkeypatch: pytest.MonkeyPatch, report: Path) -> dict[str, Fake]:
    here = {"fake": Fake("fake", report)}
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}")

    class Here(Plugs):
        def __init__(self, place: Place) -> None:
            super().__init__(place)
            self.ours = place is SCANNERS

        def working(self) -> dict[str, Any]:
            found: Mapping[str, Any] = here if self.ours else super().working()
            return dict(found)

    monkeypatch.setattr(scanning, "Plugs", Here)
    return here


@pytest.mark.usefixtures("scanners")
def test_a_folder_is_scanned_and_the_answer_written(vigie: Call, tmp_path: Path) -> None:
    done = vigie("scan", ".", "--format", "json=r.json")
    assert done.code == 0, done.err
    assert "Fake starts ." in done.err
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["findings"]
    assert result["target"] == "."


@pytest.mark.usefixtures("scanners")
def test_quiet_shows_no_progress(vigie: Call) -> None:
    assert vigie("scan", ".", "-q", "--format", "json=r.json").err == ""


def test_a_scanner_that_crashes_makes_the_scan_incomplete_and_says_why(
    vigie: Call, scanners: dict[str, Fake], report: Path, tmp_path: Path
) -> None:
    scanners["broken"] = Fake("broken", report, code=9)
    done = vigie("scan", ".", "--format", "json=r.json")
    assert done.code == 3
    assert "exit code 9" in done.err
    assert json.loads((tmp_path / "r.json").read_text())["findings"]


def test_a_policy_decides_instead(vigie: Call, scanners: dict[str, Fake], tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("name: all\nblock:\n- {name: any, severity: none}\n")
    assert scanners
    assert vigie("scan", ".", "--policy", "all.yaml").code == 1
    assert vigie("gate", ".", "--policy", "all.yaml").code == 1


@pytest.mark.usefixtures("scanners")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["no-such-folder"], "no-such-folder"),
        ([".", "--with", "nessus"], "nessus"),
        ([".", "--timeout", "soon"], "--timeout"),
        ([".", "--exposure", "wide"], "--exposure"),
        ([".", "--kev", "none.json"], "none.json"),
        ([".", "--baseline", "none.json"], "none.json"),
        ([".", "--policy", "none.yaml"], "none.yaml"),
        ([".", "--vex", "none.json"], "none.json"),
        ([".", "--corrections", "none.yaml"], "none.yaml"),
    ],
)
def test_wrong_input_is_told_before_any_scanner_starts(
    vigie: Call, arguments: list[str], named: str
) -> None:
    done = vigie("scan", *arguments)
    assert done.code == 2
    assert named in done.err
    assert "starts" not in done.err


def test_where_a_wrong_setting_stands_is_said_in_french(vigie: Call, tmp_path: Path) -> None:
    typed = vigie("scan", tmp_path, "--timeout", "x", "--lang", "fr")
    assert "le réglage --timeout (ligne de commande)" in typed.err
    set_before = vigie("scan", tmp_path, "--lang", "fr", VIGIE_SCAN__TIMEOUT="x")
    assert "(environnement)" in set_before.err


def test_packages_that_are_only_listed_are_no_observations_of_flaws(
    vigie: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "requirements.txt").write_text("django==4.2.1\nsix==1.16.0\n")
    done = vigie("scan", "shop", "--with", "embedded", "--offline")
    assert "Vigie: 2 packages, 0 observations" in done.err
    french = vigie("scan", "shop", "--with", "embedded", "--offline", "--lang", "fr")
    assert "2 paquets, 0 observation " in french.err
