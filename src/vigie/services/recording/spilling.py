"""Spilling: what an import works on lies in files without a name, not in memory.

However long a report is, only the portion that is worked on is in memory. Nothing of a small
import touches the disk.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, overload

import msgspec

from vigie.model.findings import Decision
from vigie.model.severity import Severity
from vigie.stores.scratch.keyed import Keyed, Pairs, Shelf

Item = TypeVar("Item")
List = TypeVar("List", bound="Spilled[Any]")
_HELD = 64 * 1024  # bytes that wait in memory
_TOGETHER = 64  # items that are read at once
_KNOWN = 1024  # items of which it is known in memory where they lie
_write = msgspec.msgpack.Encoder().encode


def _document(value: Any) -> Any:
    return msgspec.Raw(value) if isinstance(value, bytes) else value


_ROW: Mapping[str, Callable[[Any], Any]] = {
    "severity": Severity, "decision": Decision, "document": _document,
}  # fmt: skip


class Spilled(Sequence[Item], Generic[Item]):
    """A list of values of one type that only ever grows. Each time one is asked for it is made
    anew."""

    def __init__(self, kind: Any, folder: Path) -> None:
        self._read = msgspec.msgpack.Decoder(kind).decode
        self._folder = folder
        self._count = 0
        self._waiting = bytearray()
        self._written = 0  # bytes in `_file`
        self._file: IO[bytes] | None = None
        # Where the items end, of those that are not in `_places` yet and of the last that is.
        self._ends = array("Q", [0])
        self._placed = 0  # items whose ends are in `_places`
        self._places: IO[bytes] | None = None

    def append(self, item: Item) -> int:
        """Keep it; its number."""
        self._waiting += _write(item)
        self._ends.append(self._written + len(self._waiting))
        self._count += 1
        if len(self._waiting) > _HELD:
            self._spill()
        if len(self._ends) > _KNOWN:
            self._spill_ends()
        return self._count - 1

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._file, self._places):
            if file is not None:
                file.close()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> list[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | list[Item]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        at = number + len(self) if number < 0 else number
        if not 0 <= at < len(self):
            raise IndexError(number)
        item: Item = self._read(self._bytes(*self._ends_of(at, 1)))
        return item

    def __iter__(self) -> Iterator[Item]:
        for first in range(0, len(self), _TOGETHER):
            ends = self._ends_of(first, _TOGETHER)
            some = memoryview(self._bytes(ends[0], ends[-1]))
            for start, end in pairwise(ends):
                yield self._read(some[start - ends[0] : end - ends[0]])

    def _spill(self) -> None:
        if self._file is None:
            self._file = self._opened()
        self._file.write(self._waiting)
        self._file.flush()
        self._written += len(self._waiting)
        self._waiting.clear()

    def _spill_ends(self) -> None:
        if self._places is None:
            self._places = self._opened()
            self._places.write(self._ends[:1])
        self._places.write(self._ends[1:])
        self._places.flush()
        self._placed = self._count
        del self._ends[:-1]

    def _ends_of(self, first: int, count: int) -> array[int]:
        """Where the first of these items begins, and where each of them ends."""
        last = min(first + count, self._count)
        if first >= self._placed:
            return self._ends[first - self._placed : last - self._placed + 1]
        if self._places is None:
            raise IndexError(first)
        there = min(last, self._placed) - first + 1
        found = array("Q", os.pread(self._places.fileno(), 8 * there, 8 * first))
        return found + self._ends[1 : last - self._placed + 1] if last > self._placed else found

    def _bytes(self, start: int, end: int) -> bytes:
        if end > self._written:
            if start >= self._written:
                return bytes(self._waiting[start - self._written : end - self._written])
            self._spill()
        if self._file is None:
            return b""
        return os.pread(self._file.fileno(), end - start, start)

    def _opened(self) -> IO[bytes]:
        """A file that is written from its beginning to its end, and read anywhere."""
        return tempfile.TemporaryFile(dir=self._folder)


class Rows(Collection[dict[str, Any]]):
    """Rows for a table, on their way to it."""

    def __init__(self, spills: Spills) -> None:
        self._rows: Spilled[dict[str, Any]] = spills.of(dict)

    def append(self, row: Mapping[str, Any]) -> None:
        """Keep it. A `document` may be the bytes of its JSON."""
        self._rows.append(dict(row))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            for name, made in _ROW.items():
                if name in row:
                    row[name] = made(row[name])
            yield row


class Spills:
    """Gives out lists and what is looked up by keys, and closes them all at the end. `folder`
    is where their files lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = ExitStack()
        self._shelf = Shelf(folder)
        self._open.callback(self._shelf.close)

    def of(self, kind: Any) -> Spilled[Any]:
        """A list of values of this type."""
        return self.keep(Spilled(kind, self.folder))

    def keep(self, made: List) -> List:
        """This list is closed with the others."""
        self._open.callback(made.close)
        return made

    def rows(self) -> Rows:
        """A list of rows."""
        return Rows(self)

    def keyed(self, kind: Any) -> Keyed[Any]:
        """Values of this type under keys."""
        return Keyed(kind, self._shelf)

    def pairs(self) -> Pairs:
        """Pairs of numbers."""
        return Pairs(self._shelf)

    def __enter__(self) -> Spills:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
