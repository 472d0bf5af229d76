"""Sorts what a feed says by package before it is written: records come by advisory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Self

from vigie.model.advisories import Affected
from vigie.ports.advisories import AdvisoryRecord, UnreadRecord
from vigie.stores.advisories.packing import pack_details, pack_entry, pack_package

_NAMED = 20  # unread records that are named; the others are counted
_STEP = 1000  # records between two reports of progress


class Staging:
    """Takes the records of one feed and fills its tables; the counts hold what was met.

    Entries wait in a table of the attached database `staging`, so memory stays small.
    """

    def __init__(self, file: sqlite3.Connection, number: int, covers: str) -> None:
        self._file = file
        self._number = number
        self._covers = covers
        self.records = self.withdrawn = self.unread = self.packages = 0
        self.newest = ""
        self.unread_names: list[str] = []
        file.execute("CREATE TABLE staging.entries(ecosystem, name, record, body)")

    def take(
        self, records: Iterable[AdvisoryRecord | UnreadRecord], tell: Callable[[int], None]
    ) -> None:
        """Put each record aside; `tell` is told how many there are so far."""
        for count, record in enumerate(records, 1):
            if count % _STEP == 0:
                tell(count)
            if isinstance(record, UnreadRecord):
                self.unread += 1
                if len(self.unread_names) < _NAMED:
                    self.unread_names.append(record.name)
                continue
            self.records += 1
            self.newest = max(self.newest, record.advisory.modified[:40])
            if record.advisory.withdrawn:
                self.withdrawn += 1
                continue
            self._put(record, count)

    def settle(self) -> None:
        """Write one row for each package, in the order they are looked up by."""
        self._file.execute("CREATE INDEX staging.by_package ON entries(ecosystem, name)")
        self._file.execute(
            "INSERT INTO ecosystems SELECT ?, row_number() OVER (ORDER BY ecosystem), ecosystem,"
            " count(DISTINCT record) FROM staging.entries GROUP BY ecosystem",
            (self._number,),
        )
        self._file.executemany(
            f"INSERT INTO packages_{self._number}(ecosystem, name, body)"  # noqa: S608
            " VALUES (?, ?, ?)",
            self._packages(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Let go of what was put aside.
        self._file.execute("DROP TABLE staging.entries")

    def _put(self, record: AdvisoryRecord, count: int) -> None:
        kept = [one for one in record.affected if self._is_covered(one)]
        if not kept:
            return
        self._file.executemany(
            "INSERT INTO staging.entries VALUES (?, ?, ?, ?)",
            [(one.ecosystem, one.name, count, pack_entry(one)) for one in kept],
        )
        self._file.execute(
            f"INSERT INTO details_{self._number}(id, body) VALUES (?, ?)",  # noqa: S608
            (record.advisory.id, pack_details(record.advisory)),
        )

    def _packages(self) -> Iterator[tuple[int, str, bytes]]:
        rows = self._file.execute(
            "SELECT e.number, s.name, s.body FROM ecosystems e"
            " JOIN staging.entries s ON s.ecosystem = e.name"
            " WHERE e.feed = ? ORDER BY s.ecosystem, s.name, s.rowid",
            (self._number,),
        )
        for (ecosystem, name), group in groupby(rows, key=itemgetter(0, 1)):
            self.packages += 1
            yield ecosystem, name, pack_package([body for *_, body in group])

    def _is_covered(self, affected: Affected) -> bool:
        ecosystem, covers = affected.ecosystem, self._covers
        return not covers or ecosystem == covers or ecosystem.startswith(f"{covers}:")
