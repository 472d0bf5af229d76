"""The file of the sealed store: SQLite with what is sealed, and a signature over the whole list.

Rows hold no plaintext but names, tenants, versions and times. Each transaction opens the file
anew, so threads and processes share nothing but it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.ports.secrets import LARGEST
from vigie.stores.secrets._envelope import TAG, Master, Row

# One signature is made over all rows at every read, so there are not endlessly many.
MOST_ROWS = 20_000
_FORMAT = 1
_APPLICATION = 0x76676965  # "vgie", so that `file` and we know it
_BUSY = 30.0  # seconds to wait for another process
_SCHEMA = """
CREATE TABLE keeping(
  only INTEGER PRIMARY KEY CHECK(only = 1), generation INTEGER NOT NULL, master TEXT NOT NULL,
  kind TEXT NOT NULL, salt BLOB NOT NULL, passes INTEGER NOT NULL, memory INTEGER NOT NULL,
  lanes INTEGER NOT NULL, signature BLOB NOT NULL) STRICT;
CREATE TABLE secret(
  tenant TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, created TEXT NOT NULL,
  wrapped BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY(tenant, name, version)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the store is kept: the id of its master key, what that is made of (`kind` "key" or
    "passphrase"; argon2id's salt, passes, KiB and lanes), and how often it was written."""

    master: str
    kind: str
    salt: bytes = b""
    passes: int = 0
    memory: int = 0
    lanes: int = 0
    generation: int = 0


class Vault:
    """One transaction on the file. Every error of SQLite is the file's (SourceError)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._do = connection.execute

    def keeping(self) -> tuple[Keeping, bytes] | None:
        """How it is kept, and the signature; None when nothing was ever put in."""
        found = self._do(
            "SELECT master, kind, salt, passes, memory, lanes, generation, signature FROM keeping"
        ).fetchone()
        if found is None:
            return None
        _typed(found, (str, str, bytes, int, int, int, int, bytes))
        return Keeping(*found[:-1]), found[-1]

    def keep(self, keeping: Keeping, master: Master) -> Keeping:
        """Sign the list as it is now; returns how it is kept from here on."""
        keeping = replace(keeping, generation=keeping.generation + 1)
        self._do(
            "INSERT OR REPLACE INTO keeping(only, master, kind, salt, passes, memory, lanes,"
            " generation, signature) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
            (keeping.master, keeping.kind, keeping.salt, keeping.passes, keeping.memory,
             keeping.lanes, keeping.generation, self.signature(keeping, master)),
        )  # fmt: skip
        return keeping

    def signature(self, keeping: Keeping, master: Master) -> bytes:
        """Over how it is kept and every row: whose, which, when, and the tag of its value."""

        def parts() -> Iterator[str | int | bytes]:
            yield from (_FORMAT, keeping.master, keeping.kind, keeping.salt, keeping.passes)
            yield from (keeping.memory, keeping.lanes, keeping.generation)
            asked = (
                "SELECT tenant, name, version, created, substr(sealed, ?) FROM secret"
                " ORDER BY tenant, name, version"
            )
            for row in self._do(asked, (-TAG,)):
                yield from _typed(row, (str, str, int, str, bytes))

        return master.sign(parts())

    def rows(self, tenant: str | None = None, name: str | None = None) -> list[Row]:
        """Rows without their values, of one tenant and one name or of all; the newest version
        of each name first."""
        asked = (
            "SELECT tenant, name, version, created, wrapped FROM secret"
            " WHERE tenant = coalesce(?, tenant) AND name = coalesce(?, name)"
            " ORDER BY tenant, name, version DESC"
        )
        kinds = (str, str, int, str, bytes)
        return [Row(*_typed(row, kinds)) for row in self._do(asked, (tenant, name))]

    def whole(self, row: Row) -> Row:
        """The row with its sealed value."""
        found = self._do(
            "SELECT sealed FROM secret WHERE tenant = ? AND name = ? AND version = ?",
            (row.tenant, row.name, row.version),
        ).fetchone()
        return replace(row, sealed=_typed(found, (bytes,))[0])

    def count(self) -> int:
        found: int = self._do("SELECT count(*) FROM secret").fetchone()[0]
        return found

    def add(self, row: Row) -> None:
        self._do(
            "INSERT INTO secret(tenant, name, version, created, wrapped, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row.tenant, row.name, row.version, row.created, row.wrapped, row.sealed),
        )

    def rewrap(self, row: Row) -> None:
        """Give the row its new wrapped key."""
        self._do(
            "UPDATE secret SET wrapped = ? WHERE tenant = ? AND name = ? AND version = ?",
            (row.wrapped, row.tenant, row.name, row.version),
        )

    def drop(self, row: Row) -> None:
        self._do(
            "DELETE FROM secret WHERE tenant = ? AND name = ? AND version = ?",
            (row.tenant, row.name, row.version),
        )


def _typed(row: tuple[Any, ...], kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The row. Raises sqlite3.DatabaseError when somebody gave its columns other types."""
    if [type(value) for value in row] != list(kinds):
        raise sqlite3.DatabaseError("a column has another type")
    return row


@contextmanager
def transaction(path: Path, *, write: bool) -> Iterator[Vault]:
    """One transaction; a writing one waits for the others and is durable when it ends.

    A writing one makes the file. Raises SourceError when there is none to read, when it is no
    such store, is damaged, or stays locked.
    """
    if write and not path.exists():
        _make(path)
    try:
        with closing(_connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                _check(connection)
                yield Vault(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()
    except sqlite3.Error as error:
        raise _fault(path, error) from None


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a file that went away meanwhile is not made anew, empty.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=_BUSY, isolation_level=None)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * LARGEST)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")
    # FULL: a rotation that was answered for must not be undone by a power cut, because the old
    # master key is gone by then.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _check(connection: sqlite3.Connection) -> None:
    for pragma, wanted in (("application_id", _APPLICATION), ("user_version", _FORMAT)):
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0] != wanted:
            raise sqlite3.DatabaseError("not a store of secrets, or another version wrote it")


def _make(path: Path) -> None:
    """A new store, made aside and put in place whole; whoever comes second uses the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
            connection.executescript(_SCHEMA)
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()


def _fault(path: Path, error: sqlite3.Error) -> SourceError:
    if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return SourceError(
            T("the store of secrets {path} is busy", path=str(path)),
            T("Another process writes it; try again."),
            retryable=True,
        )
    return SourceError(
        T("the store of secrets {path} cannot be read: {why}", path=str(path), why=str(error)),
        T("Put back a backup of it; its master key stays the same."),
    )
