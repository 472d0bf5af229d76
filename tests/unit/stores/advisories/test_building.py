"""Writing a database: feeds change one by one, and the old file stays until the end."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.stores.advisories.test_index import about, ids

from vigie.model.errors import UserError
from vigie.ports.advisories import AdvisoryRecord
from vigie.ports.feeds import KevEntry
from vigie.stores.advisories.building import alone, building
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.stores.advisories.schema import NAME, Feed, FeedKind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database of PyPI, npm and KEV."""
    with alone(tmp_path), building(tmp_path) as made:
        made.replace_advisories(Feed("PyPI", etag='"1"'), [about("A", "PyPI/x")], "PyPI")
        made.replace_advisories(Feed("npm"), [about("N", "npm/x", "npm/y")], "npm")
        made.replace_kev(Feed("kev", FeedKind.KEV), {"CVE-1": KevEntry("CVE-1")})
    return tmp_path


def found(folder: Path) -> dict[str, list[str]]:
    with AdvisoryDatabase(folder / NAME) as index:
        return {
            "PyPI": ids(index, "PyPI", "x"),
            "npm": ids(index, "npm", "x", "y"),
            "kev": list(index.kev),
        }


ALL = {"PyPI": ["A"], "npm": ["N", "N"], "kev": ["CVE-1"]}


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name not in (NAME, ".lock"))


def test_a_feed_takes_the_place_of_its_own_and_of_no_other(folder: Path) -> None:
    with alone(folder), building(folder) as made:
        done = made.replace_advisories(Feed("PyPI"), [about("B", "PyPI/x")], "PyPI")
    assert (done.records, done.published) == (1, "2026-01-01T00:00:00Z")
    assert found(folder) == {**ALL, "PyPI": ["B"]}
    assert leftovers(folder) == []


def test_a_feed_may_be_written_twice(folder: Path) -> None:
    with alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI"), [about("B", "PyPI/x")], "PyPI")
        made.replace_advisories(Feed("PyPI"), [about("C", "PyPI/x")], "PyPI")
    assert found(folder) == {**ALL, "PyPI": ["C"]}


def test_new_dates_leave_the_records(folder: Path) -> None:
    with AdvisoryDatabase(folder / NAME) as index:
        held = next(feed for feed in index.feeds if feed.name == "PyPI")
    with alone(folder), building(folder) as made:
        made.carry(replace(held, current="2026-03-03"))
    with AdvisoryDatabase(folder / NAME) as index:
        (feed,) = (feed for feed in index.feeds if feed.name == "PyPI")
    assert feed == replace(held, current="2026-03-03")
    assert found(folder) == ALL


def test_another_database_is_taken_in(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with alone(other), building(other) as made:
        made.replace_advisories(Feed("npm"), [about("M", "npm/x")], "npm")
        made.replace_advisories(Feed("Go"), [about("G", "Go/x")], "Go")
        made.replace_kev(Feed("kev", FeedKind.KEV), {"CVE-2": KevEntry("CVE-2")})
    with alone(folder), building(folder) as made:
        taken = made.adopt(other / NAME, lambda feed: feed.name != "kev")
    assert [feed.name for feed in taken] == ["Go", "npm"]
    assert found(folder) == {**ALL, "npm": ["M"]}
    with AdvisoryDatabase(folder / NAME) as index:
        assert ids(index, "Go", "x") == ["G"]


class BrokenError(Exception):
    """What a source may raise."""


def breaking() -> Iterator[AdvisoryRecord]:
    yield about("B", "PyPI/x")
    raise BrokenError


def test_a_feed_that_breaks_is_as_if_it_had_not_begun(folder: Path) -> None:
    with alone(folder), building(folder) as made:
        with pytest.raises(BrokenError):
            made.replace_advisories(Feed("PyPI"), breaking(), "PyPI")
        made.replace_advisories(Feed("Go"), [about("G", "Go/x")], "Go")
    assert found(folder) == ALL
    with AdvisoryDatabase(folder / NAME) as index:
        assert ids(index, "Go", "x") == ["G"]


def test_whatever_happens_before_the_end_leaves_the_old_file(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    with pytest.raises(BrokenError), alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI"), [about("B", "PyPI/x")], "PyPI")
        raise BrokenError
    assert (folder / NAME).read_bytes() == before
    assert leftovers(folder) == []


def test_an_empty_catalogue_is_no_catalogue(folder: Path) -> None:
    with alone(folder), building(folder) as made, pytest.raises(UserError, match="no record"):
        made.replace_kev(Feed("kev", FeedKind.KEV, "f"), {})
    assert found(folder) == ALL


def test_two_writers_exclude_each_other(folder: Path) -> None:
    with alone(folder), pytest.raises(UserError, match="another process"), alone(folder):
        pass
    with alone(folder):
        pass


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"), alone(tmp_path / "file"):
        pass


def test_an_old_file_that_is_damaged_is_not_replaced(folder: Path) -> None:
    (folder / NAME).write_bytes(b"junk" * 5000)
    with pytest.raises(UserError, match="damaged"), alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI"), [about("B", "PyPI/x")], "PyPI")
    assert (folder / NAME).read_bytes() == b"junk" * 5000
    assert leftovers(folder) == []


# A process of its own, which may not write long files or waits to be killed in the middle.
WRITER = """
import os, resource, signal, sys
from pathlib import Path
from vigie.model.advisories import Advisory, Affected
from vigie.model.errors import UserError
from vigie.ports.advisories import AdvisoryRecord
from vigie.stores.advisories.building import alone, building
from vigie.stores.advisories.schema import Feed

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

def records():
    for n in range(4000):
        name = f"B-{n}"
        entry = Affected(name, "PyPI", f"p{n}", versions=("1",))
        yield AdvisoryRecord(Advisory(name, title=os.urandom(300).hex()), (entry,))
    if not limit:
        print("written", flush=True)
        signal.pause()

try:
    with alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI"), records(), "PyPI")
except UserError as error:
    sys.exit(f"refused: {error}")
"""


@pytest.mark.parametrize("limit", [16_384, 100_000, 1_000_000])
def test_no_room_leaves_the_old_file(folder: Path, limit: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(folder), str(limit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.startswith("refused: the database of advisories cannot be written")
    assert found(folder) == ALL
    assert leftovers(folder) == []


def test_a_killed_writer_leaves_the_old_file_and_the_next_one_clears_up(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        with pytest.raises(UserError, match="another process"), alone(folder):
            pass
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert leftovers(folder), "it was in the middle of writing"
    assert found(folder) == ALL
    with alone(folder):
        assert leftovers(folder) == []
    with alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI"), [about("C", "PyPI/x")], "PyPI")
    assert found(folder) == {**ALL, "PyPI": ["C"]}
    assert leftovers(folder) == []
