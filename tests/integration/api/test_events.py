"""Events over HTTP: a list, a stream, a WebSocket; resumed, kept apart, bounded, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.integration.api.conftest import House
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from vigie.faces.server import streams
from vigie.faces.server.resources import events as resource
from vigie.model.access import Permission, Role
from vigie.services.reading.events import Following, topic_of
from vigie.services.recording.events import emit
from vigie.stores.relational.scopes import of_tenant


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(streams, "_PATIENCE", 0.1)


def happens(house: House, kind: str, tenant: str = "", **document: Any) -> str:
    tenant = tenant or house.ours
    with house.platform.database.begin(of_tenant(tenant)) as work:
        event = emit(work, kind, ("asset", "x"), document, house.platform.clock())
        work.then(lambda: house.platform.cache.publish(topic_of(tenant), b"new"))
    return event


def read(lines: Iterator[str], count: int) -> list[dict[str, Any]]:
    """So many events of the stream; each as `data`, its id and kind checked."""
    found: list[dict[str, Any]] = []
    block: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            block[name] = value
        elif "data" in block:
            event = json.loads(block["data"])
            assert (event["id"], event["kind"]) == (block["id"], block["event"])
            found.append(event)
            block = {}
            if len(found) == count:
                break
    return found


def stream(house: House, tenant: str = "", last: str = "", **params: str) -> Any:
    more = {"Last-Event-ID": last} if last else {}
    headers = house.headers(tenant, more=more)
    return house.client.stream("GET", "/api/v1/events/stream", headers=headers, params=params)


def live(house: House, query: str = "", **headers: str) -> ClientConnection:
    address = str(house.client.base_url).replace("http", "ws", 1)
    given = house.headers(more=headers)
    return connect(f"{address}/api/v1/events/live{query}", additional_headers=given)


def test_listed_latest_first(house: House) -> None:
    first = happens(house, "finding.new", count=3)
    house.platform.clock.move(seconds=1)  # type: ignore[attr-defined]
    happens(house, "scan.failed")
    page = house.get("/events", facets="kind")
    assert [one["kind"] for one in page["items"]] == ["scan.failed", "finding.new"]
    assert house.get(f"/events/{first}")["document"] == {"count": 3}
    assert house.get("/events", house.theirs)["total"] == 0
    assert house.ask("GET", f"/events/{first}", house.theirs).status_code == 404


def test_streamed_as_they_happen(house: House) -> None:
    happens(house, "before")
    with stream(house) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 2000"
        one = happens(house, "finding.new")
        happens(house, "finding.new", house.theirs)
        two = happens(house, "finding.closed")
        assert [event["id"] for event in read(lines, 2)] == [one, two]


def test_goes_on_after_the_last_one_seen(house: House) -> None:
    ids = []
    for number in range(5):
        ids.append(happens(house, f"kind.{number}"))
        house.platform.clock.move(minutes=5)  # type: ignore[attr-defined]
    with stream(house, last=ids[1]) as answer:
        assert [event["id"] for event in read(answer.iter_lines(), 3)] == ids[2:]
    with live(house, query=f"?last_event_id={ids[3]}") as socket:
        assert json.loads(socket.recv(10))["id"] == ids[4]


def test_an_event_of_another_tenant_is_nothing_to_go_on_from(house: House) -> None:
    theirs = happens(house, "theirs", house.theirs)
    house.platform.clock.move(minutes=5)  # type: ignore[attr-defined]
    happens(house, "old")
    with stream(house, last=theirs) as answer:
        new = happens(house, "new")
        assert [event["id"] for event in read(answer.iter_lines(), 1)] == [new]


def test_only_the_kinds_that_were_asked_for(house: House) -> None:
    with stream(house, kinds="finding.new, scan.failed") as answer:
        happens(house, "finding.closed")
        failed = happens(house, "scan.failed")
        assert [event["id"] for event in read(answer.iter_lines(), 1)] == [failed]


def test_more_than_one_look_can_hold_all_come_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.services.reading.events.MOST", 3)
    with stream(house) as answer:
        ids = [happens(house, "many", number=number) for number in range(10)]
        found = [event["id"] for event in read(answer.iter_lines(), 10)]
        assert sorted(found) == sorted(ids)


def test_a_socket_has_the_same(house: House) -> None:
    with live(house) as socket:
        one = happens(house, "finding.new")
        happens(house, "theirs", house.theirs)
        two = happens(house, "finding.closed")
        assert [json.loads(socket.recv(10))["id"] for _ in range(2)] == [one, two]


def test_who_may_not_listen_is_told_so(house: House) -> None:
    address = str(house.client.base_url).replace("http", "ws", 1) + "/api/v1/events/live"
    with pytest.raises(InvalidStatus) as nobody, connect(address):
        pass
    assert nobody.value.response.status_code == 401
    agent = house.headers(role=Role.AGENT)
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=agent):
        pass
    assert refused.value.response.status_code == 403
    answer = house.client.get("/api/v1/events/stream", headers=agent)
    assert answer.status_code == 403
    assert answer.json()["detail"].endswith(Permission.EVENTS_READ.value)


def test_a_page_of_another_site_cannot_listen(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused, live(house, Origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    own = str(house.client.base_url).rstrip("/")
    with live(house, Origin=own) as socket:
        one = happens(house, "finding.new")
        assert json.loads(socket.recv(10))["id"] == one


def test_alive_and_ended_when_signed_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "HEARTBEAT_SECONDS", 0.1)
    with live(house) as socket:
        assert json.loads(socket.recv(10)) == {"heartbeat": True}
        house.badges._known.clear()
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_who_is_signed_out_stops_hearing_also_when_much_happens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "HEARTBEAT_SECONDS", 0.1)
    # Something new at every look: there is never a silence in which one would be asked.
    always = {"id": "x", "kind": "busy", "document": {}}
    monkeypatch.setattr(Following, "more", lambda _self: [always])
    with live(house) as socket:
        socket.recv(10)
        house.badges._known.clear()
        with pytest.raises(ConnectionClosed):
            for _ in range(500):
                socket.recv(10)


def test_no_more_listeners_than_may(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_OF_TENANT", 1)
    with stream(house) as answer:
        lines = answer.iter_lines()
        next(lines)
        happens(house, "one")
        read(lines, 1)
        headers = house.headers()
        second = house.client.get("/api/v1/events/stream", headers=headers)
        assert second.status_code == 429
        assert int(second.headers["retry-after"]) > 0
        with stream(house, house.theirs) as other:
            assert other.status_code == 200


def test_found_by_looking_where_nobody_rings(house: House) -> None:
    with stream(house) as answer:
        with house.platform.database.begin(of_tenant(house.ours)) as work:
            event = emit(work, "quiet", ("asset", "x"), {}, house.platform.clock())
        assert [one["id"] for one in read(answer.iter_lines(), 1)] == [event]


def test_a_client_that_leaves_leaves_nothing_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_OF_TENANT", 2)
    for _ in range(10):
        with live(house) as socket:
            socket.close()
        for _ in range(200):  # until the server has seen that it is gone
            answer = _open(house)
            if answer == 200:
                break
        assert answer == 200


def _open(house: House) -> int:
    with (
        httpx.Client(base_url=house.client.base_url) as client,
        client.stream("GET", "/api/v1/events/stream", headers=house.headers()) as answer,
    ):
        return answer.status_code
