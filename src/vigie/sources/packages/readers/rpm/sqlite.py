"""rpm's SQLite database: one table `Packages` of headers (rpm 4.16 and later)."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB

_MOST = 1024 * MIB
_LARGEST_HEADER = 256 * MIB
_STEPS = 1_000_000  # of SQLite's machine between two looks at the patience
_PATIENCE = 500  # looks: 5 × 10⁸ steps are a hundred times what a full desktop needs


def headers(file: PackageFile, around: Surroundings) -> Iterator[tuple[int, bytes]]:
    """Each record's number and header. Raises ValueError when the database is broken.

    SQLite opens files only, and an image may hold the journal of an unfinished write beside
    its database: both are copied into a temporary folder, where SQLite may put them together.
    """
    with tempfile.TemporaryDirectory(prefix="vigie-rpm-") as folder:
        path = Path(folder) / "rpmdb.sqlite"
        _copy(file.content, path, file.path)
        journal = f"{file.path}-wal"
        if around.system.find(journal):
            with around.system.open(journal) as content:
                _copy(content, path.with_name("rpmdb.sqlite-wal"), journal)
        try:
            with closing(sqlite3.connect(path)) as database:
                yield from _read(database)
        except sqlite3.Error as error:
            raise ValueError(f"SQLite: {error}") from None


def _copy(content: BinaryIO, path: Path, name: str) -> None:
    with path.open("wb") as copy:
        left = _MOST
        while data := content.read(MIB):
            left -= len(data)
            if left < 0:
                raise UserError(
                    T("{path} is larger than such a file may be ({size} MiB)", path=name,
                      size=_MOST // MIB),
                    T("Look what it is; no package manager writes one that large."),
                )  # fmt: skip
            copy.write(data)


def _read(database: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    looks = 0

    def impatient() -> bool:
        nonlocal looks
        looks += 1
        return looks > _PATIENCE

    # A hostile database may hold views and triggers that never end.
    database.set_progress_handler(impatient, _STEPS)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_HEADER)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    kind = database.execute("SELECT type FROM sqlite_master WHERE name = 'Packages'").fetchone()
    if kind is None or kind[0] != "table":
        raise ValueError("it has no table Packages")
    for number, blob in database.execute("SELECT hnum, blob FROM Packages ORDER BY hnum"):
        yield (
            number if isinstance(number, int) else 0,
            blob if isinstance(blob, bytes) else b"",
        )
