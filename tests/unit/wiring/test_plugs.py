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


@pytest.mark.parametrize("kind", [plugs.REPORTS, plugs.SCANNERS, plugs.OUTLETS], ids=str)
def test_listing_built_in_plugs_imports_none_of_them(kind: Place) -> None:
    code = (
        "import sys; from vigie.wiring.plugs import *; "
        f"names = list(Plugs({kind.kind.upper()}S)); "
        f"print([m for m in sys.modules if m.startswith({kind.packages!r}) "
        f"and m not in {kind.packages!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Acme:
    """A third party's parser that can be told to fail."""

    format = tool = label = "acme"
    coverage = None

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def recognises(self, _sketch: object) -> bool:
        if self.error:
            raise self.error
        return True

    def read(self, _document: object) -> list[int]:
        if self.error:
            raise self.error
        return [1]


def plugs_with(plug: object, monkeypatch: pytest.MonkeyPatch) -> Plugs:
    class Point(EntryPoint):
        def load(self) -> object:
            return plug

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [Point("acme", "x:y", group)]

    monkeypatch.setattr(plugs, "entry_points", entry_points)
    return Plugs(plugs.REPORTS)


def test_an_object_that_is_no_plug_is_disabled_and_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = plugs_with(object(), monkeypatch)
    assert "acme" not in found.working()
    assert "it has no format, tool" in str(found.disabled[0].message)


def test_a_third_partys_parser_that_fails_to_recognise_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = plugs_with(Acme(KeyError("x")), monkeypatch)
    acme = found["acme"]
    assert acme.recognises(None) is False
    assert acme.recognises(None) is False
    assert [str(p.message) for p in found.disabled] == ["report 'acme' is disabled: KeyError: 'x'"]


def test_a_third_partys_parser_that_fails_to_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    acme = plugs_with(Acme(KeyError("x")), monkeypatch)["acme"]
    with pytest.raises(UserError, match="the parser of acme failed: KeyError"):
        list(acme.read(None))
    mine = UserError("mine")
    with pytest.raises(UserError, match="mine"):
        list(plugs_with(Acme(mine), monkeypatch)["acme"].read(None))


def test_a_third_partys_parser_that_works_works(monkeypatch: pytest.MonkeyPatch) -> None:
    acme = plugs_with(Acme(), monkeypatch)["acme"]
    assert acme.recognises(None)
    assert list(acme.read(None)) == [1]
    assert acme.label == "acme"
