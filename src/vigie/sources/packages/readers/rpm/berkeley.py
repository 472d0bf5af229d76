"""rpm's Berkeley DB database, as releases before rpm 4.16 have it: a hash of headers by number.

Source: the page layouts of Berkeley DB (db_page.h): a metadata page, then pages with a header
of 26 bytes and pairs of items. A header mostly lies on a chain of overflow pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from vigie.ports.packages import PackageFile, Surroundings

_HASH_MAGIC = 0x061561
_PAGE_HEADER = 26
_HASH_UNSORTED, _OVERFLOW, _HASH = 2, 7, 13  # types of pages
_INLINE, _OFF_PAGE = 1, 3  # types of items
_SIZES = frozenset(1 << power for power in range(9, 17))
_LARGEST = 0x10000000
_CHECKSUMMED = 1


def recognises(start: bytes) -> bool:
    """True for the first bytes of a hash database in either byte order."""
    return len(start) >= 16 and _order(start) is not None


def headers(file: PackageFile, _around: Surroundings) -> Iterator[tuple[int, bytes]]:
    """Each record's number and header, in the order of the pages. Raises ValueError when the
    database is broken."""
    database = _Database.open(file.content)
    for number in range(database.last_page + 1):
        page = database.page(number)
        kind = page[25]
        if kind not in (_HASH, _HASH_UNSORTED):
            continue
        items = database.items(page)
        for key, value in zip(items[::2], items[1::2], strict=False):
            number_of = database.number(key)
            if number_of:  # record 0 holds the highest number given so far
                yield number_of, database.value(value)


@dataclass(frozen=True, slots=True)
class _Database:
    content: BinaryIO
    order: str
    page_size: int
    last_page: int
    size: int

    @classmethod
    def open(cls, content: BinaryIO) -> _Database:
        start = content.read(512)
        order = _order(start)
        if order is None or len(start) < 512:
            raise ValueError("it is cut short")
        (page_size,) = struct.unpack_from(f"{order}I", start, 20)
        encryption, _, flags = start[24:27]
        (last_page,) = struct.unpack_from(f"{order}I", start, 32)
        size = content.seek(0, 2)
        if page_size not in _SIZES:
            raise ValueError(f"pages of {page_size} bytes cannot be")
        if encryption or flags & _CHECKSUMMED:
            raise ValueError("it is encrypted or has checksums, which rpm never writes")
        if (last_page + 1) * page_size > size:
            raise ValueError("it is cut short")
        return cls(content, order, page_size, last_page, size)

    def page(self, number: int) -> bytes:
        self.content.seek(number * self.page_size)
        page = self.content.read(self.page_size)
        if len(page) < self.page_size:
            raise ValueError("a page lies outside of it")
        return page

    def items(self, page: bytes) -> list[bytes]:
        """Keys and values in turn. Items fill a page from its end; each begins with its type."""
        (count,) = struct.unpack_from(f"{self.order}H", page, 20)
        if _PAGE_HEADER + 2 * count > self.page_size:
            raise ValueError("a page says it holds more than fits")
        starts = struct.unpack_from(f"{self.order}{count}H", page, _PAGE_HEADER)
        ends = (self.page_size, *starts)
        return [page[start:end] for start, end in zip(starts, ends, strict=False)]

    def number(self, key: bytes) -> int:
        """A record's number, in the byte order of the machine that wrote it."""
        return struct.unpack_from(f"{self.order}I", key, 1)[0] if len(key) == 5 else 0

    def value(self, item: bytes) -> bytes:
        if item[:1] == bytes([_INLINE]):
            return item[1:]
        if item[:1] != bytes([_OFF_PAGE]) or len(item) < 12:
            raise ValueError("an item is of a kind that rpm never writes")
        number, length = struct.unpack_from(f"{self.order}II", item, 4)
        if length > min(_LARGEST, self.size):
            raise ValueError("a header is larger than its database")
        return self._chain(number, length)

    def _chain(self, number: int, length: int) -> bytes:
        parts: list[bytes] = []
        have = 0
        while have < length and number and len(parts) <= self.last_page:
            page = self.page(number)
            used: int = struct.unpack_from(f"{self.order}H", page, 22)[0]
            if page[25] != _OVERFLOW or not 0 < used <= self.page_size - _PAGE_HEADER:
                raise ValueError("a header's chain of pages is broken")
            parts.append(page[_PAGE_HEADER : _PAGE_HEADER + used])
            have += used
            (number,) = struct.unpack_from(f"{self.order}I", page, 16)
        if have < length:
            raise ValueError("a header is cut short")
        return b"".join(parts)[:length]


def _order(start: bytes) -> str | None:
    return next((o for o in "<>" if struct.unpack_from(f"{o}I", start, 12)[0] == _HASH_MAGIC), None)
