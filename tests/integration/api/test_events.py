"""Events over HTTP: a list, a stream, a WebSocket; resumed, kept apart, bounded, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.api.conftest import House
from tests.platforms import platform as made_platform
from tests.servers import Badges, person, serve
from tests.service_fixtures import Server
from tests.store_fixtures import Store
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from vigie.faces.server import streams
from vigie.faces.server.resources import events as resource
from vigie.model.access import Permission, Role
from vigie.model.errors import UserError
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.live import Announcer
from vigie.services.platform import system_caller
from vigie.services.reading.events import Following
from vigie.services.recording.events import emit
from vigie.services.telling.outbox import put
from vigie.stores.cache.redis import RedisCache
from vigie.stores.relational import records
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.telling import CHANNELS
from vigie.wiring.words import words


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(streams, "_PATIENCE", 0.1)


def happens(house: House, kind: str, tenant: str = "", **document: Any) -> str:
    tenant = tenant or house.ours
    with house.platform.database.begin(of_tenant(tenant)) as work:
        return emit(work, kind, ("asset", "x"), document, house.platform.clock())


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


def test_found_by_looking_where_nobody_rings(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.platform.database, "announce", lambda _topic: None)
    with stream(house) as answer:
        event = happens(house, "quiet")
        assert [one["id"] for one in read(answer.iter_lines(), 1)] == [event]


def test_the_word_of_the_cache_wakes_who_listens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "LOOK_SECONDS", 3600.0)  # nobody looks by themselves
    with stream(house) as answer:
        lines = answer.iter_lines()
        for number in range(3):
            event = happens(house, "finding.new", number=number)
            assert [one["id"] for one in read(lines, 1)] == [event]


def test_woken_by_another_process_through_redis(
    store: Store, tmp_path: Path, redis: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "LOOK_SECONDS", 3600.0)
    prefix = f"events-{new_id()}:"
    here, there = (RedisCache(redis.url, prefix=prefix) for _ in range(2))
    serving = made_platform(store.database, tmp_path / "here", cache=here, words=words)
    tenant, badges = store.tenant("Ours"), Badges()
    with serve(serving, badges) as client, closing(here), closing(there):
        headers = badges.of(person(tenant, Role.OWNER))
        with client.stream("GET", "/api/v1/events/stream", headers=headers) as answer:
            lines = answer.iter_lines()
            next(lines)
            # As a worker in a process of its own, which shares nothing but the engines.
            store.database.announce = Announcer(there)
            for _ in range(2):
                with store.database.begin(of_tenant(tenant)) as work:
                    event = emit(work, "finding.new", ("asset", "x"), {}, serving.clock())
                assert [one["id"] for one in read(lines, 1)] == [event]


def job(house: House, tenant: str = "") -> str:
    tenant = tenant or house.ours
    with house.platform.database.begin(of_tenant(tenant)) as work:
        caller = system_caller("test", tenant)
        return jobs.enqueue(house.platform, work, caller, "scan", {}, subject=("scan", "s"))


def changes(lines: Iterator[str], count: int) -> list[tuple[str, str, Any]]:
    """So many changes of what is under way: kind, subject, and the document."""
    found = []
    for line in lines:
        if line.startswith("data: "):
            event = json.loads(line.removeprefix("data: "))
            assert event["id"] == ""
            found.append((event["kind"], event["subject_id"], event["document"]))
            if len(found) == count:
                break
        assert not line.startswith("id:")  # there is nothing to go on from
    return found


def test_jobs_are_told_of_as_they_move(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "LOOK_SECONDS", 3600.0)
    waiting = job(house)
    job(house, house.theirs)
    with stream(house, kinds="job.changed") as answer:
        lines = answer.iter_lines()
        [(kind, subject, told)] = changes(lines, 1)  # how things stand
        assert (kind, subject, told["state"]) == ("job.changed", waiting, "queued")
        assert (told["kind"], told["subject_kind"], told["subject_id"]) == ("scan", "scan", "s")
        job(house, house.theirs)
        mine = jobs.claim(house.platform, WorkItem("scan", house.ours, waiting))
        assert mine is not None
        assert changes(lines, 1)[0][2]["state"] == "running"
        jobs.keep(house.platform, mine, 0.5, "merging")
        assert changes(lines, 1)[0][2] | {"attempts": 1} == told | {
            "state": "running", "progress": 0.5, "stage": "merging", "attempts": 1}  # fmt: skip
        jobs.fail(house.platform, mine, UserError("no"), again=False)
        over = {"state": "failed", "progress": 0.5, "stage": "merging", "attempts": 1}
        assert changes(lines, 1) == [("job.changed", waiting, {**told, **over})]


def test_who_comes_back_is_told_what_ended_meanwhile(house: House) -> None:
    ended, waiting = job(house), job(house)
    seen = happens(house, "finding.new")
    house.platform.clock.move(minutes=5)  # type: ignore[attr-defined]
    mine = jobs.claim(house.platform, WorkItem("scan", house.ours, ended))
    assert mine is not None
    jobs.fail(house.platform, mine, UserError("no"), again=False)
    house.platform.clock.move(minutes=5)  # type: ignore[attr-defined]
    with stream(house, last=seen, kinds="job.changed") as answer:
        found = changes(answer.iter_lines(), 2)
        assert {(subject, told["state"]) for _, subject, told in found} == {
            (ended, "failed"), (waiting, "queued")}  # fmt: skip
    with stream(house, kinds="job.changed") as answer:  # who comes anew reads the list
        lines = answer.iter_lines()
        assert [subject for _, subject, _ in changes(lines, 1)] == [waiting]
        third = job(house)
        assert [subject for _, subject, _ in changes(lines, 1)] == [third]


def test_deliveries_are_told_of_to_those_who_may_read_them(house: House) -> None:
    with house.platform.database.begin(of_tenant(house.ours)) as work:
        channel = records.add(work, CHANNELS, {
            "name": "c", "kind": "webhook", "settings": {}, "created_at": house.platform.clock(),
        })  # fmt: skip
        sent = put(work, channel, "k", "opened", {}, house.platform.clock())
    with stream(house, kinds="delivery.changed") as answer:
        [(kind, subject, told)] = changes(answer.iter_lines(), 1)
        assert (kind, subject) == ("delivery.changed", sent)
        assert (told["state"], told["channel_id"]) == ("waiting", channel)
    viewer = house.headers(role=Role.VIEWER)
    with house.client.stream("GET", "/api/v1/events/stream", headers=viewer) as answer:
        event = happens(house, "finding.new")
        assert [one["id"] for one in read(answer.iter_lines(), 1)] == [event]


def test_long_lists_stay_with_the_event(house: House) -> None:
    with stream(house) as answer:
        event = happens(house, "finding.new", count=100, findings=[str(n) for n in range(100)])
        [told] = read(answer.iter_lines(), 1)
    assert (told["document"]["count"], len(told["document"]["findings"])) == (100, 20)
    assert len(house.get(f"/events/{event}")["document"]["findings"]) == 100


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
