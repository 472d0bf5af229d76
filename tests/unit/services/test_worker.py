"""A worker sees each job through once, and says truly how it ended."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import Clock
from tests.store_fixtures import Store
from tests.unit.services.jobs_made import ask, row_of, working

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.jobs import Job
from vigie.services.platform import Platform
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.worker import Handler, Worker
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS

PATIENCE = 60.0


class Scene:
    """A platform with one tenant and a worker whose handler each test says."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.clock = Clock()
        self.platform = working(store.database, folder, self.clock)
        self.tenant = store.tenant("One")
        self.runs: list[Job] = []

    def worker(self, handler: Handler, **options: Any) -> Worker:
        def noted(platform: Platform, job: Job, progress: Progress) -> Mapping[str, Any] | None:
            self.runs.append(job)
            return handler(platform, job, progress)

        return Worker(self.platform, {"count": noted}, **options)

    def ask(self, **payload: Any) -> str:
        return ask(self.platform, self.tenant, **payload)

    def row(self, job: str) -> Mapping[str, Any]:
        return row_of(self.platform, self.tenant, job)

    def cancel(self, job: str) -> bool:
        with self.platform.database.begin(of_tenant(self.tenant)) as work:
            return jobs.cancel(work, self.platform, job)


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Scene:
    return Scene(store, tmp_path)


def counted(_platform: Platform, job: Job, _progress: Progress) -> Mapping[str, Any]:
    return {"count": job.payload["to"]}


def refuse(error: Exception) -> Handler:
    def handler(_platform: Platform, _job: Job, _progress: Progress) -> None:
        raise error

    return handler


def test_a_job_is_done_once_with_its_result(scene: Scene) -> None:
    job, worker = scene.ask(to=3), scene.worker(counted)
    assert worker.step(0)
    assert not worker.step(0)
    row = scene.row(job)
    assert (row["state"], row["result"], row["attempts"]) == ("done", {"count": 3}, 1)
    assert row["progress"] == 1.0
    assert scene.platform.queue.depth() == 0


def test_an_item_that_comes_twice_is_done_once(scene: Scene) -> None:
    job, worker = scene.ask(to=3), scene.worker(counted)
    scene.platform.queue.put(WorkItem("count", scene.tenant, job))
    assert worker.step(0)
    assert worker.step(0)
    assert len(scene.runs) == 1
    assert scene.platform.queue.depth() == 0


def test_a_handler_may_finish_with_what_it_changed(scene: Scene) -> None:
    def handler(platform: Platform, job: Job, _progress: Progress) -> None:
        with platform.database.begin(of_tenant(job.tenant)) as work:
            assert jobs.finish(work, platform, job, {"own": True})

    job = scene.ask()
    scene.worker(handler).step(0)
    assert scene.row(job)["result"] == {"own": True}


def test_what_a_person_can_mend_is_told_and_not_tried_again(scene: Scene) -> None:
    job = scene.ask()
    scene.worker(refuse(UserError(T("no file {name}", name="x"), T("Send it.")))).step(0)
    row = scene.row(job)
    assert row["state"] == "failed"
    assert row["error"]["message"]["template"] == "no file {name}"
    assert row["error"]["message"]["params"] == {"name": "x"}
    assert row["error"]["hint"]["template"] == "Send it."
    assert scene.platform.queue.depth() == 0


def test_what_may_work_later_is_tried_later_and_given_up_in_the_end(scene: Scene) -> None:
    worker = scene.worker(refuse(SourceError("no answer", retryable=True)))
    job = scene.ask()
    waits = []
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        scene.platform.queue.put(WorkItem("count", scene.tenant, job))
        before = scene.clock()
        while worker.step(0):
            pass
        row = scene.row(job)
        assert row["attempts"] == attempt
        waits.append(round((row["due_at"] - before).total_seconds()))
        scene.clock.move(hours=1)
    assert waits == [5, 10, 20, 40, 0]
    assert row["state"] == "failed"
    assert len(scene.runs) == jobs.MOST_ATTEMPTS


