"""Downloads from a real server that cuts off, changes its mind, trickles and lies."""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.feed_server import FeedServer, Served, feed_server

from vigie.model.errors import SourceError, UserError
from vigie.sources.advisories.download import Downloader, Fetched, Manners
from vigie.sources.advisories.notes import Note, write_note

DATA = random.Random(1).randbytes(300_000)
MOST = 1_000_000
QUICK = Manners(connect=30, silence=30, tries=3, pause=0.01, least=10_000)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        running.files["/f"] = Served(DATA)
        yield running


@pytest.fixture
def downloader(tmp_path: Path) -> Iterator[Downloader]:
    made = Downloader(tmp_path / "downloads", QUICK)
    yield made
    made.close()


def fetch(downloader: Downloader, server: FeedServer, *, known: str = "") -> Fetched | None:
    return downloader.fetch(f"{server.address}/f", "f", known=known, most=MOST)


def test_a_file_comes_whole_with_its_version(server: FeedServer, downloader: Downloader) -> None:
    seen: list[tuple[int, int | None]] = []
    got = downloader.fetch(
        f"{server.address}/f", "f", most=MOST, tell=lambda here, whole: seen.append((here, whole))
    )
    assert got is not None
    assert got.path.read_bytes() == DATA
    assert got.version == server.files["/f"].etag
    assert seen[-1] == (len(DATA), len(DATA))
    (asked,) = server.requests("/f")
    assert asked["User-Agent"].startswith("vigie/")
    assert asked["Accept-Encoding"] == "identity"


def test_what_is_known_is_not_sent_again(server: FeedServer, downloader: Downloader) -> None:
    assert fetch(downloader, server, known=server.files["/f"].etag) is None
    assert server.sent == 0
    got = fetch(downloader, server, known='"other"')
    assert got is not None and got.path.read_bytes() == DATA


def test_without_an_entity_tag_its_date_is_its_version(
    server: FeedServer, downloader: Downloader
) -> None:
    server.files["/f"].tag = ""
    got = fetch(downloader, server)
    assert got is not None
    assert got.version == server.files["/f"].modified
    downloader.forget("f")
    assert fetch(downloader, server, known=got.version) is None


def test_a_cut_connection_is_carried_on(server: FeedServer, downloader: Downloader) -> None:
    server.files["/f"].cut = 100_000
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert [asked.get("Range") for asked in server.requests("/f")] == [
        None, "bytes=100000-", "bytes=200000-",
    ]  # fmt: skip
    assert server.sent == len(DATA)


def test_a_server_that_gives_less_than_was_asked_for(
    server: FeedServer, downloader: Downloader
) -> None:
    server.files["/f"].cut = 100_000
    server.files["/f"].most_of_range = 60_000
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert [asked.get("Range") for asked in server.requests("/f")][1:] == [
        f"bytes={start}-" for start in (100_000, 160_000, 220_000, 280_000)
    ]


def test_a_part_from_another_address_is_begun_anew(
    server: FeedServer, downloader: Downloader
) -> None:
    downloader.folder.mkdir()
    (downloader.folder / "f.download").write_bytes(b"junk")
    note = Note("http://else.example/f", server.files["/f"].etag, len(DATA))
    write_note(downloader.folder / "f.download", note)
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA


def test_another_process_carries_on(server: FeedServer, tmp_path: Path) -> None:
    server.files["/f"].cut = 120_000
    server.files["/f"].failures = 0
    first = Downloader(tmp_path, Manners(tries=1, pause=0.01))
    stop = first.stop
    with pytest.raises(SourceError):
        first.fetch(
            f"{server.address}/f", "f", most=MOST,
            tell=lambda here, _: stop.set() if here >= 100_000 else None,
        )  # fmt: skip
    first.close()
    assert 0 < (tmp_path / "f.download").stat().st_size < len(DATA)
    sent = server.sent
    second = Downloader(tmp_path, QUICK)
    got = fetch(second, server)
    second.close()
    assert got is not None and got.path.read_bytes() == DATA
    assert server.requests("/f")[-1]["If-Range"] == server.files["/f"].etag
    assert server.sent - sent < len(DATA)


def test_what_changed_meanwhile_is_begun_anew(server: FeedServer, downloader: Downloader) -> None:
    part = DATA[:50_000]
    downloader.folder.mkdir()
    (downloader.folder / "f.download").write_bytes(part)
    older = Note(f"{server.address}/f", '"older"', 90_000)
    write_note(downloader.folder / "f.download", older)
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert server.requests("/f")[0]["If-Range"] == '"older"'


@pytest.mark.parametrize("note", ["", "{", '{"address": "http://else.example/f"}', "[]"])
def test_a_part_of_something_else_is_begun_anew(
    server: FeedServer, downloader: Downloader, note: str
) -> None:
    downloader.folder.mkdir()
    (downloader.folder / "f.download").write_bytes(b"junk")
    (downloader.folder / "f.note").write_text(note)
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert "Range" not in server.requests("/f")[0]


def test_a_whole_file_that_was_not_used_yet_is_not_sent_again(
    server: FeedServer, downloader: Downloader
) -> None:
    fetch(downloader, server)
    sent = server.sent
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert server.sent == sent
    got.path.unlink()
    again = fetch(downloader, server)
    assert again is not None and again.path.read_bytes() == DATA


def test_a_server_that_ignores_ranges(server: FeedServer, downloader: Downloader) -> None:
    downloader.folder.mkdir()
    (downloader.folder / "f.download").write_bytes(DATA[:1000])
    note = Note(f"{server.address}/f", server.files["/f"].etag, len(DATA))
    write_note(downloader.folder / "f.download", note)
    server.files["/f"].ranges = False
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA


