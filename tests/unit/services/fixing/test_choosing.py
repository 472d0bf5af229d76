"""What was decided for fit, and that the plan follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.pip_stand_in import write_pip
from tests.unit.services.test_fix import result
from tests.unit.triage.build import flaw

from vigie.model.text import T
from vigie.ports.patches import Upgrade
from vigie.services.fixing.choosing import Choices, Companion, Floor, is_below
from vigie.services.fixing.clashes import Clash
from vigie.sources.registries.fitting import Demand, PipFit
from vigie.triage.plan import plan
from vigie.triage.upgrades import PlanOptions

VERSIONS: dict[str, list[str] | None] = {
    v: [] for v in ("1.0", "1.1", "1.2", "2.0", "2.1rc1", "3.0")
}
FOUND = result(
    flaw("CVE-1", "page", "1.0", fixed=("1.1",)), flaw("CVE-2", "web", "1.0", fixed=("1.1",))
)
NEEDS = Demand("web", "1.1", Requirement("page>=2"))


@pytest.fixture
def choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Choices:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    write_pip(tmp_path / "bin", {"page": VERSIONS, "web": VERSIONS, "side": VERSIONS})
    made = Choices(
        planning=lambda available: plan(FOUND.findings, PlanOptions(available=available)),
        listed=lambda _: None,
        pip=PipFit(),
        options=PlanOptions(),
    )
    made.again()
    return made


def version(choices: Choices, name: str) -> str:
    return next(step.version for step in choices.steps(name))


def test_a_need_and_a_floor_move_the_step(choices: Choices) -> None:
    assert version(choices, "page") == "1.1"
    choices.needs["page"] = (NEEDS,)
    choices.floors["web"] = Floor("1.2", "page", "2.0")
    choices.again()
    assert (version(choices, "page"), version(choices, "web")) == ("2.0", "1.2")
    assert choices.clears("page") == choices.clears("page") != frozenset()


def test_leaving_out_forgets_what_was_decided_for_it(choices: Choices) -> None:
    choices.needs["page"] = (NEEDS,)
    choices.floors["page"] = Floor("3.0", "web", "1.1")
    upgrade = Upgrade("pypi", "side", "1.0", "1.1")
    choices.companions["side"] = Companion(upgrade, "web", Clash(NEEDS, "1.0", "r", "r"))
    choices.again()
    assert [u for _, group in choices.pairs() for u in group].count(upgrade) == 1
    assert (choices.moving("side"), choices.moving("page")) == ("web", "page")
    choices.leave_out("web", T("by hand"))
    assert (choices.needs, choices.floors, choices.companions) == ({}, {}, {})
    assert (choices.moving("web"), choices.moving("side")) == ("", "")
    assert version(choices, "page") == "1.1"


def test_versions_that_suit_are_releases_from_the_lowest(choices: Choices) -> None:
    assert choices.fitting("page", (NEEDS,)) == ["2.0", "3.0"]
    assert choices.unharmed("page", "1.0", ["1.1", "2.0"]) == ["1.1", "2.0"]
    choices.options = PlanOptions(longest="minor", still_affected=lambda _, v: {"x"} & {v * 0})
    assert choices.unharmed("page", "1.0", ["1.1", "2.0"]) == ["1.1"]
    choices.options = PlanOptions(still_affected=lambda _, v: {"x"} if v == "1.1" else set())
    assert choices.unharmed("page", "1.0", ["1.1", "2.0"]) == ["2.0"]


def test_below_is_known_or_it_is_not() -> None:
    assert is_below("1.9", "1.10")
    assert not is_below("1.0", "1.0.0")
    assert not is_below("what", "1.0")
