"""Keyed: what an import looks up by a key lies in a temporary SQLite database, not in memory.

Nothing of a small import touches the disk: so much stays near, and is written out together.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

Item = TypeVar("Item")
Other = TypeVar("Other")
_NEAR = 1000  # items that wait in memory
_NEAR_PAIRS = 5000
_write = msgspec.msgpack.Encoder().encode


class Shelf:
    """A database without a name that is gone when it is closed. It is opened at its first use,
    and used by one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link: sqlite3.Connection | None = None
        self._tables = 0

    def table(self, columns: str) -> str:
        """Make a table; its name."""
        self._tables += 1
        self.link.execute(f"CREATE TABLE t{self._tables} ({columns}) WITHOUT ROWID")
        return f"t{self._tables}"

    @property
    def link(self) -> sqlite3.Connection:
        """The connection."""
        if self._link is None:
            handle, path = tempfile.mkstemp(dir=self._folder)
            os.close(handle)
            try:
                self._link = sqlite3.connect(path, isolation_level=None)
            finally:
                os.unlink(path)  # noqa: PTH108  what is open stays until it is closed
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE",
                           "cache_size=-2048"):  # fmt: skip
                self._link.execute(f"PRAGMA {pragma}").close()
            self._link.execute("BEGIN")  # never ended: pages are written when there are too many
        return self._link

    def close(self) -> None:
        """Let go of everything."""
        if self._link is not None:
            self._link.close()
            self._link = None


class Keyed(Generic[Item]):
    """Values of one type under keys. Each time one is asked for it may be made anew."""

    def __init__(self, kind: Any, shelf: Shelf) -> None:
        self._read = msgspec.msgpack.Decoder(kind).decode
        self._shelf = shelf
        self._near: dict[str, Item] = {}
        self._table = ""
        self._said = ("", "", "")

    def put(self, key: str, item: Item) -> None:
        """Keep it under this key, in place of what was there."""
        self._near[key] = item
        if len(self._near) > _NEAR:
            self._put_away()

    def add(self, key: str, item: Item) -> bool:
        """Keep it; False when something is kept under this key already, which stays."""
        if key in self:
            return False
        self.put(key, item)
        return True

    def get(self, key: str) -> Item | None:
        """What is kept under this key."""
        if key in self._near:
            return self._near[key]
        found = self._far(key)
        if found is None:
            return None
        item: Item = self._read(found)
        return item

    def __contains__(self, key: str) -> bool:
        return key in self._near or self._far(key) is not None

    def __iter__(self) -> Iterator[tuple[str, Item]]:
        """Every key with its value, in the order of the keys. Nothing may be put meanwhile."""
        if not self._table:
            yield from sorted(self._near.items(), key=itemgetter(0))
            return
        self._put_away()
        for key, value in self._shelf.link.execute(self._said[2]):
            yield key, self._read(value)

    def __bool__(self) -> bool:
        return bool(self._near or self._table)

    def _far(self, key: str) -> bytes | None:
        if not self._table:
            return None
        row = self._shelf.link.execute(self._said[1], (key,)).fetchone()
        return None if row is None else row[0]

    def _put_away(self) -> None:
        if not self._table:
            name = self._table = self._shelf.table("key TEXT PRIMARY KEY, value BLOB")
            self._said = (
                f"INSERT OR REPLACE INTO {name} VALUES (?, ?)",  # noqa: S608
                f"SELECT value FROM {name} WHERE key = ?",  # noqa: S608
                f"SELECT key, value FROM {name} ORDER BY key",  # noqa: S608
            )
        rows = sorted(self._near.items(), key=itemgetter(0))
        self._shelf.link.executemany(self._said[0], ((key, _write(item)) for key, item in rows))
        self._near.clear()


def side_by_side(
    ones: Keyed[Item], others: Keyed[Other]
) -> Iterator[tuple[str, Item | None, Other | None]]:
    """Every key of either in their order, with what each has under it."""
    rest = iter(others)
    other = next(rest, None)
    for key, one in ones:
        while other is not None and other[0] < key:
            yield other[0], None, other[1]
            other = next(rest, None)
        if other is not None and other[0] == key:
            yield key, one, other[1]
            other = next(rest, None)
        else:
            yield key, one, None
    while other is not None:
        yield other[0], None, other[1]
        other = next(rest, None)


class Pairs:
    """Pairs of numbers, for going through them in order. They are within 64 bits."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._near: list[tuple[int, int]] = []
        self._table = ""

    def extend(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Keep these."""
        self._near.extend(pairs)
        if len(self._near) > _NEAR_PAIRS:
            self._put_away()

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """All of them, each once, in order. Nothing may be added meanwhile."""
        if not self._table:
            yield from sorted(set(self._near))
            return
        self._put_away()
        query = f"SELECT one, other FROM {self._table} ORDER BY one, other"  # noqa: S608
        yield from self._shelf.link.execute(query)

    def _put_away(self) -> None:
        if not self._table:
            self._table = self._shelf.table("one INTEGER, other INTEGER, PRIMARY KEY (one, other)")
        self._near.sort()
        said = f"INSERT OR IGNORE INTO {self._table} VALUES (?, ?)"  # noqa: S608
        self._shelf.link.executemany(said, self._near)
        self._near.clear()
