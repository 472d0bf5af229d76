"""Spilling: what an import works on lies in files without a name, not in memory.

However long a report is, only the portion that is worked on is in memory. Nothing of a small
import touches the disk.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, overload

import msgspec

from vigie.model.findings import Decision
from vigie.model.severity import Severity

Item = TypeVar("Item")
List = TypeVar("List", bound="Spilled[Any]")
_HELD = 256 * 1024  # bytes that wait in memory
_TOGETHER = 64  # items that are read at once
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
        self._ends = array("Q", [0])
        self._waiting = bytearray()
        self._written = 0
        self._file: IO[bytes] | None = None

    def append(self, item: Item) -> int:
        """Keep it; its number."""
        self._waiting += _write(item)
        self._ends.append(self._written + len(self._waiting))
        if len(self._waiting) > _HELD:
            self._spill()
        return len(self._ends) - 2

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

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
        item: Item = self._read(self._bytes(self._ends[at], self._ends[at + 1]))
        return item

    def __iter__(self) -> Iterator[Item]:
        for first in range(0, len(self), _TOGETHER):
            ends = self._ends[first : first + _TOGETHER + 1]
            some = memoryview(self._bytes(ends[0], ends[-1]))
            for start, end in pairwise(ends):
                yield self._read(some[start - ends[0] : end - ends[0]])

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        self._file.seek(self._written)
        self._file.write(self._waiting)
        self._written += len(self._waiting)
        self._waiting.clear()

    def _bytes(self, start: int, end: int) -> bytes:
        if end > self._written:
            if start >= self._written:
                return bytes(self._waiting[start - self._written : end - self._written])
            self._spill()
        if self._file is None:
            return b""
        self._file.seek(start)
        return self._file.read(end - start)


class Rows:
    """Rows for a table, on their way to it."""

    def __init__(self, spills: Spills) -> None:
        self._rows: Spilled[dict[str, Any]] = spills.of(dict)

    def append(self, row: Mapping[str, Any]) -> None:
        """Keep it. A `document` may be the bytes of its JSON."""
        self._rows.append(dict(row))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            for name, made in _ROW.items():
                if name in row:
                    row[name] = made(row[name])
            yield row


class Spills:
    """Gives out lists and closes them all at the end. `folder` is where their files lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = ExitStack()

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

    def __enter__(self) -> Spills:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