def test_a_part_longer_than_the_whole_is_begun_anew(
    server: FeedServer, downloader: Downloader
) -> None:
    downloader.folder.mkdir()
    (downloader.folder / "f.download").write_bytes(DATA + b"more")
    note = Note(f"{server.address}/f", server.files["/f"].etag, len(DATA))
    write_note(downloader.folder / "f.download", note)
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA


def test_a_weak_tag_is_no_ground_to_carry_on(server: FeedServer, downloader: Downloader) -> None:
    server.files["/f"].tag = 'W/"weak"'
    server.files["/f"].cut = 150_000
    with pytest.raises(SourceError, match="cannot be downloaded"):
        fetch(downloader, server)
    assert all("Range" not in asked for asked in server.requests("/f"))
    assert len(server.requests("/f")) <= 5


def test_a_busy_server_is_asked_again(server: FeedServer, downloader: Downloader) -> None:
    server.files["/f"].failures = 2
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA


@pytest.mark.parametrize(
    ("status", "words", "asked"),
    [(404, "there is nothing at", 1), (403, "does not hand it out", 1), (500, "HTTP 500", 3),
     (429, "HTTP 429", 3), (204, "does not hand it out", 1)],
)  # fmt: skip
def test_a_refusal_is_told(
    server: FeedServer, downloader: Downloader, status: int, words: str, asked: int
) -> None:
    server.files["/f"].status = status
    with pytest.raises(SourceError, match=words):
        fetch(downloader, server)
    assert len(server.requests("/f")) == asked


def test_too_much_is_refused_before_and_while_it_comes(
    server: FeedServer, downloader: Downloader
) -> None:
    address = f"{server.address}/f"
    with pytest.raises(SourceError, match="larger than"):
        downloader.fetch(address, "f", most=1000)
    assert server.sent == 0 or not (downloader.folder / "f.download").exists()
    server.files["/f"].chunked = True
    with pytest.raises(SourceError, match="larger than"):
        downloader.fetch(address, "g", most=100_000)
    assert (downloader.folder / "g.download").stat().st_size <= 100_000


def test_a_file_without_a_stated_length(server: FeedServer, downloader: Downloader) -> None:
    server.files["/f"].chunked = True
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA


def test_what_is_packed_for_the_way_is_unpacked(server: FeedServer, downloader: Downloader) -> None:
    server.files["/f"] = Served(gzip.compress(DATA), headers={"Content-Encoding": "gzip"})
    got = fetch(downloader, server)
    assert got is not None and got.path.read_bytes() == DATA
    assert got.version == ""


def test_a_trickle_is_given_up(server: FeedServer, tmp_path: Path) -> None:
    server.files["/f"] = Served(DATA, piece=100, pause=0.05)
    manners = Manners(silence=30, tries=2, pause=0.01, window=0.3, least=100_000)
    downloader = Downloader(tmp_path, manners)
    server.files["/f"].tag = 'W/"weak"'
    began = time.monotonic()
    with pytest.raises(SourceError, match="bytes came in"):
        fetch(downloader, server)
    assert time.monotonic() - began < 60
    downloader.close()


def test_silence_is_given_up(server: FeedServer, tmp_path: Path) -> None:
    server.files["/f"] = Served(DATA, pause=3.0)
    downloader = Downloader(tmp_path, Manners(silence=0.2, tries=2, pause=0.01))
    with pytest.raises(SourceError, match="cannot be downloaded"):
        fetch(downloader, server)
    downloader.close()


def test_stop_ends_it_at_once(server: FeedServer, tmp_path: Path) -> None:
    server.files["/f"] = Served(DATA, piece=1000, pause=0.02)
    stop = threading.Event()
    downloader = Downloader(tmp_path, QUICK, stop)
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    with pytest.raises(SourceError, match="cancelled"):
        fetch(downloader, server)
    assert time.monotonic() - began < 30
    with pytest.raises(SourceError, match="cancelled"):
        fetch(downloader, server)
    downloader.close()


def test_nobody_there(tmp_path: Path) -> None:
    downloader = Downloader(tmp_path, QUICK)
    with pytest.raises(SourceError, match="cannot be downloaded") as caught:
        downloader.fetch("http://127.0.0.1:9/f", "f", most=MOST)
    assert caught.value.retryable
    for address in ("ftp://x.example/f", "nonsense", "http://"):
        with pytest.raises((UserError, SourceError)):
            downloader.fetch(address, "f", most=MOST)
    downloader.close()


def test_redirects_are_followed_but_not_for_ever(
    server: FeedServer, downloader: Downloader
) -> None:
    server.files["/moved"] = Served(status=302, headers={"Location": "/f"})
    got = downloader.fetch(f"{server.address}/moved", "f", most=MOST)
    assert got is not None and got.path.read_bytes() == DATA
    server.files["/loop"] = Served(status=302, headers={"Location": "/loop"})
    with pytest.raises(UserError, match="no address to download from"):
        downloader.fetch(f"{server.address}/loop", "g", most=MOST)


def test_a_folder_that_cannot_be_made(server: FeedServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    downloader = Downloader(tmp_path / "file" / "downloads", QUICK)
    with pytest.raises(UserError, match="cannot be written"):
        fetch(downloader, server)
    downloader.close()


def test_a_short_text(server: FeedServer, downloader: Downloader) -> None:
    server.files["/t"] = Served(b"PyPI\nnpm\n")
    assert downloader.text(f"{server.address}/t", 100) == "PyPI\nnpm\n"
    assert list(downloader.folder.iterdir()) == []


def test_a_proxy_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks9://x.example")
    with pytest.raises(UserError, match="proxy"):
        Downloader(tmp_path)
