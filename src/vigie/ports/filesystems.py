"""The seam for what a target holds as files: a folder, or the layers of an image put together.

A file system is read only, and names inside it can never lead outside of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from vigie.model.runs import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular file. `path` is relative to the root with "/" between, never "." or "..".

    `size` in bytes, `mode` the permission bits, `layer` the digest of the image's layer that
    brought it ("" in a folder).
    """

    path: str
    size: int
    mode: int = 0o644
    layer: str = ""

    @property
    def executable(self) -> bool:
        """True when anybody may run it."""
        return bool(self.mode & 0o111)


class FileSystem(Protocol):
    """Files as a process inside would see them. Symbolic links stay inside the root."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What could not be looked at so far (a folder without permission, a broken layer)."""

    def entries(self) -> Iterator[Entry]:
        """Every regular file by its real path, once, in a stable order. Links are not followed."""

    def find(self, path: str) -> Entry | None:
        """The regular file at `path` after following links; None when there is none."""

    def open(self, path: str) -> BinaryIO:
        """The content at `path`, seekable, links followed. Raises FileNotFoundError or OSError."""
