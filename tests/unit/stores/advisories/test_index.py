"""Look-ups in a finished database, and what happens when the file is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.errors import UserError
from vigie.ports.advisories import AdvisoryIndex, AdvisoryRecord, UnreadRecord
from vigie.ports.feeds import EpssEntry, KevEntry
from vigie.stores.advisories.building import alone, building
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.stores.advisories.schema import NAME, VERSION, Feed, FeedKind, FeedState

BEFORE_2 = (Range(RangeType.ECOSYSTEM, ((EventKind.INTRODUCED, "0"), (EventKind.FIXED, "2"))),)


def about(identity: str, *packages: str, withdrawn: str = "", title: str = "") -> AdvisoryRecord:
    """A record about packages written "Ecosystem/name"."""
    entries = [
        Affected(identity, ecosystem, name, BEFORE_2)
        for ecosystem, _, name in (package.partition("/") for package in packages)
    ]
    modified = "2026-01-01T00:00:00Z"
    advisory = Advisory(identity, title=title, modified=modified, withdrawn=withdrawn)
    return AdvisoryRecord(advisory, tuple(entries))


def write(
    folder: Path, *feeds: tuple[Feed, str, Sequence[AdvisoryRecord | UnreadRecord]]
) -> AdvisoryDatabase:
    """A database with these feeds: each its row, what it covers and its records."""
    with alone(folder), building(folder) as made:
        for feed, covers, records in feeds:
            made.replace_advisories(feed, records, covers)
    return AdvisoryDatabase(folder / NAME)


def ids(index: AdvisoryIndex, ecosystem: str, *names: str) -> list[str]:
    return [entry.advisory for entry in index.affecting(ecosystem, names)]


def test_packages_are_found_by_ecosystem_and_name(tmp_path: Path) -> None:
    records = [
        about("A", "PyPI/demo"),
        about("B", "PyPI/demo", "PyPI/other", "npm/demo"),
        about("C", "PyPI/gone", withdrawn="2025-01-01"),
    ]
    with write(tmp_path, (Feed("PyPI"), "PyPI", records)) as index:
        assert ids(index, "PyPI", "demo") == ["A", "B"]
        assert ids(index, "PyPI", "other", "demo", "none") == ["A", "B", "B"]
        assert ids(index, "PyPI", "gone") == ids(index, "npm", "demo") == ids(index, "x") == []
        (entry,) = index.affecting("PyPI", ["other"])
        assert entry == Affected("B", "PyPI", "other", BEFORE_2)
        assert index.ecosystems() == {"PyPI": 2}
        (feed,) = index.feeds
        assert (feed.records, feed.withdrawn, feed.unread) == (3, 1, 0)
        assert index.date == feed.current == feed.published == "2026-01-01T00:00:00Z"


def test_a_name_is_looked_up_as_its_registry_takes_it(tmp_path: Path) -> None:
    with write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/zope-interface")])) as index:
        assert ids(index, "PyPI", "Zope.Interface") == ["A"]


def test_thousands_of_names_at_once(tmp_path: Path) -> None:
    records = [about(f"A-{n}", f"PyPI/p{n}") for n in range(1500)]
    with write(tmp_path, (Feed("PyPI"), "PyPI", records)) as index:
        names = [f"p{n}" for n in range(0, 3000, 2)]
        assert len(ids(index, "PyPI", *names)) == 750
        assert len(index.advisories([f"A-{n}" for n in range(3000)])) == 1500


def test_releases_are_ecosystems_of_their_own(tmp_path: Path) -> None:
    records = [about("A", "Debian:12/x", "Debian:11/x"), about("B", "Debian:12/x", "Ubuntu:1/x")]
    with write(tmp_path, (Feed("Debian"), "Debian", records)) as index:
        assert index.ecosystems() == {"Debian:11": 1, "Debian:12": 2}
        assert ids(index, "Debian:12", "x") == ["A", "B"]
        assert ids(index, "Debian", "x") == []
    with write(tmp_path / "one", (Feed("Debian:12"), "Debian:12", records)) as index:
        assert index.ecosystems() == {"Debian:12": 2}


def test_details_come_for_the_ids_that_are_asked_for(tmp_path: Path) -> None:
    records = [about("A", "PyPI/x", title="Bad"), about("B", "PyPI/x"), about("N", "npm/x")]
    with write(tmp_path, (Feed("PyPI"), "PyPI", records)) as index:
        assert index.advisories(["A", "N", "none"]) == {"A": records[0].advisory}
        assert index.advisories([]) == {}


def test_additions_are_found_but_make_no_ecosystem_known(tmp_path: Path) -> None:
    ours = Feed("file:ours", whole=False)
    with write(tmp_path, (ours, "", [about("OURS-1", "npm/inner")])) as index:
        assert index.ecosystems() == {}
        assert index.date == ""
        assert index.feed_of("npm") is None
        assert ids(index, "npm", "inner") == ["OURS-1"]


def test_additions_do_not_say_again_what_the_dump_has(tmp_path: Path) -> None:
    dump = [about("A", "npm/x", title="dump"), about("B", "npm/x")]
    ours = [about("A", "npm/x", "npm/y", title="ours"), about("OURS-1", "npm/x")]
    index = write(
        tmp_path, (Feed("file:a", whole=False), "", ours), (Feed("npm"), "npm", dump)
    )  # fmt: skip
    assert ids(index, "npm", "x", "y") == ["A", "B", "OURS-1", "A"]
    assert index.advisories(["A"])["A"].title == "dump"
    assert index.ecosystems() == {"npm": 2}
    feed = index.feed_of("npm")
    assert feed is not None and feed.name == "npm"
    index.close()


def test_of_two_dumps_of_one_ecosystem_the_newer_answers(tmp_path: Path) -> None:
    old = Feed("Debian", current="2025-01-01")
    new = Feed("Debian:12", current="2026-01-01")
    index = write(
        tmp_path,
        (old, "Debian", [about("OLD", "Debian:12/x"), about("E", "Debian:11/x")]),
        (new, "Debian:12", [about("NEW", "Debian:12/x")]),
    )
    assert ids(index, "Debian:12", "x") == ["NEW"]
    assert ids(index, "Debian:11", "x") == ["E"]
    assert index.date == "2025-01-01"
    index.close()


def test_unread_records_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    unread = [UnreadRecord(f"U-{n}", "odd") for n in range(30)]
    with write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/x"), *unread])) as index:
        (feed,) = index.feeds
        assert (feed.records, feed.unread, feed.state) == (1, 30, FeedState.PARTIAL)
        assert feed.unread_names == tuple(f"U-{n}" for n in range(20))


def test_kev_and_epss_are_looked_up_by_cve(tmp_path: Path) -> None:
    kev = {"CVE-1": KevEntry("CVE-1", "2024-01-01", "2024-02-01", True), "CVE-2": KevEntry("CVE-2")}
    epss = {"CVE-1": EpssEntry("CVE-1", 0.5, 0.9), "CVE-3": EpssEntry("CVE-3", 0.1)}
    with alone(tmp_path), building(tmp_path) as made:
        made.replace_kev(Feed("kev", FeedKind.KEV), kev)
        made.replace_epss(Feed("epss", FeedKind.EPSS), epss)
    with AdvisoryDatabase(tmp_path / NAME) as index:
        assert dict(index.kev) == kev
        assert dict(index.epss) == epss
        assert (len(index.kev), "CVE-9" in index.kev, "CVE-2" in index.kev) == (2, False, True)
        assert index.epss.get("CVE-9") is None
        assert index.epss["CVE-3"].percentile is None
        assert [feed.records for feed in index.feeds] == [2, 2]


def test_a_view_holds_the_file_open(tmp_path: Path) -> None:
    with alone(tmp_path), building(tmp_path) as made:
        made.replace_kev(Feed("kev", FeedKind.KEV), {"CVE-1": KevEntry("CVE-1")})
    view = AdvisoryDatabase(tmp_path / NAME).kev
    assert "CVE-1" in view


def test_a_reader_goes_on_with_what_it_opened(tmp_path: Path) -> None:
    first = write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/x")]))
    second = write(tmp_path, (Feed("PyPI"), "PyPI", [about("B", "PyPI/x")]))
    assert ids(first, "PyPI", "x") == ["A"]
    assert ids(second, "PyPI", "x") == ["B"]
    first.close()
    second.close()


@pytest.mark.parametrize("data", [b"", b"hello", b"SQLite format 3\0", b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(UserError, match=r"damaged|no database of advisories") as caught:
        AdvisoryDatabase(tmp_path / NAME)
    assert caught.value.hint.template


def test_another_version_is_told(tmp_path: Path) -> None:
    write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/x")])).close()
    for version, words in ((VERSION + 1, "newer Vigie"), (0, "older Vigie")):
        with sqlite3.connect(tmp_path / NAME) as file:
            file.execute(f"PRAGMA user_version = {version}")
        file.close()
        with pytest.raises(UserError, match=words):
            AdvisoryDatabase(tmp_path / NAME)


def test_damage_inside_is_told_when_it_is_met(tmp_path: Path) -> None:
    records = [about(f"A-{n}", f"PyPI/p{n}", title="x" * 300) for n in range(400)]
    write(tmp_path, (Feed("PyPI"), "PyPI", records)).close()
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    head = 3 * 4096
    data[head:] = b"\xaa" * (len(data) - head)
    path.write_bytes(data)
    with pytest.raises(UserError, match="damaged"), AdvisoryDatabase(path) as index:
        list(index.affecting("PyPI", [f"p{n}" for n in range(400)]))
        index.advisories([f"A-{n}" for n in range(400)])


def test_nothing_in_a_foreign_file_is_run(tmp_path: Path) -> None:
    """A view that calls a function of SQLite's own, where a table should be."""
    write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/x")])).close()
    with sqlite3.connect(tmp_path / NAME) as file:
        file.execute("DROP TABLE kev")
        file.execute("CREATE VIEW kev AS SELECT load_extension('x') AS cve, '' AS added,"
                     " '' AS due, 0 AS ransomware")  # fmt: skip
    file.close()
    with AdvisoryDatabase(tmp_path / NAME) as index:
        assert index.rows("PRAGMA trusted_schema") == [(0,)]
        with pytest.raises(UserError, match="damaged"):
            assert "CVE-1" in index.kev


def test_the_file_is_never_written(tmp_path: Path) -> None:
    with write(tmp_path, (Feed("PyPI"), "PyPI", [about("A", "PyPI/x")])) as index:
        path = index.path
        before = path.stat()
        path.chmod(0o444)
        assert ids(index, "PyPI", "x") == ["A"]
        with pytest.raises(sqlite3.Error):
            index._file.execute("DELETE FROM feeds")
        assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert sorted(one.name for one in tmp_path.iterdir()) == [".lock", NAME]


def test_a_feed_without_records_of_its_ecosystem_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="says nothing about PyPI"):
        write(tmp_path, (Feed("PyPI", source="f"), "PyPI", [about("A", "npm/x")]))
    with pytest.raises(UserError, match="no record that can be read"):
        write(tmp_path, (Feed("PyPI", source="f"), "PyPI", [UnreadRecord("A", "odd")]))
    gone = replace(about("A", "PyPI/x", withdrawn="2025-01-01"))
    with write(tmp_path, (Feed("PyPI"), "PyPI", [gone])) as index:
        assert index.ecosystems() == {}
