"""Files go to the readers that want them, and what goes wrong is told."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from tests.plugs.memory_system import MemorySystem

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.model.observations import Location
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import Entry
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.reading import distinct, read_packages


class Lines:
    """Reads a package a line; "!" is a line it cannot read, "~" one it only tells of."""

    name = "lines"
    label = "Lines"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("*.lines",)
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterable[Package | Problem]:
        for line in file.content.read().decode().split():
            if line == "!":
                raise ValueError("a bad line")
            if line == "~":
                yield Problem(ProblemCode.NOTE, T("a strange line"))
                continue
            if line == "?":
                raise UserError(T("the file is odd"), T("Write it again."))
            yield Package(Component(line, "1", "pypi", f"pkg:pypi/{line}@1"))


class Programs(Lines):
    name = "programs"
    types = frozenset({"golang"})
    patterns = ()
    binaries = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterable[Package]:
        if b"GO" in file.content.read():
            yield Package(Component("m", "1", "golang", "pkg:golang/m@1"), Location("inside"))


READERS = {"lines": Lines(), "programs": Programs()}
ELF = b"\x7fELF" + bytes(5000)


def test_a_file_goes_to_the_reader_that_wants_it() -> None:
    found = read_packages(MemorySystem({"x/a.lines": "one two", "b.txt": "three"}), READERS)
    assert [p.component.name for p in found.packages] == ["one", "two"]
    assert {p.location.path for p in found.packages} == {"x/a.lines"}
    assert {p.reader for p in found.packages} == {"lines"}
    assert (found.records, found.looked_at) == ({"lines": 1}, {"pypi"})


def test_what_cannot_be_read_is_told_and_keeps_what_came_before() -> None:
    found = read_packages(MemorySystem({"a.lines": "one !", "b.lines": "? x", "c.lines": "y"}),
                          READERS)  # fmt: skip
    assert [p.component.name for p in found.packages] == ["one", "y"]
    assert [(p.code, p.where) for p in found.problems] == [
        (ProblemCode.RECORD, "a.lines"),
        (ProblemCode.RECORD, "b.lines"),
    ]
    assert "a bad line" in str(found.problems[0].message)
    assert str(found.problems[1].hint) == "Write it again."


def test_what_a_reader_tells_of_is_kept_with_its_file() -> None:
    found = read_packages(MemorySystem({"a.lines": "one ~ two"}), READERS)
    assert [p.component.name for p in found.packages] == ["one", "two"]
    assert [(p.code, p.where) for p in found.problems] == [(ProblemCode.NOTE, "a.lines")]
    assert found.records == {"lines": 1}


def test_programs_are_told_by_their_first_bytes() -> None:
    files = {"bin/a": ELF + b"GO", "bin/b": b"#!/bin/sh" + bytes(5000), "lib/c": ELF + b"GO"}
    found = read_packages(MemorySystem(files, {"bin/a": 0o755, "bin/b": 0o755}), READERS)
    assert [(p.component.name, p.location.path) for p in found.packages] == [("m", "inside")]


def test_a_program_without_anything_built_in_is_no_record() -> None:
    found = read_packages(MemorySystem({"bin/a": ELF}, {"bin/a": 0o755}), READERS)
    assert (found.packages, found.problems, found.looked_at) == ([], [], set())


def test_too_many_packages_are_refused() -> None:
    found = read_packages(MemorySystem({"a.lines": "a b c"}), READERS, most=2)
    assert "more than 2 packages" in str(found.problems[0].message)


def test_a_file_that_is_gone_is_a_problem() -> None:
    class Gone(MemorySystem):
        def open(self, path: str) -> BinaryIO:
            raise PermissionError(13, "Permission denied")

    found = read_packages(Gone({"a.lines": "one"}), READERS)
    assert "Permission denied" in str(found.problems[0].message)


def test_the_layer_of_the_file_is_its_packages() -> None:
    class Layered(MemorySystem):
        def entries(self) -> Iterator[Entry]:
            yield Entry("a.lines", 3, layer="sha256:1")

        def open(self, path: str) -> BinaryIO:
            return io.BytesIO(b"one")

    found = read_packages(Layered({}), READERS)
    assert found.packages[0].location.layer == "sha256:1"


def test_a_second_record_of_the_same_in_one_file_is_left_out() -> None:
    found = read_packages(MemorySystem({"a.lines": "one one two", "b.lines": "one"}), READERS)
    kept = [(p.component.name, p.location.path) for p in distinct(found.packages)]
    assert kept == [("one", "a.lines"), ("two", "a.lines"), ("one", "b.lines")]


class Database(Lines):
    name = "database"
    patterns: Sequence[str] = ("/var/lib/db", "/lib/db")


class Linked(MemorySystem):
    """Some of its files are reached by a link as well."""

    def find(self, path: str) -> Entry | None:
        links = {"var/lib/db": "data/db", "lib/db": "var/lib/other/db"}
        return super().find(links.get(path, path))


def test_a_record_that_a_link_leads_to_is_read() -> None:
    """Its owner follows the link; whoever moves the record must not hide what it lists."""
    found = read_packages(Linked({"data/db": "one two"}), {"database": Database()})
    assert [p.component.name for p in found.packages] == ["one", "two"]
    assert {p.location.path for p in found.packages} == {"data/db"}
    assert found.records == {"database": 1}


def test_a_record_that_was_read_where_it_lies_is_not_read_again() -> None:
    found = read_packages(MemorySystem({"var/lib/db": "one"}), {"database": Database()})
    assert len(found.packages) == 1
