"""What is installed, and how the rest is got."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stand_ins import StandIn, write_program

from vigie.model.errors import SourceError, UserError
from vigie.model.runs import Outcome
from vigie.ports.plugs import Needs
from vigie.ports.progress import Job
from vigie.ports.scanners import Installation, Recipe
from vigie.services import scanners as module
from vigie.services.scanners import install, survey


class Mute(StandIn):
    def read_version(self, _output: str) -> Installation | None:
        return None


def test_survey_tells_what_is_here_and_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("here", "mute"):
        write_program(tmp_path / name, "")
    known = {
        "mute": Mute(name="mute"),
        "here": StandIn(name="here", has_database=True, date="2026-01-01"),
        "away": StandIn(name="away", recipe=Recipe("pypi", ("away==1",))),
    }
    away, here, mute = survey(known, folder=tmp_path / "none")
    assert (away.name, away.installed, away.installable, str(away.advice)) == (
        "away", False, True, "get it",
    )  # fmt: skip
    assert (here.version, here.database_date, here.binary, here.own) == (
        "1.2.3", "2026-01-01", tmp_path / "here", False,
    )  # fmt: skip
    assert mute.installed and mute.problem is not None
    assert "does not run" in str(mute.problem.message)


def test_survey_tells_which_server_is_asked(tmp_path: Path) -> None:
    scanner = StandIn(name="asker")
    scanner.needs = Needs(service="url")
    (before,) = survey({"asker": scanner}, folder=tmp_path)
    assert (before.installed, before.configured, before.service) == (False, False, "")
    settings = {"asker": {"url": "https://clair.example"}}
    (after,) = survey({"asker": scanner}, folder=tmp_path, settings=settings)
    assert (after.installed, after.configured, after.service) == (
        True, True, "https://clair.example",
    )  # fmt: skip
    (usual,) = survey({"usual": StandIn(name="nowhere-to-be-found")}, folder=tmp_path)
    assert not usual.installed and usual.configured


class Ends:
    def __init__(self) -> None:
        self.seen: list[tuple[str, Outcome]] = []

    def planned(self, jobs: object) -> None: ...
    def started(self, job: object) -> None: ...
    def advanced(self, job: object, step: object) -> None: ...

    def finished(self, job: Job, outcome: Outcome, summary: object, seconds: float) -> None:
        self.seen.append((job.name, outcome))


def test_one_that_fails_does_not_keep_the_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def install_one(scanner: StandIn, *_: object, **__: object) -> Installation:
        if scanner.name == "a":
            raise SourceError("no network", "try again")
        return Installation(Path("/x/b"), "2")

    monkeypatch.setattr(module, "install_one", install_one)
    recipe = Recipe("pypi", ("x==1",))
    known = {name: StandIn(name=name, recipe=recipe) for name in ("b", "a")}
    known["without"] = StandIn(name="without")
    ends = Ends()
    first, second = install((), known, ends)
    assert first.problem is not None and str(first.problem.hint) == "try again"
    assert (second.name, second.version, second.problem) == ("b", "2", None)
    assert ends.seen == [("a", Outcome.FAILED), ("b", Outcome.COMPLETE)]


def test_unknown_name_is_an_error_before_anything_is_done() -> None:
    with pytest.raises(UserError, match="nonesuch"):
        install(("nonesuch",), {})
