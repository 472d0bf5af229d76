"""Records come by advisory and are written by package."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest
from tests.unit.stores.advisories.test_index import about

from vigie.ports.advisories import UnreadRecord
from vigie.stores.advisories.packing import unpack_package
from vigie.stores.advisories.schema import TABLES, feed_tables
from vigie.stores.advisories.staging import Staging


@pytest.fixture
def file() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute("ATTACH ':memory:' AS staging")
        made.executescript(TABLES)
        for statement in feed_tables(3):
            made.execute(statement)
        yield made


def test_one_row_for_each_package_in_the_order_of_look_ups(file: sqlite3.Connection) -> None:
    told: list[int] = []
    records = [about(f"A-{n}", "Debian:12/b", "Debian:12/a") for n in range(1001)]
    with Staging(file, 3, "Debian") as staging:
        staging.take([*records, about("B", "Debian:11/b", "npm/x"), UnreadRecord("U", "odd")],
                     told.append)  # fmt: skip
        staging.settle()
    assert told == [1000]
    assert (staging.records, staging.unread, staging.packages) == (1002, 1, 3)
    assert staging.newest == "2026-01-01T00:00:00Z"
    ecosystems = file.execute("SELECT number, name, records FROM ecosystems").fetchall()
    assert ecosystems == [(1, "Debian:11", 1), (2, "Debian:12", 1001)]
    rows = file.execute("SELECT ecosystem, name, body FROM packages_3 ORDER BY place").fetchall()
    assert [row[:2] for row in rows] == [(1, "b"), (2, "a"), (2, "b")]
    entries = [e.advisory for e in unpack_package(rows[1][2], "Debian:12", "a")]
    assert entries == [f"A-{n}" for n in range(1001)], "in the order they came"
    (count,) = file.execute("SELECT count(*) FROM details_3").fetchone()
    assert count == 1002


def test_what_was_put_aside_is_let_go_of(file: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError), Staging(file, 3, ""):
        raise ZeroDivisionError
    with Staging(file, 3, "") as staging:
        staging.settle()
    assert staging.packages == 0
