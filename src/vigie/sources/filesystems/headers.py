"""Reads the headers of a tar archive and nothing else: what is in it and at which offset.

Not `tarfile`: that reads every long name whole into memory however large it says it is, and
takes five times as long. Follows what container engines make of an archive (Go's archive/tar):
global pax headers are ignored, entries without content have none whatever their size says.
Source: POSIX.1-2017 pax, "ustar" and "pax" interchange formats; GNU tar manual, "Basic Tar".
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from vigie.model.text import T, Text
from vigie.sources.filesystems.pieces import Piece

_BLOCK = 512
_WINDOW = 32 * 1024
_ZEROS = bytes(_BLOCK)
_LONGEST_EXTENSION = 1024**2  # bytes of a pax header or a GNU long name, as in Go
_LARGEST = 2**62


class Kind(IntEnum):
    """What an entry is. `SPARSE` is a file with holes, whose content is not stored in a row."""

    FILE = 0
    FOLDER = 1
    SYMLINK = 2
    HARDLINK = 3
    DEVICE = 4  # or a pipe
    SPARSE = 5
    OTHER = 6  # of no known type


class Header(NamedTuple):
    """One entry. `offset` is where its content begins. Names are as in the archive; bytes that
    are no UTF-8 stand as "\\xff"."""

    name: str
    kind: Kind
    offset: int
    size: int
    mode: int
    link: str


class BrokenArchive(ValueError):  # noqa: N818 - says what it is about
    """From here on nothing can be read. `reason` says why, for people."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


_KINDS = {
    b"0": Kind.FILE,
    b"\0": Kind.FILE,
    b"7": Kind.FILE,
    b"1": Kind.HARDLINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.DEVICE,
    b"4": Kind.DEVICE,
    b"5": Kind.FOLDER,
    b"6": Kind.DEVICE,
    b"S": Kind.SPARSE,
}
_WITH_CONTENT = frozenset({Kind.FILE, Kind.SPARSE, Kind.OTHER})


def read_headers(archive: Piece) -> Iterator[Header]:
    """Every entry in order. Raises BrokenArchive where the archive stops making sense."""
    window = _Window(archive)
    position = 0
    extension = _Extension()
    while True:
        block = window.block(position)
        if block == _ZEROS or (not block and position <= archive.size):
            return
        if not block:
            raise BrokenArchive(T("it ends in the middle of an entry"))
        _check(block)
        kind, size = block[156:157], _number(block[124:136])
        position += _BLOCK
        if kind in b"xLKg":
            if kind != b"g":
                extension.take(kind, _extension(archive, position, size))
            position = _after(archive, position, size)
            continue
        if kind == b"S":
            position = _skip_sparse_map(window, block, position)
        header = _header(block, extension, position, size)
        extension = _Extension()
        if header.kind in _WITH_CONTENT:
            position = _after(archive, position, header.size)
        yield header


class _Window:
    """A stretch of the archive in memory, so that small files do not cost a read each."""

    def __init__(self, archive: Piece) -> None:
        self._archive = archive
        self._start = 0
        self._data = b""

    def block(self, position: int) -> bytes:
        at = position - self._start
        if not 0 <= at <= len(self._data) - _BLOCK:
            self._data = self._archive.read(position, _WINDOW)
            self._start, at = position, 0
        block = self._data[at : at + _BLOCK]
        if block and len(block) < _BLOCK:
            raise BrokenArchive(T("it ends in the middle of an entry"))
        return block


class _Extension:
    """What the headers before an entry say about it: long names, a size, a map of holes."""

    __slots__ = ("link", "name", "size", "sparse")

    def __init__(self) -> None:
        self.name = self.link = b""
        self.size = -1
        self.sparse = False

    def take(self, kind: bytes, data: bytes) -> None:
        if kind == b"x":
            self._take_pax(data)
        elif kind == b"L":
            self.name = data.partition(b"\0")[0] or self.name
        else:
            self.link = data.partition(b"\0")[0] or self.link

    def _take_pax(self, data: bytes) -> None:
        records = _pax(data)
        path, link = records.get(b"path", b""), records.get(b"linkpath", b"")
        if b"\0" in path or b"\0" in link:
            raise BrokenArchive(T("an extended header makes no sense"))
        self.name, self.link = self.name or path, self.link or link
        size = records.get(b"size", b"")
        if size:
            if not size.isdigit() or len(size) > 19:
                raise BrokenArchive(T("an extended header makes no sense"))
            self.size = int(size)
        if any(key.startswith(b"GNU.sparse.") for key in records):
            self.sparse = True
            self.name = records.get(b"GNU.sparse.name", b"") or self.name


