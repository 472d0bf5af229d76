"""The words for what fits and what does not."""

from __future__ import annotations

from packaging.requirements import Requirement

from vigie.model.text import T
from vigie.services.fixing.asked import Asked
from vigie.services.fixing.clashes import Clash, Examination
from vigie.services.fixing.telling import left_out, notes, spoken
from vigie.sources.registries.fitting import Demand

DEMAND = Demand("web", "2", Requirement("page[x]>=3"))


def told(*seen: tuple[str, Examination], old: bool = False) -> list[str]:
    earlier = {"r.txt": T("by hand")} if old else {}
    pairs = [(Asked(path, files={path: None}), found) for path, found in seen]
    return [str(note) for note in notes(pairs, earlier, "3.11")]


def test_who_asks_for_what() -> None:
    asked = Demand("page", "", Requirement("page==1"))
    assert [str(text) for text in spoken([DEMAND, asked])] == [
        "web 2 asks for page>=3", "page==1 is asked for here",
    ]  # fmt: skip
    pinned = str(left_out(Clash(DEMAND, "1", "r.txt", "r.txt")))
    assert pinned == "left out of the patch: web 2 asks for page>=3, and 1 is asked for here"
    assert "with the rest: web 2" in str(left_out(Clash(DEMAND, "", "r.txt", "r.txt")))


def test_a_file_fits_only_when_all_of_its_sets_do() -> None:
    fits, unknown = Examination(True), Examination(None)
    refused = Examination(False, (Clash(DEMAND, "1", "r.txt", "r.txt"),))
    assert told(("r.txt", fits), ("s.txt", fits)) == [
        "pip finds that it fits together: r.txt, s.txt (Python 3.11, wheels only)"
    ]
    assert told(("r.txt", fits), ("r.txt", unknown)) == []
    assert told(("r.txt", fits), ("r.txt", refused)) == [
        "pip would refuse r.txt as it is patched: web 2 asks for page>=3"
    ]
    assert told(("r.txt", refused), old=True) == ["by hand"]


def test_what_has_no_wheel_is_named_once() -> None:
    (note,) = told(("r.txt", Examination(None, without_wheel=frozenset({"b", "a"}))))
    assert note.endswith("what it asks for: a, b")
