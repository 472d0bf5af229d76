"""Go modules that a program was built from, out of the build information inside it.

Source: Go's debug/buildinfo and runtime/debug packages: 32 bytes beginning with a magic, then
(since Go 1.18) two strings with their lengths, or (before) pointers to two strings.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._executables import Executable, Region, executables
from vigie.sources.packages.readers._golang import is_local, module, standard_library

_MAGIC = b"\xff Go buildinf:"
_ALIGNED, _HEADER = 16, 32
_SEARCHED = 64 * 1024 * 1024  # of the data of a program without named sections
_CHUNK = 1024 * 1024
_LONGEST = 16 * 1024 * 1024
_INLINE, _BIG = 2, 1  # flags
_FRAME = 16  # bytes around the modules, by which they can be found
# What builders commonly set for a main module that the toolchain calls "(devel)".
_STAMPED = re.compile(r"-X[\s=]*['\"]?[\w./-]{1,200}\.[vV]ersion=v?(\d+(?:\.\d+)+[\w.+-]{0,100})")


@dataclass(frozen=True, slots=True)
class _Built:
    go: str
    modules: str


class _GoBinary:
    name = "go-binary"
    label = "Go build information"
    types = frozenset({"golang"})
    patterns: Sequence[str] = ()
    binaries = True
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:  # noqa: ARG002
        """The main module, what it was built with, and the standard library as `stdlib`.

        A program that Go did not build yields nothing.
        """
        for program in executables(file.content):
            built = _built(program)
            if built is not None:
                yield from _packages(built)
                return  # the architectures of one file were built from the same source


READER = _GoBinary()


def _built(program: Executable) -> _Built | None:
    try:
        for place in _places(program):
            at = _magic(program, place)
            if at is not None:
                return _decoded(program, at)
    except (struct.error, ValueError, IndexError, OverflowError):
        return None
    return None


def _places(program: Executable) -> list[Region]:
    """Where the linker puts it: a section of its own, else the beginning of the data."""
    for name in (".go.buildinfo", "__go_buildinfo"):
        section = program.section(name)
        if section is not None:
            return [section]
    if program.sections and program.form != "pe":
        return []  # it has named sections and none of Go's, so Go's linker did not write it
    return [one for one in program.loaded if one.writable][:1]


def _magic(program: Executable, place: Region) -> Region | None:
    """The region from the magic on; it stands at a multiple of 16 bytes of its address."""
    left = min(place.size, _SEARCHED)
    skip = -place.address % _ALIGNED
    while skip < left:
        part = Region("", place.address + skip, place.offset + skip, place.size - skip)
        data = program.bytes_of(part, min(_CHUNK, left - skip))
        at = data.find(_MAGIC)
        while at >= 0 and at % _ALIGNED:
            at = data.find(_MAGIC, at + 1)
        if at >= 0:
            return Region("", part.address + at, part.offset + at, part.size - at)
        if not data:
            break
        skip += _CHUNK
    return None


def _decoded(program: Executable, place: Region) -> _Built | None:
    head = program.bytes_of(place, _HEADER)
    if head[15] & _INLINE:
        content = program.bytes_of(place, _LONGEST)
        go, at = _counted(content, _HEADER)
        modules, _ = _counted(content, at)
    else:
        go, modules = _pointed(program, head)
    text = modules[_FRAME:-_FRAME] if modules[-_FRAME - 1 : -_FRAME] == b"\n" else b""
    return _Built(go.decode("utf-8", "replace"), text.decode("utf-8", "replace")) if go else None


def _counted(data: bytes, at: int) -> tuple[bytes, int]:
    """A string after its length as a varint, and where the next one begins."""
    length = shift = 0
    while True:
        byte = data[at]
        length |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            break
        if shift > 63:
            raise ValueError("a length without an end")
    if at + length > len(data):
        raise ValueError("it is cut short")
    return data[at : at + length], at + length


def _pointed(program: Executable, head: bytes) -> tuple[bytes, bytes]:
    size = head[14]
    if size not in (4, 8):
        raise ValueError("pointers of no known size")
    form = f"{'>' if head[15] & _BIG else '<'}{'Q' if size == 8 else 'I'}"
    found = []
    for at in (16, 16 + size):
        (pointer,) = struct.unpack_from(form, head, at)
        if not pointer:
            found.append(b"")
            continue
        text = program.bytes_at(pointer, 2 * size)
        (address,), (length,) = (struct.unpack_from(form, text, k * size) for k in (0, 1))
        if length > _LONGEST:
            raise ValueError("a string longer than any")
        found.append(program.bytes_at(address, length) if length else b"")
    return found[0], found[1]


def _packages(built: _Built) -> Iterator[Package]:
    library = standard_library(built.go)
    rows = [line.split("\t") for line in built.modules.splitlines()]
    settings = next((row[1] for row in rows if row[:1] == ["build"] and row[1:] and
                     row[1].startswith("-ldflags=")), "")  # fmt: skip
    last: tuple[str, str, bool] | None = None
    for row in rows:
        kind, path, version = (*row, "", "", "")[:3]
        if kind == "=>" and last is not None:
            # A folder in a module's place is its code, changed by nobody knows what.
            last = (last[0], "", last[2]) if is_local(path) else (path, version, last[2])
            continue
        if last is not None:
            yield _package(last, settings)
            last = None
        if kind in ("mod", "dep"):
            last = (path, version, kind == "mod")
    if last is not None:
        yield _package(last, settings)
    if library:
        yield module("stdlib", library, scope=Scope.RUNTIME)


def _package(row: tuple[str, str, bool], settings: str) -> Package:
    path, version, main = row
    if version == "(devel)":
        stamped = _STAMPED.search(settings) if main else None
        version = f"v{stamped[1]}" if stamped else ""
    return module(path, version, scope=Scope.RUNTIME)
