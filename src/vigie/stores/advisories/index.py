"""Answers from a finished database: advisories by package, KEV and EPSS by CVE."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec

from vigie.model.advisories import Advisory, Affected
from vigie.model.ecosystems import advisory_name
from vigie.ports.feeds import EpssEntry, KevEntry
from vigie.stores.advisories.packing import unpack_details, unpack_package
from vigie.stores.advisories.schema import Feed, FeedKind, damaged, feeds_in, open_finished

_AT_ONCE = 500  # names in one query
_FAULTS = (sqlite3.Error, msgspec.MsgspecError, ValueError, IndexError)

Value = TypeVar("Value")


class AdvisoryDatabase:
    """An `AdvisoryIndex` over one file. It sees that file as it was when it was opened.

    Every look-up raises UserError when the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open_finished(path)
        try:
            self._feeds = feeds_in(self._file)
            self._holders = _holders(self._file, self._feeds)
        except _FAULTS as error:
            self._file.close()
            raise damaged(path, str(error)) from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        # Whoever holds a view of KEV or EPSS holds the file open, and nobody else closes it.
        if hasattr(self, "_file"):
            self._file.close()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Every feed in it, in the order of names."""
        return tuple(self._feeds.values())

    @property
    def date(self) -> str:
        """The moment up to which all whole feeds of advisories are known, ISO 8601: that of the
        one that is furthest behind; "" when there is none, or one of them does not say."""
        dates = [f.current for f in self.feeds if f.kind is FeedKind.OSV and f.whole]
        return min(dates, default="")

    def feed_of(self, ecosystem: str) -> Feed | None:
        """The whole feed that answers for this ecosystem ("Debian:12"), None when there is none."""
        for number, _, _ in self._holders.get(ecosystem, ()):
            if self._feeds[number].whole:
                return self._feeds[number]
        return None

    def ecosystems(self) -> Mapping[str, int]:
        """Every ecosystem that a whole feed covers, and how many records speak of it."""
        counts = {}
        for name, holders in self._holders.items():
            whole = [records for number, _, records in holders if self._feeds[number].whole]
            if whole:
                counts[name] = whole[0]
        return counts

    def affecting(self, ecosystem: str, names: Collection[str]) -> Iterable[Affected]:
        """What is said about packages of these names in exactly this ecosystem."""
        wanted = sorted({advisory_name(ecosystem, name) for name in names})
        told: set[tuple[str, str]] = set()
        for number, place, _ in self._holders.get(ecosystem, ()):
            here: set[tuple[str, str]] = set()
            for name, body in self._bodies(number, place, wanted):
                try:
                    entries = list(unpack_package(body, ecosystem, name))
                except _FAULTS as error:
                    raise damaged(self.path, str(error)) from None
                for entry in entries:
                    # An addition does not say again what the dump of the ecosystem has.
                    if (entry.advisory, name) not in told:
                        here.add((entry.advisory, name))
                        yield entry
            told |= here

    def advisories(self, ids: Collection[str]) -> Mapping[str, Advisory]:
        """The advisories of these ids; an id that is not there is missing."""
        found: dict[str, Advisory] = {}
        missing = sorted(set(ids))
        for number, feed in sorted(self._feeds.items(), key=lambda item: not item[1].whole):
            if feed.kind is not FeedKind.OSV:
                continue
            query = f"SELECT id, body FROM details_{number} WHERE id IN "  # noqa: S608
            for identity, body in self._chosen(query, (), missing):
                try:
                    found[identity] = unpack_details(body, identity)
                except _FAULTS as error:
                    raise damaged(self.path, str(error)) from None
            missing = [one for one in missing if one not in found]
        return found

    @property
    def kev(self) -> Mapping[str, KevEntry]:
        """The KEV catalogue by CVE; a CVE is looked up when it is asked for."""
        return KevView(self)

    @property
    def epss(self) -> Mapping[str, EpssEntry]:
        """EPSS scores by CVE; a CVE is looked up when it is asked for."""
        return EpssView(self)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds. Raises UserError when the file is damaged."""
        try:
            return self._file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise damaged(self.path, str(error)) from None

    def _bodies(self, number: int, place: int, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        query = f"SELECT name, body FROM packages_{number} WHERE ecosystem = ? AND name IN "  # noqa: S608
        return self._chosen(query, (place,), names)

    def _chosen(
        self, query: str, before: tuple[int, ...], keys: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        rest = iter(keys)
        while some := tuple(islice(rest, _AT_ONCE)):
            marks = ",".join("?" * len(some))
            yield from self.rows(f"{query}({marks})", *before, *some)


def _holders(
    file: sqlite3.Connection, feeds: Mapping[int, Feed]
) -> dict[str, list[tuple[int, int, int]]]:
    """Who speaks of an ecosystem: feed, the ecosystem's number in it, and records.

    Of several whole feeds, say a dump of Debian and one of Debian:12, the newest answers.
    """
    found: dict[str, list[tuple[int, int, int]]] = {}
    for feed, place, name, records in file.execute(
        "SELECT feed, number, name, records FROM ecosystems ORDER BY name, feed"
    ):
        found.setdefault(name, []).append((feed, place, records))
    for name, holders in found.items():
        whole = [one for one in holders if feeds[one[0]].whole]
        newest = max(whole, key=lambda one: feeds[one[0]].current, default=None)
        found[name] = [
            *([newest] if newest is not None else []),
            *(one for one in holders if not feeds[one[0]].whole),
        ]
    return found


class _View(Mapping[str, Value]):
    """A table by CVE. What was asked for is remembered, also that it is not there."""

    one: str
    all: str
    count: str

    def __init__(self, database: AdvisoryDatabase) -> None:
        self._database = database
        self._known: dict[str, Value | None] = {}

    def entry(self, row: tuple[Any, ...]) -> Value:
        """The entry of a row."""
        raise NotImplementedError

    def __getitem__(self, cve: str) -> Value:
        if cve not in self._known:
            rows = self._database.rows(self.one, cve)
            self._known[cve] = next((self.entry(row) for row in rows), None)
        found = self._known[cve]
        if found is None:
            raise KeyError(cve)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from (cve for (cve,) in self._database.rows(self.all))

    def __len__(self) -> int:
        ((count,),) = self._database.rows(self.count)
        return int(count)


class KevView(_View[KevEntry]):
    """The KEV catalogue."""

    one = "SELECT cve, added, due, ransomware FROM kev WHERE cve = ?"
    all = "SELECT cve FROM kev ORDER BY cve"
    count = "SELECT count(*) FROM kev"

    def entry(self, row: tuple[Any, ...]) -> KevEntry:
        cve, added, due, ransomware = row
        return KevEntry(cve, added, due, None if ransomware is None else bool(ransomware))


class EpssView(_View[EpssEntry]):
    """EPSS scores."""

    one = "SELECT cve, score, percentile FROM epss WHERE cve = ?"
    all = "SELECT cve FROM epss ORDER BY cve"
    count = "SELECT count(*) FROM epss"

    def entry(self, row: tuple[Any, ...]) -> EpssEntry:
        return EpssEntry(*row)
