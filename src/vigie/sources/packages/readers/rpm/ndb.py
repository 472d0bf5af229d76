"""rpm's own "ndb" database, as SUSE uses it: pages of slots that lead to blobs.

Source: rpm's lib/backend/ndb/rpmpkg.c: a header of 32 bytes stands in the first two slots of
the first page; a slot is magic, package, offset and count in blocks of 16 bytes; a blob is
magic, package, generation and length, then the header. All numbers are little endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from vigie.ports.packages import PackageFile, Surroundings

_HEADER = struct.Struct("<4sIII16x")
_SLOT = struct.Struct("<4sIII")
_BLOB = struct.Struct("<4sIII")
_PAGE, _BLOCK = 4096, 16
_MOST_PAGES = 2048  # half a million packages
_LARGEST = 0x10000000


def headers(file: PackageFile, _around: Surroundings) -> Iterator[tuple[int, bytes]]:
    """Each package's number and header, in the order of the slots. Raises ValueError when the
    database is broken."""
    content = file.content
    for number, offset, blocks in _slots(content):
        content.seek(offset * _BLOCK)
        magic, package, _, length = _unpacked(_BLOB, content.read(_BLOB.size))
        fits = length <= min(blocks * _BLOCK, _LARGEST)
        if magic != b"BlbS" or package != number or not fits:
            raise ValueError(f"package {number} is not where its slot says")
        yield number, content.read(length)


def _slots(content: BinaryIO) -> list[tuple[int, int, int]]:
    magic, version, _, pages = _unpacked(_HEADER, content.read(_HEADER.size))
    if magic != b"RpmP" or version != 0:
        raise ValueError(f"ndb of version {version} is not known")
    if not 0 < pages <= _MOST_PAGES:
        raise ValueError(f"{pages} pages of slots cannot be")
    table = content.read(pages * _PAGE - _HEADER.size)
    if len(table) < pages * _PAGE - _HEADER.size:
        raise ValueError("it is cut short")
    found = []
    for slot, number, offset, blocks in _SLOT.iter_unpack(table):
        if slot != b"Slot":
            raise ValueError("its slots are broken")
        if number:
            found.append((number, offset, blocks))
    return found


def _unpacked(form: struct.Struct, data: bytes) -> tuple[bytes, int, int, int]:
    if len(data) < form.size:
        raise ValueError("it is cut short")
    magic, first, second, third = form.unpack(data)
    return magic, first, second, third
