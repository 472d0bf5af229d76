"""Jobs are kept with what they are about, claimed by one, and survive a queue that is away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.platforms import Clock, MemoryQueue, member, platform
from tests.store_fixtures import Store

from vigie.model.errors import SourceError, UserError
from vigie.ports.queues import WorkItem
from vigie.services import jobs, records
from vigie.services.platform import Caller, Platform
from vigie.services.submissions import SCAN, submit_scan


class Away(MemoryQueue):
    """A queue whose engine does not answer."""

    def put(self, item: WorkItem, delay: float = 0.0) -> None:
        raise SourceError("the queue does not answer", retryable=True)


def asked(place: Platform, caller: Caller, **more: Any) -> str:
    with place.database.begin(caller.scope) as work:
        return jobs.enqueue(place, work, caller, "import", {"import_id": "x"}, **more)


def test_a_queue_that_is_away_is_no_failure_of_what_asked(store: Store, tmp_path: Path) -> None:
    caller = member(store.tenant("Acme"))
    place = platform(store.database, tmp_path, queue=Away())
    number = asked(place, caller)
    assert jobs.claim(place, WorkItem("import", caller.tenant, number)) is not None


def test_a_job_that_is_undone_is_not_announced(store: Store, tmp_path: Path) -> None:
    caller, queue = member(store.tenant("Acme")), MemoryQueue()
    place = platform(store.database, tmp_path, queue=queue)
    try:
        with place.database.begin(caller.scope) as work:
            jobs.enqueue(place, work, caller, "import", {})
            raise KeyError
    except KeyError:
        pass
    assert queue.put_items == []


def test_of_two_workers_one_gets_it_until_its_lease_ends(store: Store, tmp_path: Path) -> None:
    caller, clock = member(store.tenant("Acme")), Clock()
    place = platform(store.database, tmp_path, clock=clock)
    item = WorkItem("import", caller.tenant, asked(place, caller))
    first = jobs.claim(place, item)
    assert first is not None
    assert jobs.claim(place, item) is None
    assert jobs.keep(place, first, 0.5, "reading") is True
    clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    second = jobs.claim(place, item)
    assert second is not None
    assert second.attempt == 2
    assert jobs.keep(place, first) is False
    with place.database.begin(caller.scope) as work:
        assert jobs.finish(work, place, first, {}) is False
        assert jobs.finish(work, place, second, {"n": 1}) is True
    assert jobs.claim(place, item) is None


def test_it_is_tried_again_later_each_time_and_then_given_up(store: Store, tmp_path: Path) -> None:
    caller, clock = member(store.tenant("Acme")), Clock()
    place = platform(store.database, tmp_path, clock=clock)
    item = WorkItem("import", caller.tenant, asked(place, caller))
    waits = []
    for _ in range(jobs.MOST_ATTEMPTS):
        job = jobs.claim(place, item)
        assert job is not None
        wait = jobs.fail(place, job, UserError("no"), again=True)
        if wait is not None:
            assert jobs.claim(place, item) is None  # not before its time
            waits.append(wait)
            clock.move(seconds=wait)
    assert waits == sorted(waits)
    assert len(waits) == jobs.MOST_ATTEMPTS - 1
    assert jobs.claim(place, item) is None


def waiting_scan(place: Platform, caller: Caller) -> tuple[str, str]:
    with place.database.begin(caller.scope) as work:
        made = submit_scan(work, place, caller, "registry.example/shop:1")
    return made["id"], made["job_id"]


def state_of(place: Platform, caller: Caller, scan: str) -> str:
    return str(records.read(place, caller, SCAN, scan)["state"])


def test_what_a_cancelled_job_was_to_make_is_cancelled(store: Store, tmp_path: Path) -> None:
    caller = member(store.tenant("Acme"))
    place = platform(store.database, tmp_path)
    waiting, running = waiting_scan(place, caller), waiting_scan(place, caller)
    job = jobs.claim(place, WorkItem("scan", caller.tenant, running[1]))
    assert job is not None
    with place.database.begin(caller.scope) as work:
        assert jobs.cancel(work, place, waiting[1])
        assert jobs.cancel(work, place, running[1])
    assert state_of(place, caller, waiting[0]) == "cancelled"
    assert state_of(place, caller, running[0]) == "queued"  # until its worker has stopped
    assert jobs.end_cancelled(place, job)
    assert state_of(place, caller, running[0]) == "cancelled"


def test_what_a_job_given_up_was_to_make_has_failed(store: Store, tmp_path: Path) -> None:
    caller = member(store.tenant("Acme"))
    place = platform(store.database, tmp_path)
    scan, number = waiting_scan(place, caller)
    job = jobs.claim(place, WorkItem("scan", caller.tenant, number))
    assert job is not None
    assert jobs.fail(place, job, UserError("no"), again=False) is None
    assert state_of(place, caller, scan) == "failed"


def test_another_tenants_job_is_nobodys_to_claim(store: Store, tmp_path: Path) -> None:
    caller, other = member(store.tenant("Acme")), store.tenant("Other")
    place = platform(store.database, tmp_path)
    assert jobs.claim(place, WorkItem("import", other, asked(place, caller))) is None
