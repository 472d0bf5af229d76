"""The shape of the database file, and what its feeds are.

Each feed of advisories has two tables of its own, so that it is replaced by dropping them, and a
look-up asks only those that hold the ecosystem. A finished file is never changed again: a new one
takes its place, so readers need no lock and may map it into memory.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from vigie.model.errors import UserError
from vigie.model.text import T

APPLICATION = 0x56474144  # "VGAD", in the file's header
VERSION = 1
NAME = "advisories.sqlite"

_MAPPED = 1 << 32


class FeedKind(StrEnum):
    OSV = "osv"
    KEV = "kev"
    EPSS = "epss"


class FeedState(StrEnum):
    """`PARTIAL` has records that could not be read."""

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known about one feed. Dates are ISO 8601, "" when nobody says.

    `name` is an OSV ecosystem ("PyPI"), "kev", "epss" or the name of a file. `source` is the
    address or file it came from. `published` is the data's own date, `current` the moment up to
    which it is known to be all there is, `fetched` when it was read into a database. `records`
    counts all that were read, `withdrawn` those among them that count no more, `unread` those
    that could not be read, of which `unread_names` are the first. `whole` is False for
    additions: files beside the dump of an ecosystem, which say nothing by their silence.
    """

    name: str
    kind: FeedKind = FeedKind.OSV
    source: str = ""
    published: str = ""
    current: str = ""
    fetched: str = ""
    records: int = 0
    withdrawn: int = 0
    unread: int = 0
    unread_names: tuple[str, ...] = ()
    etag: str = ""
    whole: bool = True

    @property
    def state(self) -> FeedState:
        return FeedState.PARTIAL if self.unread else FeedState.COMPLETE


TABLES = """
CREATE TABLE feeds(
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, source TEXT NOT NULL,
  published TEXT NOT NULL, current TEXT NOT NULL, fetched TEXT NOT NULL, records INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL, unread INTEGER NOT NULL, unread_names TEXT NOT NULL,
  etag TEXT NOT NULL, whole INTEGER NOT NULL);
CREATE TABLE ecosystems(
  feed INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, records INTEGER NOT NULL,
  PRIMARY KEY(feed, number)) WITHOUT ROWID;
CREATE TABLE kev(
  cve TEXT PRIMARY KEY, added TEXT NOT NULL, due TEXT NOT NULL, ransomware INTEGER) WITHOUT ROWID;
CREATE TABLE epss(
  cve TEXT PRIMARY KEY, score REAL NOT NULL, percentile REAL) WITHOUT ROWID;
"""


def feed_tables(number: int) -> tuple[str, str]:
    """The tables of one feed: packages by ecosystem and name, and details by id.

    `ecosystem` is the number in `ecosystems`, which counts within the feed.
    """
    packages = (
        f"CREATE TABLE packages_{number}(place INTEGER PRIMARY KEY, ecosystem INTEGER NOT NULL,"
        " name TEXT NOT NULL, body BLOB NOT NULL, UNIQUE(ecosystem, name))"
    )
    details = (
        f"CREATE TABLE details_{number}(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
        " body BLOB NOT NULL)"
    )
    return packages, details


def open_finished(path: Path) -> sqlite3.Connection:
    """A finished file, to read. Raises UserError when it is none, or of another version."""
    try:
        file = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise damaged(path, str(error)) from None
    try:
        # What a foreign file defines for itself is not run.
        file.execute("PRAGMA trusted_schema = OFF")
        file.execute(f"PRAGMA mmap_size = {_MAPPED}")
        _check(file, path)
    except sqlite3.Error as error:
        file.close()
        raise damaged(path, str(error)) from None
    except UserError:
        file.close()
        raise
    return file


def _check(file: sqlite3.Connection, path: Path) -> None:
    (application,) = file.execute("PRAGMA application_id").fetchone()
    (version,) = file.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise UserError(
            T("{path} is no database of advisories", path=str(path)),
            T("Move it away, then make a new one with vigie db update or vigie db import."),
        )
    if version > VERSION:
        raise UserError(
            T("{path} was written by a newer Vigie", path=str(path)),
            T("Use that Vigie, or move the file away and make a new one with vigie db update."),
        )
    if version < VERSION:
        raise UserError(
            T("{path} was written by an older Vigie", path=str(path)),
            T("Make it anew with vigie db update or vigie db import."),
        )


def damaged(path: Path, why: str) -> UserError:
    """The error for a file that SQLite or we cannot make sense of."""
    return UserError(
        T("the database of advisories {path} is damaged: {why}", path=str(path), why=why),
        T("Move it away, then make a new one with vigie db update or vigie db import."),
    )


def feeds_in(file: sqlite3.Connection, schema: str = "main") -> dict[int, Feed]:
    """Every feed by its number, in the order of names."""
    rows = file.execute(
        "SELECT number, name, kind, source, published, current, fetched, records, withdrawn,"  # noqa: S608
        f" unread, unread_names, etag, whole FROM {schema}.feeds ORDER BY name"
    )
    return {number: _feed(*row) for number, *row in rows}


def _feed(name: str, kind: str, *row: Any) -> Feed:
    *facts, names, etag, whole = row
    return replace(
        Feed(name, FeedKind(kind), *facts),
        unread_names=tuple(names.split("\n")) if names else (),
        etag=etag,
        whole=bool(whole),
    )
