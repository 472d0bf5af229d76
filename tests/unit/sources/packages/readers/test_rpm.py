"""rpm: fields of a header, the three forms, and databases that lead astray."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.rpm import (
    HEADERS,
    SAMPLES,
    as_berkeley,
    as_ndb,
    as_sqlite,
    header,
)

from vigie.sources.packages.readers.rpm import READER
from vigie.sources.packages.readers.rpm.header import record_of

SQLITE = "var/lib/rpm/rpmdb.sqlite"
PLAIN = {"name": "a", "version": "1", "release": "2", "arch": "noarch"}


@pytest.mark.parametrize("tree", [tree for tree, _ in SAMPLES])
def test_every_form_says_the_same(tree: dict[str, bytes]) -> None:
    found = by_name(read_one(READER, tree))
    demo, libs = found["demo"].component, found["demo-libs"].component
    assert demo.purl == (
        "pkg:rpm/redhat/demo@1.2-3.el9"
        "?arch=x86_64&distro=rhel-9.4&upstream=demo-src-1.2-3.el9.src.rpm"
    )
    assert (demo.source_name, demo.source_version) == ("demo-src", "1.2-3.el9")
    assert demo.licences == ("MIT",)
    assert (libs.version, libs.source_version) == ("2:2.0~rc1-1", "2:2.0~rc1-1")
    assert "epoch=2" in libs.purl
    assert "rpmmod=demo:12:80:abc" in libs.purl


def test_an_epoch_of_zero_is_said_in_the_purl_only() -> None:
    record = record_of(header({**PLAIN, "epoch": 0}))
    assert record is not None
    assert (record.version, record.epoch) == ("1-2", "0")
    bare = record_of(header(PLAIN))
    assert bare is not None
    assert bare.epoch == ""


def test_of_a_tag_said_twice_the_first_counts() -> None:
    entries = struct.pack(">iIiIiIiIiIiI", 1000, 6, 0, 1, 1000, 6, 2, 1, 1001, 6, 4, 1)
    record = record_of(struct.pack(">II", 3, 6) + entries + b"a\0b\0" + b"1\0")
    assert record is not None
    assert (record.name, record.version) == ("a", "1")


@pytest.mark.parametrize("name", ["odd.rpm", "a-1.src.rpm", "(none)", "a-1-2-src.rpm", ""])
def test_a_source_of_another_form_is_no_source(name: str) -> None:
    record = record_of(header({**PLAIN, "sourcerpm": name}))
    assert record is not None
    assert (record.source_name, record.source_version) == ("", "")


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\0" * 7,
        struct.pack(">II", 1, 0),
        struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF),
        struct.pack(">IIiIiI", 1, 4, 1000, 6, 9, 1) + b"abc\0",
        struct.pack(">IIiIiI", 1, 4, 1000, 6, -1, 1) + b"abc\0",
        struct.pack(">IIiIiI", 1, 3, 1000, 6, 0, 1) + b"abc",
        header({"name": "a"}),
    ],
)
def test_what_is_no_header_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        record_of(blob)


def test_one_broken_record_does_not_hide_the_others() -> None:
    found = read_one(READER, {SQLITE: as_sqlite([b"junk", *HEADERS])})
    assert list(by_name(found)) == ["demo", "demo-libs"]
    assert [p.message.params["number"] for p in found.problems] == [1]


def test_an_older_form_beside_a_newer_one_is_not_read() -> None:
    tree = {SQLITE: as_sqlite([header(PLAIN)]), "var/lib/rpm/Packages": as_berkeley(HEADERS)}
    assert list(by_name(read_one(READER, tree))) == ["a"]


def test_another_form_is_said_to_be_unreadable() -> None:
    found = read_one(READER, {"var/lib/rpm/Packages": b"\0" * 5000})
    assert "cannot be read" in str(found.problems[0].message)


def test_what_stands_in_the_journal_is_read(tmp_path: Path) -> None:
    """A write-ahead journal that was not yet written back, as a stopped rpm leaves it."""
    path = tmp_path / "rpmdb.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
        database.execute("INSERT INTO Packages (blob) VALUES (?)", (header(PLAIN),))
        database.commit()
        for ending in ("", "-wal"):
            shutil.copy(f"{path}{ending}", f"{tmp_path}/copy{ending}")
    copy, journal = (tmp_path / "copy").read_bytes(), (tmp_path / "copy-wal").read_bytes()
    assert list(by_name(read_one(READER, {SQLITE: copy, f"{SQLITE}-wal": journal}))) == ["a"]


def test_a_view_in_the_place_of_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rpmdb.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE VIEW Packages AS WITH RECURSIVE n(hnum, blob) AS "
            "(SELECT 1, x'00' UNION ALL SELECT hnum + 1, blob FROM n) SELECT * FROM n"
        )
    found = read_one(READER, {SQLITE: path.read_bytes()})
    assert "no table Packages" in str(found.problems[0].message)


@pytest.mark.parametrize(("at", "value"), [(4096, b"Xlb"), (4100, b"\7\0\0\0"), (32, b"Slop")])
def test_a_slot_that_leads_to_another_package_is_refused(at: int, value: bytes) -> None:
    data = bytearray(as_ndb([header(PLAIN)]))
    data[at : at + len(value)] = value
    found = read_one(READER, {"var/lib/rpm/Packages.db": bytes(data)})
    assert (found.packages, len(found.problems)) == ([], 1)


def test_records_that_share_their_bytes_are_refused() -> None:
    """Slots that all lead to one large blob would be read as often as there are slots."""
    data = bytearray(as_ndb([header({**PLAIN, "summary": "x" * 9000})]))
    for at in range(48, 4096, 16):
        data[at : at + 16] = data[32:48]
    found = read_one(READER, {"var/lib/rpm/Packages.db": bytes(data)})
    assert "overlap" in str(found.problems[0].message)


def test_a_chain_of_pages_in_a_circle_ends() -> None:
    data = bytearray(as_berkeley([*HEADERS, HEADERS[2]]))
    pages = [at for at in range(0, len(data), 512) if data[at + 25] == 7]
    for at in pages:
        struct.pack_into("<I", data, at + 16, at // 512)
        struct.pack_into("<H", data, at + 22, 1)
    found = read_one(READER, {"var/lib/rpm/Packages": bytes(data)})
    assert "cut short" in str(found.problems[0].message)