def _header(block: bytes, extension: _Extension, offset: int, size: int) -> Header:
    kind = _KINDS.get(block[156:157], Kind.OTHER)
    name = extension.name or _name(block)
    if extension.size >= 0:
        size = extension.size
    if kind is Kind.FILE:
        if block[156] == 0 and name.endswith(b"/"):
            kind = Kind.FOLDER  # as tar wrote it before there were types
        elif extension.sparse:
            kind = Kind.SPARSE
    link = b""
    if kind in (Kind.SYMLINK, Kind.HARDLINK):
        link = extension.link or block[157:257].partition(b"\0")[0]
    return Header(
        name.decode("utf-8", "backslashreplace"),
        kind,
        offset,
        size if kind in _WITH_CONTENT else 0,
        _number(block[100:108]) & 0o7777,
        link.decode("utf-8", "backslashreplace"),
    )


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    if block[257:263] != b"ustar\0":
        return name  # GNU and older: what stands in the prefix is something else
    end = 476 if block[508:512] == b"tar\0" else 500  # star keeps dates behind its prefix
    prefix = block[345:end].partition(b"\0")[0]
    return prefix + b"/" + name if prefix else name


def _check(block: bytes) -> None:
    expected = _number(block[148:156])
    field = block[148:156]
    if sum(block) - sum(field) + 256 == expected:
        return
    # Some old programs added the bytes as signed ones.
    signed = sum(b - 256 if b > 127 else b for b in block[:148] + block[156:]) + 256
    if signed != expected:
        raise BrokenArchive(T("an entry's checksum is wrong"))


def _number(field: bytes) -> int:
    """A number in octal, or in binary when its first bit is set (GNU, star)."""
    if field[0] & 0x80:
        value = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
        if field[0] & 0x40 or value > _LARGEST:
            raise BrokenArchive(T("a number in an entry makes no sense"))
        return value
    digits = field.lstrip(b" \0").partition(b"\0")[0].strip()
    if not digits:
        return 0
    try:
        if not digits.isdigit():
            raise ValueError
        return int(digits, 8)
    except ValueError:
        raise BrokenArchive(T("a number in an entry makes no sense")) from None


def _after(archive: Piece, position: int, size: int) -> int:
    """Where the next header begins."""
    if position + size > archive.size:
        raise BrokenArchive(T("it ends in the middle of an entry"))
    return position + -(-size // _BLOCK) * _BLOCK


def _extension(archive: Piece, position: int, size: int) -> bytes:
    if size > _LONGEST_EXTENSION:
        raise BrokenArchive(T("an entry's name is {size} bytes long", size=size))
    data = archive.read(position, size)
    if len(data) < size:
        raise BrokenArchive(T("it ends in the middle of an entry"))
    return data


def _pax(data: bytes) -> dict[bytes, bytes]:
    """Records of the form "LENGTH KEY=VALUE\\n", the length that of the whole record."""
    records: dict[bytes, bytes] = {}
    position = 0
    while position < len(data):
        space = data.find(b" ", position, position + 10)
        digits = data[position : max(space, position)]
        end = position + int(digits) if digits.isdigit() else 0
        # A record ends behind its beginning, or this would never end.
        if not position < space < end <= len(data) or data[end - 1] != 0x0A:
            raise BrokenArchive(T("an extended header makes no sense"))
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not equals or not key:
            raise BrokenArchive(T("an extended header makes no sense"))
        records[key] = value
        position = end
    return records


def _skip_sparse_map(window: _Window, block: bytes, position: int) -> int:
    """Pass over the blocks that go on with a GNU sparse file's map."""
    more = block[482]
    while more:
        block = window.block(position)
        if not block:
            raise BrokenArchive(T("it ends in the middle of an entry"))
        more = block[504]
        position += _BLOCK
    return position
