"""What is shipped arrives; what broke off is sent again, and nothing is passed over."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from tests.platforms import platform
from tests.store_fixtures import Store

from vigie.model.errors import SourceError, UserError
from vigie.services import audit_following
from vigie.services.audit_following import Position, follow, receiver_of, ship_once
from vigie.services.platform import Platform
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.scopes import of_tenant


class Sent:
    """Stands in for the connection: takes `most` entries, then breaks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, most: int = 10**6) -> None:
        self.places: list[int] = []
        self.most = most
        monkeypatch.setattr(audit_following, "ship", self)

    def __call__(self, rows: list[dict[str, int]], *_: object, **__: object) -> object:
        for row in rows:
            if len(self.places) == self.most:
                raise SourceError("it broke", retryable=True)
            self.places.append(row["seq"])
            yield row["seq"]


@pytest.fixture
def house(store: Store, tmp_path: Path) -> tuple[Platform, str]:
    made = platform(store.database, tmp_path / "data")
    tenant = store.tenant("One")
    log(made, tenant, 5)
    return made, tenant


def log(made: Platform, tenant: str, count: int) -> None:
    for number in range(count):
        with made.database.begin(of_tenant(tenant)) as work:
            work.audit(Entry("x", detail={"n": number}))


SIEM = audit_following.Receiver("siem.example", 601)


def test_each_entry_is_shipped_once(
    house: tuple[Platform, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, tenant = house
    sent, file = Sent(monkeypatch), tmp_path / "position.json"
    assert ship_once(running, SIEM, Position(file), tenant) == {tenant: 5}
    log(running, tenant, 2)
    assert ship_once(running, SIEM, Position(file), tenant) == {tenant: 2}
    assert sent.places == [1, 2, 3, 4, 5, 6, 7]
    assert json.loads(file.read_text()) == {tenant: 7}


def test_a_broken_connection_s_entries_are_sent_again(
    house: tuple[Platform, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, tenant = house
    position = Position(tmp_path / "position.json")
    sent = Sent(monkeypatch, most=3)
    with pytest.raises(SourceError):
        ship_once(running, SIEM, position, tenant)
    assert position.after(tenant) == 0
    sent.most = 10**6
    ship_once(running, SIEM, position, tenant)
    assert sent.places == [1, 2, 3, 1, 2, 3, 4, 5]


def test_many_go_in_several_connections(
    house: tuple[Platform, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, tenant = house
    sent = Sent(monkeypatch)
    monkeypatch.setattr(audit_following, "_AT_ONCE", 2)
    assert ship_once(running, SIEM, Position(tmp_path / "p"), tenant) == {tenant: 5}
    assert sent.places == [1, 2, 3, 4, 5]


def test_it_goes_on_until_it_is_stopped(
    house: tuple[Platform, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, tenant = house
    stopped, seen = threading.Event(), []

    def once(*_: object) -> dict[str, int]:
        seen.append(1)
        if len(seen) == 2:
            raise SourceError("nobody there", retryable=True)
        if len(seen) == 3:
            stopped.set()
        return {}

    monkeypatch.setattr(audit_following, "PAUSE", 0.0)
    monkeypatch.setattr(audit_following, "ship_once", once)
    follow(running, SIEM, Position(tmp_path / "p"), stopped, tenant)
    assert len(seen) == 3


def test_addresses() -> None:
    assert receiver_of("tcp://h:1") == audit_following.Receiver("h", 1)
    assert receiver_of("tcp://h").port == 601
    assert receiver_of("tls://h").port == 6514
    assert receiver_of("tls://h").tls is not None
    for wrong in ("", "h:1", "udp://h:1", "tcp://", "tcp://h:x", "tcp://h:1/path", "tcp://[::1"):
        with pytest.raises(UserError):
            receiver_of(wrong)


def test_no_certificates_are_none(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing")
    with pytest.raises(UserError):
        receiver_of("tls://h", file)
