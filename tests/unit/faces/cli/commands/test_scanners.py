"""`vigie scanners`: what is here and what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.faces.cli.conftest import Call

from vigie.faces.cli.commands import scanners as command
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.services.scanners import Installed, Survey

HERE = Survey("grype", "Grype", True, T("x"), "0.87.0", "2025-01-01T00:00:00Z", True, Path("/b/g"))
AWAY = Survey("bandit", "Bandit", False, T("x"), installable=True)
BROKEN = Survey(
    "trivy", "Trivy", True, T("x"), problem=Problem(ProblemCode.CRASHED, T("does not run"))
)
NO_DATE = Survey("osv", "OSV", True, T("x"), "1", "", True, Path("/b/o"))
SERVER = Survey("clair", "Clair", True, T("x"), has_database=True, binary=Path("/b/python"),
                service="https://clair.example")  # fmt: skip
NO_SERVER = Survey("other", "Other", False, T("name its address"), configured=False)
EVERY = [HERE, AWAY, BROKEN, NO_DATE, SERVER, NO_SERVER]


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "survey", lambda _, **__: EVERY)


def test_each_scanner_has_its_line(vigie: Call) -> None:
    done = vigie("scanners", SOURCE_DATE_EPOCH="1736035200")
    assert done.code == 0
    lines = {line.split()[1]: line for line in done.out.splitlines() if len(line.split()) > 1}
    assert "✓ Grype" in lines["Grype"]
    assert "0.87.0" in lines["Grype"]
    assert "4 days old" in lines["Grype"]
    assert "not installed" in lines["Bandit"]
    assert "does not run" in lines["Trivy"]
    assert "unknown" in lines["OSV"]
    assert "https://clair.example" in lines["Clair"]
    assert "/b/python" not in done.out
    assert "not set up" in lines["Other"] and "name its address" in lines["Other"]
    assert done.out.rstrip().endswith("vigie scanners install bandit")


def test_it_speaks_french(vigie: Call) -> None:
    done = vigie("scanners", LANG="fr_FR")
    assert "absent" in done.out
    assert "Comment l'obtenir" in done.out


def test_an_unknown_name_or_action_is_refused(vigie: Call) -> None:
    assert vigie("scanners", "list", "nessus").code == 2
    done = vigie("scanners", "remove")
    assert done.code == 2
    assert "list, install" in done.err


def test_a_failed_installation_is_exit_3_and_says_why(
    vigie: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(ProblemCode.MISSING, T("no network"), hint=T("Try again."))
    asked: list[tuple[str, ...]] = []

    def install(names: tuple[str, ...], *_: object) -> list[Installed]:
        asked.append(names)
        return [Installed("bandit", "Bandit", problem=problem), Installed("x", "X", "1")]

    monkeypatch.setattr(command, "install", install)
    done = vigie("scanners", "install", "bandit", "x")
    assert done.code == 3
    assert "no network" in done.err
    assert asked == [("bandit", "x")]


def test_a_good_installation_is_exit_0(vigie: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "install", lambda *_: [Installed("x", "X", "1")])
    assert vigie("scanners", "install").code == 0
