"""One scheduler leads, what is due starts once, and what was lost is announced."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import START, Clock
from tests.store_fixtures import Store
from tests.unit.services.jobs_made import ask, row_of, rows_of, working

from vigie.ports.queues import WorkItem
from vigie.services import jobs, leadership
from vigie.services.announcing import announce_lost, take_up
from vigie.services.due_schedules import start_due
from vigie.services.platform import Caller, Platform
from vigie.services.scheduler import LEADS, LEASE, RETRY, Duty, Scheduler
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.governance import AUDIT
from vigie.stores.relational.tables.operations import JOBS, QUEUE, SCHEDULES

# START is noon.
DAILY = "0 18 * * *"


class Scene:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.clock = Clock()
        self.platform = working(store.database, folder, self.clock)
        self.tenant = store.tenant("One")

    def schedule(self, cron: str = DAILY, **values: Any) -> str:
        schedule = new_id()
        row = {
            "id": schedule, "name": schedule, "kind": "scan", "payload": {"target": "shop"},
            "cron": cron, "time_zone": "UTC", "enabled": True, "next_at": None,
            "created_at": START, **values,
        }  # fmt: skip
        tenant = row.pop("tenant", self.tenant)
        with self.platform.database.begin(of_tenant(tenant)) as work:
            work.insert(SCHEDULES, [row])
        return schedule

    def schedule_row(self, schedule: str) -> Any:
        with self.platform.database.read(of_tenant(self.tenant)) as work:
            query = sa.select(SCHEDULES).where(work.mine(SCHEDULES), SCHEDULES.c.id == schedule)
            return work.run(query).one()

    def end(self, job: str) -> None:
        with self.platform.database.begin(of_tenant(self.tenant)) as work:
            mine = (work.mine(JOBS), JOBS.c.id == job)
            work.run(sa.update(JOBS).where(*mine).values(state="done"))

    def start(self) -> int:
        return start_due(self.platform, {})

    def forget_queue(self) -> None:
        with self.platform.database.begin(SYSTEM) as work:
            work.run(sa.delete(QUEUE))


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Scene:
    return Scene(store, tmp_path)


def test_a_new_schedule_starts_when_it_is_due_and_not_before(scene: Scene) -> None:
    schedule = scene.schedule()
    assert scene.start() == 0
    assert scene.schedule_row(schedule).next_at == START + timedelta(hours=6)
    scene.clock.move(hours=5, minutes=59)
    assert scene.start() == 0
    scene.clock.move(minutes=1)
    assert scene.start() == 1
    assert scene.start() == 0
    (job,) = rows_of(scene.platform, scene.tenant)
    assert (job["kind"], job["payload"]) == ("scan", {"target": "shop"})
    assert (job["subject_kind"], job["subject_id"]) == ("schedule", schedule)
    row = scene.schedule_row(schedule)
    assert (row.last_job, row.last_at) == (job["id"], START + timedelta(hours=6))
    assert row.next_at == START + timedelta(hours=30)


def test_what_was_missed_runs_once(scene: Scene) -> None:
    scene.schedule()
    scene.start()
    scene.clock.move(days=10)
    assert scene.start() == 1
    assert scene.start() == 0


def test_it_follows_the_clocks_of_its_place(scene: Scene) -> None:
    schedule = scene.schedule(time_zone="Asia/Kathmandu")
    scene.start()
    assert scene.schedule_row(schedule).next_at == START + timedelta(minutes=15)


def test_a_job_that_still_runs_leaves_the_next_time_out(scene: Scene) -> None:
    schedule = scene.schedule()
    scene.start()
    scene.clock.move(days=1)
    assert scene.start() == 1
    scene.clock.move(days=1)
    assert scene.start() == 0
    row = scene.schedule_row(schedule)
    assert row.next_at > scene.clock()
    scene.end(row.last_job)
    scene.clock.move(days=1)
    assert scene.start() == 1


def test_what_is_switched_off_and_tenants_that_are_do_not_start(scene: Scene) -> None:
    other = scene.store.tenant("Two")
    scene.schedule(enabled=False, next_at=START)
    scene.schedule(tenant=other, next_at=START)
    with scene.platform.database.begin(SYSTEM) as work:
        work.run(sa.update(TENANTS).where(TENANTS.c.id == other).values(disabled_at=START))
    scene.clock.move(days=1)
    assert scene.start() == 0


def test_each_tenants_jobs_are_its_own(scene: Scene) -> None:
    other = scene.store.tenant("Two")
    scene.schedule(next_at=START)
    scene.schedule(tenant=other, next_at=START)
    assert scene.start() == 2
    assert len(rows_of(scene.platform, scene.tenant)) == 1
    assert len(rows_of(scene.platform, other)) == 1


def test_a_schedule_that_cannot_be_read_is_switched_off_and_the_others_start(scene: Scene) -> None:
    broken = scene.schedule(next_at=START, time_zone="Gone/Away")
    scene.schedule(next_at=START)
    assert scene.start() == 1
    assert not scene.schedule_row(broken).enabled
    with scene.platform.database.read(of_tenant(scene.tenant)) as work:
        entries = work.run(sa.select(AUDIT).where(work.mine(AUDIT))).all()
    assert [(e.action, e.subject_id) for e in entries] == [("schedule.disable", broken)]


def test_one_that_does_not_start_holds_up_no_other(scene: Scene) -> None:
    def start(
        platform: Platform, work: Work, caller: Caller, payload: Any, schedule: str
    ) -> str:  # fmt: skip
        if payload["target"] == "broken":
            raise ZeroDivisionError
        return jobs.enqueue(platform, work, caller, "made", payload)

    broken = scene.schedule(next_at=START, payload={"target": "broken"})
    scene.schedule(next_at=START)
    assert start_due(scene.platform, {"scan": start}) == 1
    assert [row["kind"] for row in rows_of(scene.platform, scene.tenant)] == ["made"]
    assert scene.schedule_row(broken).next_at == START


def test_of_two_schedulers_one_leads(scene: Scene) -> None:
    one, other = Scheduler(scene.platform), Scheduler(scene.platform)
    assert [one.step(), other.step(), one.step()] == [True, False, True]
    scene.clock.move(seconds=LEASE.total_seconds() - 1)
    assert one.step()
    scene.clock.move(seconds=2)
    assert not other.step()
    scene.clock.move(seconds=LEASE.total_seconds())
    assert other.step()
    assert not one.step()


def test_one_that_leaves_lets_the_other_lead_at_once(scene: Scene) -> None:
    one, other = Scheduler(scene.platform, tick=0.01), Scheduler(scene.platform)
    thread = threading.Thread(target=one.run)
    thread.start()
    while leadership.hold(scene.platform, LEADS, "nobody yet", timedelta(0)):
        assert thread.is_alive()
    one.stop()
    thread.join()
    assert other.step()


def test_many_that_want_to_lead_at_once_are_one(scene: Scene) -> None:
    together, got = threading.Barrier(6), []

    def want(name: str) -> None:
        together.wait()
        if leadership.hold(scene.platform, "it", name, LEASE):
            got.append(name)

    threads = [threading.Thread(target=want, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_two_leaders_whose_clocks_differ_start_nothing_twice(scene: Scene) -> None:
    scene.schedule(next_at=START)
    together = threading.Barrier(4)
    started = []

    def start() -> None:
        together.wait()
        started.append(scene.start())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(started) == 1
    assert len(rows_of(scene.platform, scene.tenant)) == 1


def test_a_duty_is_done_at_once_and_then_again_when_it_is_time(scene: Scene) -> None:
    done: list[str] = []
    duty = Duty("tidy", timedelta(hours=1), lambda _platform: done.append("tidy"))
    one, other = Scheduler(scene.platform, [duty]), Scheduler(scene.platform, [duty])

    def step(scheduler: Scheduler) -> int:
        scheduler.step()
        scheduler.finish_duties()
        return len(done)

    assert step(one) == 1
    assert step(one) == 1
    scene.clock.move(minutes=59)
    # Another leads by now, and knows when it was done.
    assert step(other) == 1
    scene.clock.move(minutes=1)
    assert step(other) == 2
    assert other.done["tidy"] == 1


def test_a_duty_that_fails_stops_no_other_and_is_tried_again_soon(scene: Scene) -> None:
    done: list[str] = []

    def fail(_platform: Platform) -> None:
        done.append("fails")
        raise ZeroDivisionError

    duties = [
        Duty("fails", timedelta(days=1), fail),
        Duty("works", timedelta(days=1), lambda _platform: done.append("works")),
    ]
    scheduler = Scheduler(scene.platform, duties)
    scheduler.step()
    scheduler.finish_duties()
    assert sorted(done) == ["fails", "works"]
    assert (scheduler.failed["fails"], scheduler.done["works"]) == (1, 1)
    scene.clock.move(seconds=RETRY.total_seconds())
    scheduler.step()
    scheduler.finish_duties()
    assert sorted(done) == ["fails", "fails", "works"]


def test_a_duty_that_hangs_holds_up_nothing_and_is_not_begun_twice(scene: Scene) -> None:
    let_go, begun = threading.Event(), []

    def hang(_platform: Platform) -> None:
        begun.append(1)
        let_go.wait(20)

    scheduler = Scheduler(scene.platform, [Duty("hangs", timedelta(minutes=1), hang)])
    try:
        assert scheduler.step()
        scene.clock.move(minutes=5)
        assert scheduler.step()
    finally:
        let_go.set()
        scheduler.finish_duties()
    assert begun == [1]


def test_a_lost_announcement_is_made_up_for(scene: Scene) -> None:
    job = ask(scene.platform, scene.tenant)
    scene.forget_queue()
    assert announce_lost(scene.platform) == 0  # it may still be on its way
    scene.clock.move(minutes=1)
    assert announce_lost(scene.platform) == 1
    lease = scene.platform.queue.take(["count"], 0)
    assert lease is not None
    assert lease.item == WorkItem("count", scene.tenant, job)


def test_what_waits_in_the_queue_is_not_announced_again(scene: Scene) -> None:
    for _ in range(5):
        ask(scene.platform, scene.tenant)
    scene.clock.move(hours=1)
    assert announce_lost(scene.platform) == 0
    assert scene.platform.queue.depth() == 5


def test_a_job_whose_worker_died_is_announced(scene: Scene) -> None:
    job = ask(scene.platform, scene.tenant)
    assert jobs.claim(scene.platform, WorkItem("count", scene.tenant, job))
    scene.forget_queue()
    assert announce_lost(scene.platform) == 0
    scene.clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    assert announce_lost(scene.platform) == 1


def test_what_ran_when_the_platform_ended_is_free_at_the_next_start(scene: Scene) -> None:
    job = ask(scene.platform, scene.tenant)
    item = WorkItem("count", scene.tenant, job)
    for attempts in (0, 0):
        assert jobs.claim(scene.platform, item) is not None
        assert take_up(scene.platform) == 1
        row = row_of(scene.platform, scene.tenant, job)
        assert (row["state"], row["attempts"]) == ("queued", attempts)
    assert scene.platform.queue.depth() == 3
    # What has been tried for long may be what ends the platform: then it counts.
    assert jobs.claim(scene.platform, item) is not None
    scene.clock.move(hours=2)
    take_up(scene.platform)
    assert row_of(scene.platform, scene.tenant, job)["attempts"] == 1
