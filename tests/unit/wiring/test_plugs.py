"""Plugs are found by place and by entry point; none is imported before it is used."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.ports.filesystems import Entry
from vigie.ports.packages import PackageFile
from vigie.ports.patches import Edit
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


def plugs_with(
    plug: object, monkeypatch: pytest.MonkeyPatch, place: Place = plugs.REPORTS
) -> Plugs:
    class Point(EntryPoint):
        def load(self) -> object:
            return plug

    def entry_points(*, group: str) -> list[EntryPoint]:
        return [Point("acme", "x:y", group)]

    monkeypatch.setattr(plugs, "entry_points", entry_points)
    return Plugs(place)


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


class AcmeFiles:
    """A third party's package reader or patch editor, that does as it is told."""

    name = label = "acme"
    types = frozenset({"npm"})
    patterns = ("acme.lock",)
    binaries = installed = False

    def __init__(self, gives: Sequence[object] = (), error: Exception | None = None) -> None:
        self.gives = gives
        self.error = error

    def read(self, _file: object, _around: object) -> Iterator[object]:
        yield from self.gives
        if self.error:
            raise self.error

    def edit(self, path: str, _read: object, _upgrades: object) -> Iterator[object]:
        return self.read(path, None)


FILE = PackageFile(Entry("a/acme.lock", 0), io.BytesIO())
SIX = Package(Component("six", "1.0", "npm", "pkg:npm/six@1.0"))
EDIT = Edit("acme.lock", "a", "b")
OTHERS = pytest.mark.parametrize("error", [KeyError("x"), TypeError("y"), ZeroDivisionError("z")])


@OTHERS
def test_a_third_partys_reader_that_fails_is_told_with_the_file(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = plugs_with(AcmeFiles([SIX], error), monkeypatch, plugs.PACKAGES)["acme"]
    said = acme.read(FILE, None)
    assert next(said) is SIX
    with pytest.raises(UserError, match=r"acme failed at a/acme\.lock: \w+Error: '?[xyz]"):
        next(said)


@pytest.mark.parametrize("error", [UserError("mine"), ValueError("mine"), OSError("mine")])
def test_what_a_reader_may_raise_stays_what_it_is(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = plugs_with(AcmeFiles([], error), monkeypatch, plugs.PACKAGES)["acme"]
    with pytest.raises(type(error), match="mine"):
        list(acme.read(FILE, None))


def test_a_third_partys_reader_that_gives_something_else_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme = plugs_with(AcmeFiles([SIX, "six 1.0"]), monkeypatch, plugs.PACKAGES)["acme"]
    with pytest.raises(UserError, match="it gave a str"):
        list(acme.read(FILE, None))


@OTHERS
def test_a_third_partys_editor_that_fails_is_told_with_the_file(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = plugs_with(AcmeFiles([EDIT], error), monkeypatch, plugs.PATCHES)["acme"]
    with pytest.raises(UserError, match=r"acme failed at acme\.lock: \w+Error"):
        acme.edit("acme.lock", str, ())
    wrong = plugs_with(AcmeFiles([SIX]), monkeypatch, plugs.PATCHES)["acme"]
    with pytest.raises(UserError, match="it gave a Package"):
        wrong.edit("acme.lock", str, ())
    mine = plugs_with(AcmeFiles([], UserError("mine")), monkeypatch, plugs.PATCHES)["acme"]
    with pytest.raises(UserError, match="mine"):
        mine.edit("acme.lock", str, ())


def test_a_third_partys_reader_and_editor_that_work_work(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = plugs_with(AcmeFiles([SIX]), monkeypatch, plugs.PACKAGES)["acme"]
    assert list(reader.read(FILE, None)) == [SIX]
    assert (reader.label, reader.installed) == ("acme", False)
    editor = plugs_with(AcmeFiles([EDIT]), monkeypatch, plugs.PATCHES)["acme"]
    assert editor.edit("acme.lock", str, ()) == [EDIT]


@pytest.mark.parametrize(
    ("part", "value", "why"),
    [
        ("patterns", "acme.lock", "patterns are no list of words"),
        ("patterns", [b"acme.lock"], "patterns are no list of words"),
        ("patterns", None, "not iterable"),
        ("types", ["npm"], "types are no set"),
        ("types", "npm", "types are no list of words"),
    ],
)
@pytest.mark.parametrize("place", [plugs.PACKAGES, plugs.PATCHES], ids=lambda place: place.kind)
def test_a_plug_that_would_break_the_search_for_files_is_disabled(
    place: Place, part: str, value: object, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = AcmeFiles()
    setattr(acme, part, value)
    found = plugs_with(acme, monkeypatch, place)
    assert "acme" not in found.working()
    assert [p.where for p in found.disabled] == ["acme"]
    assert why in str(found.disabled[0].message)
    assert str(found.disabled[0].message).startswith(f"{place.kind} 'acme' is disabled")
