"""The seam for package readers: which files say what is installed or asked for, and what.

A built-in reader is a module in `vigie/sources/packages/readers/` that holds one object named
`READER`; a third party registers the same object under the entry point group
`vigie.packages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from vigie.model.inventory import Distribution, Package
from vigie.model.runs import Problem
from vigie.ports.filesystems import Entry, FileSystem


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reader may look at besides the file it is given."""

    system: FileSystem
    distribution: Distribution | None = None


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file that a reader wants. `content` is open, at its start, seekable, and closed for it."""

    entry: Entry
    content: BinaryIO

    @property
    def path(self) -> str:
        return self.entry.path


class PackageReader(Protocol):
    """Reads one kind of record.

    `types` are the purl types it yields. `patterns` say which files it wants
    (`vigie.model.patterns`): without a "/" the file's name ("*.jar", "go.mod"), with one the end
    of its path ("*.dist-info/METADATA"), with a leading "/" the whole path from the root
    ("/var/lib/dpkg/status.d/*"). `binaries` True: every ELF, Mach-O or PE file as well.
    `installed` True when the record speaks of what is there, False when of what is asked for
    (a lock file, a manifest).
    """

    name: str
    label: str
    types: frozenset[str]
    patterns: Sequence[str]
    binaries: bool
    installed: bool

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterable[Package | Problem]:
        """The packages this file speaks of, each with type, name and version as its ecosystem
        writes them and a purl. Order is the file's. A problem stands for what could not be
        read while the rest could, or, as a note, for what is worth knowing.

        Raises UserError or ValueError when the file is not what its name says: the inventory
        is then partial and names it. A file with nothing of interest yields nothing.
        """