def test_a_job_that_is_not_due_yet_waits(scene: Scene) -> None:
    job, worker = scene.ask(to=1), scene.worker(counted)
    scene.clock.move(hours=-1)
    assert worker.step(0)
    assert scene.runs == []
    assert scene.row(job)["state"] == "queued"
    assert scene.platform.queue.depth() == 1
    assert not worker.step(0)


def test_what_will_never_work_is_not_tried_again(scene: Scene) -> None:
    job = scene.ask()
    scene.worker(refuse(SourceError("gone", retryable=False))).step(0)
    assert scene.row(job)["state"] == "failed"


def test_a_bug_fails_the_job_names_its_place_and_quotes_nothing(scene: Scene) -> None:
    job, next_one = scene.ask(), scene.ask()
    worker = scene.worker(refuse(ZeroDivisionError("the password is hunter2")))
    worker.step(0)
    row = scene.row(job)
    assert row["state"] == "failed"
    assert row["error"]["message"]["params"]["what"] == "ZeroDivisionError"
    assert row["error"]["message"]["params"]["place"].startswith("test_worker.py:")
    assert "hunter2" not in str(row["error"])
    worker.step(0)
    assert scene.row(next_one)["state"] == "failed"


def test_a_job_that_ends_its_workers_is_given_up(scene: Scene) -> None:
    job, worker = scene.ask(), scene.worker(counted)
    item = WorkItem("count", scene.tenant, job)
    for _ in range(jobs.MOST_ATTEMPTS):  # claimed, and never heard of again
        assert jobs.claim(scene.platform, item) is not None
        scene.clock.move(minutes=2)
    worker.step(0)
    row = scene.row(job)
    assert row["state"] == "failed"
    assert "given up after {attempts}" in row["error"]["message"]["template"]
    assert scene.runs == []


def test_of_a_dead_worker_the_job_goes_to_another(scene: Scene) -> None:
    job = scene.ask(to=1)
    dead = jobs.claim(scene.platform, WorkItem("count", scene.tenant, job))
    assert dead is not None
    assert jobs.claim(scene.platform, WorkItem("count", scene.tenant, job)) is None
    scene.clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    scene.worker(counted).step(0)
    assert scene.row(job)["state"] == "done"
    # And should the dead one only have slept: it can neither finish nor keep it.
    assert not jobs.keep(scene.platform, dead, 0.5)
    with scene.platform.database.begin(of_tenant(scene.tenant)) as work:
        assert not jobs.finish(work, scene.platform, dead, {})


def test_a_job_that_waits_is_cancelled_at_once(scene: Scene) -> None:
    job = scene.ask()
    assert scene.cancel(job)
    scene.worker(counted).step(0)
    assert scene.row(job)["state"] == "cancelled"
    assert scene.runs == []


def test_a_job_that_runs_is_stopped_when_it_is_cancelled(scene: Scene) -> None:
    stopped: list[Why | None] = []

    def handler(_platform: Platform, job: Job, progress: Progress) -> None:
        scene.cancel(job.id)
        assert progress.stop.wait(PATIENCE)
        stopped.append(progress.why)
        progress(0.5)

    job = scene.ask()
    scene.worker(handler, beat=0.01).step(0)
    assert stopped == [Why.CANCELLED]
    row = scene.row(job)
    assert row["state"] == "cancelled"
    assert row["ended_at"] is not None
    assert scene.platform.queue.depth() == 0


def test_a_job_that_was_cancelled_when_its_worker_died_is_not_run_again(scene: Scene) -> None:
    job = scene.ask(to=1)
    jobs.claim(scene.platform, WorkItem("count", scene.tenant, job))
    scene.cancel(job)
    scene.clock.move(minutes=2)
    scene.worker(counted).step(0)
    assert scene.row(job)["state"] == "cancelled"
    assert scene.runs == []


