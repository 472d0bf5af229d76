"""Writes a database: beside the one in use, which it replaces in one rename when it is whole.

Whatever happens before that rename, the old file stays as it was. Feeds that do not change are
carried over row by row, so the new file is always packed tightly.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.advisories import AdvisoryRecord, UnreadRecord
from vigie.ports.feeds import EpssEntry, KevEntry
from vigie.stores.advisories.schema import (
    APPLICATION,
    NAME,
    TABLES,
    VERSION,
    Feed,
    FeedKind,
    damaged,
    feed_tables,
    feeds_in,
    open_finished,
)
from vigie.stores.advisories.staging import Staging

_PREFIX = ".building-"

Tell = Callable[[int], None]


def _untold(_: int) -> None:
    """Nobody wants to know."""


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other writer out of this folder, and clear away what a killed one left.

    Raises UserError when there is one, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserError(
            T("{folder} cannot be written: {why}", folder=str(folder), why=error.strerror or ""),
            T("Set VIGIE_DATA to a folder that you may write to."),
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(
            T("another process is writing the database of advisories"), T("Wait until it is done.")
        ) from None
    else:
        for left in folder.glob(f"{_PREFIX}*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(lock)


class Building:
    """A database in the making. Use `building`."""

    def __init__(self, file: sqlite3.Connection, old: Mapping[int, Feed]) -> None:
        self._file = file
        self._old = dict(old)

    def replace_advisories(
        self,
        feed: Feed,
        records: Iterable[AdvisoryRecord | UnreadRecord],
        covers: str = "",
        tell: Tell = _untold,
    ) -> Feed:
        """Write a feed of advisories in place of the one of its name; returns it as written.

        Of each record only what concerns the ecosystem `covers` ("Debian", with every release,
        or "Debian:12") is taken; "" takes all. Withdrawn ones are counted and left out. When
        reading fails the feed is as if it had not been begun. Raises UserError when nothing is
        said about that ecosystem.
        """
        number = self._drop(feed.name)
        with self._half_written(number), Staging(self._file, number, covers) as staging:
            for statement in feed_tables(number):
                self._file.execute(statement)
            staging.take(records, tell)
            staging.settle()
            _refuse_nothing(feed, staging, covers)
        published = feed.published or staging.newest
        done = replace(
            feed,
            published=published,
            current=feed.current or published,
            records=staging.records,
            withdrawn=staging.withdrawn,
            unread=staging.unread,
            unread_names=tuple(staging.unread_names),
        )
        self._enter(number, done)
        return done

    def replace_kev(self, feed: Feed, entries: Mapping[str, KevEntry]) -> Feed:
        """Write the KEV catalogue in place of the old one; returns the feed as written."""
        _refuse_none(feed, entries)
        number = self._drop(feed.name)
        self._file.execute("DELETE FROM kev")
        self._file.executemany(
            "INSERT INTO kev VALUES (?, ?, ?, ?)",
            ((e.cve, e.added, e.due, e.ransomware) for _, e in sorted(entries.items())),
        )
        done = replace(feed, records=len(entries))
        self._enter(number, done)
        return done

    def replace_epss(self, feed: Feed, entries: Mapping[str, EpssEntry]) -> Feed:
        """Write the EPSS scores in place of the old ones; returns the feed as written."""
        _refuse_none(feed, entries)
        number = self._drop(feed.name)
        self._file.execute("DELETE FROM epss")
        self._file.executemany(
            "INSERT INTO epss VALUES (?, ?, ?)",
            ((e.cve, e.score, e.percentile) for _, e in sorted(entries.items())),
        )
        done = replace(feed, records=len(entries))
        self._enter(number, done)
        return done

    def carry(self, feed: Feed) -> None:
        """Carry the feed of this name over with what is now known of it, records unchanged."""
        theirs = next(number for number, old in self._old.items() if old.name == feed.name)
        self._copy("old", theirs, feed)

    def carry_rest(self) -> None:
        """Carry over every feed of the old database that was not written anew."""
        written = {name for (name,) in self._file.execute("SELECT name FROM feeds")}
        for feed in self._old.values():
            if feed.name not in written:
                self.carry(feed)

    def adopt(self, path: Path, wanted: Callable[[Feed], bool]) -> list[Feed]:
        """Write those feeds of another finished database in place of ours; returns them."""
        open_finished(path).close()
        self._file.execute("COMMIT")  # a database cannot be let go of inside a transaction
        self._file.execute("ATTACH ? AS other", (_read_only(path),))
        self._file.execute("BEGIN")
        try:
            found = feeds_in(self._file, "other")
            taken = {number: feed for number, feed in found.items() if wanted(feed)}
            for theirs, feed in taken.items():
                self._copy("other", theirs, feed)
        except (sqlite3.Error, ValueError) as error:
            raise damaged(path, str(error)) from None
        self._file.execute("COMMIT")
        self._file.execute("DETACH other")
        self._file.execute("BEGIN")
        return list(taken.values())

    @contextlib.contextmanager
    def _half_written(self, number: int) -> Iterator[None]:
        """Takes the tables of a feed away again unless all went well."""
        whole = False
        try:
            yield
            whole = True
        finally:
            if not whole:
                self._drop_tables(number)

    def _enter(self, number: int, feed: Feed) -> None:
        self._file.execute(
            "INSERT INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, feed.name, feed.kind.value, feed.source, feed.published, feed.current,
                feed.fetched, feed.records, feed.withdrawn, feed.unread,
                "\n".join(name.replace("\n", " ") for name in feed.unread_names), feed.etag,
                feed.whole,
            ),
        )  # fmt: skip

    def _drop(self, name: str) -> int:
        """Take the feed of this name out, and give a number for the one that comes."""
        row = self._file.execute("SELECT number FROM feeds WHERE name = ?", (name,)).fetchone()
        if row is not None:
            self._file.execute("DELETE FROM feeds WHERE number = ?", row)
            self._drop_tables(row[0])
        (highest,) = self._file.execute("SELECT max(number) FROM feeds").fetchone()
        return (highest or 0) + 1

    def _drop_tables(self, number: int) -> None:
        self._file.execute("DELETE FROM ecosystems WHERE feed = ?", (number,))
        self._file.execute(f"DROP TABLE IF EXISTS packages_{number}")
        self._file.execute(f"DROP TABLE IF EXISTS details_{number}")

    def _copy(self, schema: str, theirs: int, feed: Feed) -> None:
        number = self._drop(feed.name)
        if feed.kind is not FeedKind.OSV:
            table = feed.kind.value
            self._file.execute(f"DELETE FROM {table}")  # noqa: S608
            self._file.execute(f"INSERT INTO {table} SELECT * FROM {schema}.{table}")  # noqa: S608
            self._enter(number, feed)
            return
        self._file.execute(
            "INSERT INTO ecosystems SELECT ?, number, name, records"  # noqa: S608
            f" FROM {schema}.ecosystems WHERE feed = ?",
            (number, theirs),
        )
        for statement in feed_tables(number):
            self._file.execute(statement)
        for table in ("packages", "details"):
            # Tables of one shape: SQLite copies whole rows without looking into them.
            self._file.execute(
                f"INSERT INTO {table}_{number} SELECT * FROM {schema}.{table}_{theirs}"  # noqa: S608
            )
        self._enter(number, feed)


def _refuse_none(feed: Feed, found: Collection[object]) -> None:
    if not found:
        raise UserError(
            T("{name} holds no record that can be read", name=feed.source),
            T("Give OSV dumps or records, the KEV catalogue, EPSS scores, or a bundle."),
        )


def _refuse_nothing(feed: Feed, staging: Staging, covers: str) -> None:
    _refuse_none(feed, range(staging.records))
    if covers and not staging.packages and staging.records > staging.withdrawn:
        raise UserError(
            T("{name} says nothing about {ecosystem}", name=feed.source, ecosystem=covers),
            T("See whether it is the right file, and the right address in the settings."),
        )


@contextlib.contextmanager
def building(folder: Path) -> Iterator[Building]:
    """Make a new database in this folder; it takes the place of the old one when all went well.

    Feeds that are not replaced are carried over; without any there is no new one. Call it inside
    `alone`. Raises UserError when
    the disk is full or the old file cannot be read; then the old one stays.
    """
    path = folder / NAME
    beside = folder / f"{_PREFIX}{os.getpid()}"
    try:
        with contextlib.closing(_new(beside)) as file:
            made = Building(file, _attach_old(file, path))
            file.execute("BEGIN")
            yield made
            made.carry_rest()
            file.execute("COMMIT")
            (feeds,) = file.execute("SELECT count(*) FROM feeds").fetchone()
        if feeds:
            _settle(beside, path)
    except (sqlite3.Error, OSError) as error:
        raise UserError(
            T("the database of advisories cannot be written to {folder}: {why}",
              folder=str(folder), why=str(error)),
            T("See whether the disk is full; what was there before is still in use."),
        ) from None  # fmt: skip
    finally:
        for left in folder.glob(f"{_PREFIX}*"):
            left.unlink(missing_ok=True)


def _new(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644))
    file = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    file.execute("ATTACH ? AS staging", (f"{path.absolute().as_uri()}-staging",))
    for schema in ("main", "staging"):
        # Until the rename nobody else sees this file, and a broken one is thrown away.
        file.execute(f"PRAGMA {schema}.journal_mode = OFF")
        file.execute(f"PRAGMA {schema}.synchronous = OFF")
        file.execute(f"PRAGMA {schema}.cache_size = -65536")
    file.execute("PRAGMA trusted_schema = OFF")
    file.execute(f"PRAGMA application_id = {APPLICATION}")
    file.execute(f"PRAGMA user_version = {VERSION}")
    file.executescript(TABLES)
    return file


def _attach_old(file: sqlite3.Connection, path: Path) -> dict[int, Feed]:
    if not path.exists():
        return {}
    open_finished(path).close()  # says what is wrong with it
    file.execute("ATTACH ? AS old", (_read_only(path),))
    return feeds_in(file, "old")


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _settle(beside: Path, path: Path) -> None:
    _sync(beside)
    beside.replace(path)
    with contextlib.suppress(OSError):  # some file systems cannot, and the rename has happened
        _sync(path.parent)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
