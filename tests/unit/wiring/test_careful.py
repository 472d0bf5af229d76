"""Third parties' plugs are held: one that fails is told, and stops no other."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint

import pytest

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.ports.filesystems import Entry
from vigie.ports.packages import PackageFile
from vigie.ports.patches import Edit
from vigie.wiring import plugs
from vigie.wiring.plugs import Place, Plugs


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
    assert [str(p.message) for p in found.disabled] == [
        "report format 'acme' is disabled: KeyError: 'x'"
    ]


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