def test_a_job_that_another_took_over_is_left_to_it(scene: Scene) -> None:
    def handler(platform: Platform, job: Job, progress: Progress) -> None:
        with platform.database.begin(of_tenant(job.tenant)) as work:
            work.run(
                sa.update(JOBS)
                .where(work.mine(JOBS), JOBS.c.id == job.id)
                .values(lease="another's", attempts=2)
            )
        progress.stop.wait(PATIENCE)
        progress.check()

    job = scene.ask()
    scene.worker(handler, beat=0.01).step(0)
    row = scene.row(job)
    assert (row["state"], row["lease"], row["attempts"]) == ("running", "another's", 2)


def test_a_result_that_comes_too_late_is_not_written(scene: Scene) -> None:
    def handler(platform: Platform, job: Job, _progress: Progress) -> Mapping[str, Any]:
        with platform.database.begin(of_tenant(job.tenant)) as work:
            work.run(
                sa.update(JOBS).where(work.mine(JOBS), JOBS.c.id == job.id).values(lease="other")
            )
        return {"late": True}

    job = scene.ask()
    scene.worker(handler).step(0)
    row = scene.row(job)
    assert (row["state"], row["result"], row["lease"]) == ("running", None, "other")


def test_progress_and_the_lease_are_written_while_it_runs(scene: Scene) -> None:
    seen: list[Mapping[str, Any]] = []

    def handler(_platform: Platform, job: Job, progress: Progress) -> Mapping[str, Any]:
        scene.clock.move(minutes=5)
        progress(0.25, "reading")
        for _ in range(2000):
            seen.append(scene.row(job.id))
            if seen[-1]["progress"] == 0.25:
                break
            threading.Event().wait(0.01)
        return {}

    scene.ask()
    scene.worker(handler, beat=0.01).step(0)
    assert seen[-1]["stage"] == "reading"
    assert seen[-1]["leased_until"] > scene.clock() + timedelta(seconds=30)


def test_a_worker_that_leaves_hands_its_job_back_and_it_counts_no_attempt(scene: Scene) -> None:
    def handler(_platform: Platform, _job: Job, progress: Progress) -> None:
        worker.stop()
        assert progress.stop.wait(PATIENCE)
        progress.check()

    worker = scene.worker(handler, grace=0.0, beat=0.01)
    job = scene.ask(to=1)
    worker.run()
    row = scene.row(job)
    assert (row["state"], row["attempts"]) == ("queued", 0)
    scene.worker(counted).step(0)
    assert scene.row(job)["state"] == "done"


def test_a_worker_that_is_told_to_stop_ends_its_job_first_and_takes_no_other(scene: Scene) -> None:
    def handler(_platform: Platform, _job: Job, progress: Progress) -> Mapping[str, Any]:
        worker.stop()
        progress(0.9)
        return {}

    worker = scene.worker(handler)
    job, next_one = scene.ask(), scene.ask()
    worker.run()
    assert scene.row(job)["state"] == "done"
    assert scene.row(next_one)["state"] == "queued"


def test_a_queue_that_fails_is_asked_again(scene: Scene) -> None:
    class Failing:
        """Out of order for the first time it is asked."""

        def __init__(self) -> None:
            self.asked = 0

        def take(self, kinds: object, wait: float) -> None:
            self.asked += 1
            if self.asked == 1:
                raise SourceError("the queue does not answer", retryable=True)
            worker.stop()

    failing: Any = Failing()
    worker = Worker(replace(scene.platform, queue=failing), {"count": counted})
    worker.run()
    assert failing.asked == 2


def test_progress_keeps_the_first_reason_and_raises_it() -> None:
    progress = Progress()
    progress(2.0, "reading")
    assert progress.news() == (1.0, "reading")
    assert progress.news() is None
    progress.end(Why.CANCELLED)
    progress.end(Why.LEAVING)
    with pytest.raises(JobStoppedError) as caught:
        progress.check()
    assert caught.value.why is Why.CANCELLED
