"""Plugs are found by place and by entry point; none is imported before it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.wiring import plugs
from vigie.wiring.plugs import Place, Plugs


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A package of two good built-in plugs and one shared module, under a name of its own."""
    package = f"plugs_of_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("PLUG = 'first'\n")
    (folder / "number_two.py").write_text("PLUG = 'second'\n")
    (folder / "_shared.py").write_text("PLUG = 'no plug'\n")
    (folder / "outside.py").write_text("raise RuntimeError('imported too early')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return Place("report", (package,), "PLUG", "format", "vigie.test")


@pytest.fixture
def third_party(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, EntryPoint]:
    """Entry points as an installed package would bring them: one good, three broken."""
    module = f"third_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{module}.py").write_text("PLUG = 'third'\n")
    (tmp_path / f"{module}_bad.py").write_text("import no_such_module_anywhere\n")
    points = {
        name: EntryPoint(name, value, "vigie.test")
        for name, value in {
            "good": f"{module}:PLUG",
            "missing": f"{module}_bad:PLUG",
            "nameless": f"{module}:OTHER",
            "one": f"{module}:PLUG",
        }.items()
    }

    def entry_points(*, group: str) -> list[EntryPoint]:
        return list(points.values()) if group == place.group else []

    monkeypatch.setattr(plugs, "entry_points", entry_points)
    return points


def test_modules_are_plugs_under_their_names_with_dashes(place: Place) -> None:
    found = Plugs(place)
    assert list(found) == ["number-two", "one", "outside"]
    assert found["number-two"] == "second"


def test_names_that_begin_with_an_underscore_are_no_plugs(place: Place) -> None:
    found = Plugs(place)
    assert "_shared" not in found
    assert "-shared" not in found


def test_nothing_is_imported_until_it_is_used(place: Place) -> None:
    found = Plugs(place)
    package = place.packages[0]
    assert len(found) == 3
    assert "one" in found
    assert f"{package}.one" not in sys.modules
    assert found["one"] == "first"
    assert f"{package}.one" in sys.modules
    assert f"{package}.number_two" not in sys.modules


def test_a_broken_built_in_is_a_bug_and_shows_as_one(place: Place) -> None:
    with pytest.raises(RuntimeError, match="imported too early"):
        Plugs(place)["outside"]


@pytest.mark.usefixtures("third_party")
def test_a_third_party_plug_is_found_by_its_entry_point(place: Place) -> None:
    assert Plugs(place)["good"] == "third"


@pytest.mark.usefixtures("third_party")
def test_a_broken_third_party_plug_is_disabled_with_its_reason_and_stops_nothing(
    place: Place, tmp_path: Path
) -> None:
    (tmp_path / place.packages[0] / "outside.py").unlink()
    found = Plugs(place)
    assert list(found.load_all()) == ["third", "second", "first"]
    assert {problem.where for problem in found.disabled} == {"missing", "nameless", "one"}
    reasons = {problem.where: str(problem.message) for problem in found.disabled}
    assert "no_such_module_anywhere" in reasons["missing"]
    assert "AttributeError" in reasons["nameless"]
    assert all(problem.hint for problem in found.disabled)
    assert "missing" not in found
    assert list(found) == ["good", "number-two", "one"]


@pytest.mark.usefixtures("third_party")
def test_a_third_party_never_takes_a_built_in_plugs_place(place: Place) -> None:
    found = Plugs(place)
    assert found["one"] == "first"
    assert [str(p.message) for p in found.disabled] == [
        "report 'one' is disabled: the name one is taken"
    ]


@pytest.mark.usefixtures("third_party")
def test_who_needs_a_broken_plug_is_told_why(place: Place) -> None:
    found = Plugs(place)
    with pytest.raises(UserError, match="no_such_module_anywhere"):
        found.need("missing")
    with pytest.raises(UserError, match="no_such_module_anywhere"):
        found.need("missing")


def test_who_needs_an_unknown_plug_is_told_which_there_are(place: Place) -> None:
    with pytest.raises(UserError) as caught:
        Plugs(place).need("three")
    assert "number-two, one" in str(caught.value.hint)


PLACES = ("REPORTS", "SCANNERS", "OUTLETS", "PACKAGES", "PATCHES")


@pytest.mark.parametrize("name", PLACES)
def test_listing_built_in_plugs_imports_none_of_them(name: str) -> None:
    kind: Place = getattr(plugs, name)
    code = (
        "import sys; from vigie.wiring import plugs; "
        f"names = list(plugs.Plugs(plugs.{name})); "
        f"print([m for m in sys.modules if m.startswith({kind.packages!r}) "
        f"and m not in {kind.packages!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
