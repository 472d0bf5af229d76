"""Where packages do not fit together: what pins say of each other first, then pip."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pip_stand_in import Index, calls, write_pip

from vigie.services.fixing.asked import Asked
from vigie.services.fixing.clashes import Examination, Examiner
from vigie.sources.registries.fitting import PipFit

INDEX: Index = {
    "web": {"1": ["page>=2", "gone"], "2": ["page>=3 ; python_version < '3'"]},
    "page": {"1": [], "2": []},
    "sourced": {"1": ["built"]},
    "built": {"1": None},
    "low": {"1": ["deep<2"]},
    "high": {"1": ["deep>=2"]},
    "deep": {"1": [], "2": []},
    "gone": {"1": []},
}


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return write_pip(tmp_path / "bin", INDEX)


def look(*texts: str, limits: tuple[str, ...] = ()) -> Examination:
    asked = Asked("r.txt")
    for text in texts:
        asked.add(text, "r.txt")
    for text in limits:
        asked.add(text, "c.txt", limit=True)
    return Examiner(PipFit()).look(asked)


def test_pins_that_another_asks_otherwise(log: Path) -> None:
    found = look("web==1", "page==1")
    (clash,) = found.clashes
    assert (found.fits, clash.by, clash.target, clash.at) == (False, "web", "page", "1")
    assert look("web==1", "page==2").fits is True
    assert look("web==2", "page==1").fits is True  # its marker does not hold
    (held,) = look("web==1", limits=("page==1",)).clashes
    assert (held.at, held.path) == ("1", "c.txt")


def test_a_range_in_the_way_is_known_from_pip(log: Path) -> None:
    (clash,) = look("web==1", "page<2").clashes
    assert (clash.by, clash.target, clash.at) == ("web", "page", "")


def test_what_lies_deeper_is_a_group(log: Path) -> None:
    found = look("low==1", "high==1")
    assert (found.fits, found.clashes) == (False, ())
    assert [(d.name, str(d.asked)) for d in found.group] == [
        ("low", "deep<2"), ("high", "deep>=2"),
    ]  # fmt: skip


def test_without_a_wheel_below_nobody_can_tell(log: Path) -> None:
    assert look("sourced==1") == Examination(None, without_wheel=frozenset({"built"}))
    own = look("built==1", "page==1")
    assert (own.fits, own.without_wheel) == (True, frozenset({"built"}))
    ranged = look("built>=1", "page==1")
    assert (ranged.fits, ranged.without_wheel) == (True, frozenset({"built"}))


def test_the_same_is_asked_once(log: Path) -> None:
    examiner = Examiner(PipFit())
    for _ in range(2):
        asked = Asked("r.txt")
        asked.add("page==1", "r.txt")
        examiner.look(asked)
    assert len(calls(log)) == 3  # the interpreter, what the pin asks for, and all of it
