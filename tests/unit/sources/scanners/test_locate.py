"""Vigie's own environments come before the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.stand_ins import StandIn, write_program

from vigie.ports.plugs import Needs
from vigie.ports.scanners import Recipe
from vigie.sources.scanners.locate import (
    binary_inside,
    locate,
    scanners_folder,
    service_address,
)


def test_data_folder_is_ours_then_the_desktop_standards(tmp_path: Path) -> None:
    assert scanners_folder({"VIGIE_DATA": str(tmp_path)}) == tmp_path / "scanners"
    assert scanners_folder({"XDG_DATA_HOME": "/d"}) == Path("/d/vigie/scanners")
    usual = Path.home() / ".local" / "share" / "vigie" / "scanners"
    assert scanners_folder({}) == usual
    assert scanners_folder({"XDG_DATA_HOME": "relative"}) == usual


def test_own_environment_wins_over_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    scanner = StandIn(recipe=Recipe("pypi", ("stand-in==1",)))
    assert locate(scanner, tmp_path) is None
    write_program(tmp_path / "path" / "stand-in", "")
    located = locate(scanner, tmp_path)
    assert located is not None and not located.own
    own = write_program(tmp_path / "stand-in" / "v1" / "bin" / "stand-in", "")
    (tmp_path / "stand-in" / "current").symlink_to("v1")
    located = locate(scanner, tmp_path)
    assert located is not None and located.own
    assert located.binary == own  # without the link, which may lead elsewhere a moment later


def test_a_program_that_may_not_be_run_is_not_one(tmp_path: Path) -> None:
    program = write_program(tmp_path / "stand-in" / "current" / "bin" / "stand-in", "")
    program.chmod(0o644)
    assert locate(StandIn(recipe=Recipe("pypi", ("stand-in==1",))), tmp_path) is None


def test_where_a_registry_puts_programs() -> None:
    assert binary_inside(Recipe("pypi", ()), "x") == Path("bin/x")
    assert binary_inside(Recipe("npm", ()), "x") == Path("node_modules/.bin/x")
    assert binary_inside(Recipe("npm", (), "a/b"), "x") == Path("a/b")


def test_one_that_asks_a_server_is_here_when_somebody_said_where_that_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STAND-IN_URL", raising=False)
    scanner = StandIn()
    scanner.needs = Needs(service="url")
    assert locate(scanner) is None
    assert locate(scanner, settings={"url": ""}) is None
    located = locate(scanner, settings={"url": "https://u:p@clair.example"})
    assert located is not None
    assert (located.binary, located.service) == (Path(sys.executable), "clair.example")
    monkeypatch.setenv("STAND-IN_URL", "https://other.example")
    located = locate(scanner, settings={})
    assert located is not None and located.service == "https://other.example"
    assert service_address("stand-in", "url", {"url": "a"}) == "a"  # settings come first
