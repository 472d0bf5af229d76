"""A file system out of a dictionary, for tests of what reads files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from vigie.model.runs import Problem
from vigie.ports.filesystems import Entry


class MemorySystem:
    """`files` are contents by path; `modes` permission bits where they are not 0o644."""

    def __init__(
        self, files: Mapping[str, bytes | str], modes: Mapping[str, int] | None = None
    ) -> None:
        self.files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }
        self.modes = dict(modes or {})
        self.problems: Sequence[Problem] = ()

    def entries(self) -> Iterator[Entry]:
        for path in sorted(self.files):
            yield self._entry(path)

    def find(self, path: str) -> Entry | None:
        return self._entry(path) if path in self.files else None

    def open(self, path: str) -> BinaryIO:
        if path not in self.files:
            raise FileNotFoundError(path)
        return io.BytesIO(self.files[path])

    def _entry(self, path: str) -> Entry:
        return Entry(path, len(self.files[path]), self.modes.get(path, 0o644))
