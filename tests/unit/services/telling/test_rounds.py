"""The courier's rounds: woken by the outbox, led by one, taken over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import Desk, Ear, desk

from vigie.model.errors import SourceError
from vigie.model.severity import Severity
from vigie.ports.notifiers import Attempt, Channel, Message, Post
from vigie.services import leadership
from vigie.services.live import OUTBOX
from vigie.services.telling import courier, rounds
from vigie.services.telling.courier import Courier
from vigie.services.telling.outbox import put
from vigie.services.telling.rounds import LEADS, LEASE, Rounds
from vigie.stores.cache.memory import MemoryCache, MemorySubscription
from vigie.stores.relational.ids import new_id
from vigie.watch.grouping import note_of

PATIENCE = 60.0


@dataclass
class Counting(Ear):
    """An ear that can be waited for."""

    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        attempt = super().send(message, channel, post)
        self.arrived.release()
        return attempt


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return listening(store, tmp_path, MemoryCache())


def listening(store: Store, folder: Path, cache: MemoryCache) -> Desk:
    made = desk(store, folder, cache=cache)
    made.ear = made.platform.plugs.notifiers["ear"] = Counting()  # type: ignore[index]
    return made


def arrived(at: Desk) -> bool:
    assert isinstance(at.ear, Counting)
    return at.ear.arrived.acquire(timeout=PATIENCE)


def tell(at: Desk, channel: str) -> None:
    gist = note_of("scan.failed", Severity.HIGH, ("scan", "1"), {})
    message = {"gist": gist, "import": "", "asset": ""}
    with at.platform.database.begin(at.admin.scope) as work:
        put(work, channel, new_id(), "changed", message, at.clock())


@contextmanager
def made(at: Desk) -> Iterator[Rounds]:
    running = Rounds(at.platform)
    running.start()
    try:
        yield running
    finally:
        running.stop(PATIENCE)


def test_what_is_committed_goes_out_without_being_looked_for(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "PAUSE", 3600.0)  # nobody looks by themselves
    channel = at.channel()
    tell(at, channel)  # before anybody listened
    with made(at):
        assert arrived(at)
        for _ in range(3):
            tell(at, channel)
            assert arrived(at)
    assert at.states() == ["done"] * 4


def test_found_by_looking_where_no_word_comes(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "PAUSE", 0.05)
    with made(at):
        monkeypatch.setattr(at.platform.database, "announce", lambda _topic: None)
        tell(at, at.channel())
        assert arrived(at)


def test_one_leads_and_the_other_takes_over(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "PAUSE", 0.05)
    monkeypatch.setattr(rounds, "ASK", 0.0)
    channel = at.channel()
    assert leadership.hold(at.platform, LEADS, "dead", LEASE)  # by a process that was killed
    with made(at) as second:
        tell(at, channel)
        assert not second._may()
        assert at.states() == ["waiting"]
        at.clock.move(seconds=LEASE.total_seconds() + 1)
        assert arrived(at)
        assert not leadership.hold(at.platform, LEADS, "third", LEASE)
    # Whoever leaves lets another lead at once.
    assert leadership.hold(at.platform, LEADS, "third", LEASE)


def test_a_cache_that_comes_back_is_listened_to_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shaky(MemoryCache):
        refused = 0

        def subscribe(self, topic: str) -> MemorySubscription:
            assert topic == OUTBOX
            if self.refused < 2:
                self.refused += 1
                raise SourceError("gone", retryable=True)
            return super().subscribe(topic)

    monkeypatch.setattr(courier, "PAUSE", 3600.0)
    monkeypatch.setattr(rounds, "_AGAIN", 0.01)
    at = listening(store, tmp_path, Shaky())
    with made(at):
        tell(at, at.channel())
        assert arrived(at)


def test_a_wake_while_it_looks_is_not_lost(at: Desk) -> None:
    sent = at.channel()

    class Late(Courier):
        def step(self) -> int:
            begun = super().step()
            if not begun and not at.ear.heard:
                tell(at, sent)  # just after it looked
                self.wake()
            return begun

    running = Late(at.platform)
    thread = threading.Thread(target=running.run)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(courier, "PAUSE", 3600.0)
        thread.start()
        assert arrived(at)
        running.stop()
        running.wake()
        thread.join(PATIENCE)
    assert not thread.is_alive()
