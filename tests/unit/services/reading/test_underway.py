"""What is under way: each change once, nothing of another tenant, nothing that was over before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import Clock, member, platform
from tests.store_fixtures import Store
from tests.unit.services.jobs_made import ask

from vigie.model.access import Permission
from vigie.model.errors import UserError
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.jobs import Job
from vigie.services.platform import Platform
from vigie.services.reading import underway
from vigie.services.reading.underway import Underway


@dataclass
class Scene:
    platform: Platform
    clock: Clock
    tenant: str

    def ask(self) -> str:
        return ask(self.platform, self.tenant)

    def claim(self, job: str) -> Job:
        taken = jobs.claim(self.platform, WorkItem("count", self.tenant, job))
        assert taken is not None
        return taken

    def end(self, job: str) -> None:
        jobs.fail(self.platform, self.claim(job), UserError("no"), again=False)

    def watch(self, since: datetime | None = None) -> Underway:
        return Underway(self.platform, member(self.tenant), since)


def scene_of(store: Store, folder: Path, name: str) -> Scene:
    clock = Clock()
    return Scene(platform(store.database, folder / name, clock=clock), clock, store.tenant(name))


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Scene:
    return scene_of(store, tmp_path, "acme")


def told(watching: Underway) -> list[tuple[str, Any]]:
    return [(one["subject_id"], one["document"]["state"]) for one in watching.more()]


def test_each_change_is_told_once(scene: Scene) -> None:
    first = scene.ask()
    watching = scene.watch()
    assert told(watching) == [(first, "queued")]
    assert told(watching) == []
    second = scene.ask()
    taken = scene.claim(first)
    assert told(watching) == [(first, "running"), (second, "queued")]
    jobs.keep(scene.platform, taken)  # only the lease: nothing to tell
    assert told(watching) == []
    jobs.fail(scene.platform, taken, UserError("no"), again=False)
    assert told(watching) == [(first, "failed")]
    assert told(watching) == []


def test_one_that_begins_and_ends_between_two_looks_is_told(scene: Scene) -> None:
    watching = scene.watch()
    assert told(watching) == []
    job = scene.ask()
    scene.end(job)
    assert told(watching) == [(job, "failed")]


def test_what_was_over_is_told_only_to_who_comes_back(scene: Scene) -> None:
    long_ago, late = scene.ask(), scene.ask()
    scene.end(long_ago)
    scene.clock.move(hours=1)
    left = scene.clock()
    scene.clock.move(hours=1)
    scene.end(late)
    scene.clock.move(seconds=1)
    assert told(scene.watch()) == []
    assert told(scene.watch(left)) == [(late, "failed")]


def test_one_that_was_open_for_long_is_followed_to_its_end(scene: Scene) -> None:
    job = scene.ask()
    watching = scene.watch()
    watching.more()
    for _ in range(3):
        scene.clock.move(hours=5)
        assert told(watching) == []
    scene.end(job)
    scene.clock.move(hours=5)
    assert told(watching) == [(job, "failed")]


def test_of_more_than_can_be_told_the_newest(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "MOST", 3)
    asked = [scene.ask() for _ in range(5)]
    watching = scene.watch()
    assert [job for job, _ in told(watching)] == asked[2:]
    scene.clock.move(seconds=underway.OVERLAP.total_seconds() * 2)
    more = [scene.ask() for _ in range(3)]
    assert [job for job, _ in told(watching)] == more
    scene.end(asked[2])  # told of once: its end is told, however many are newer
    assert told(watching) == [(asked[2], "failed")]


def test_no_tenant_hears_of_another(store: Store, scene: Scene, tmp_path: Path) -> None:
    other = scene_of(store, tmp_path, "other")
    watching = scene.watch(scene.clock() - timedelta(days=1))
    other.ask()
    other.end(other.ask())
    assert told(watching) == []


def test_who_may_not_read_jobs_hears_nothing_of_them(scene: Scene) -> None:
    scene.ask()
    caller = member(scene.tenant, permissions=frozenset({Permission.EVENTS_READ}))
    assert Underway(scene.platform, caller).more() == []
    reader = member(scene.tenant, permissions=frozenset({Permission.JOBS_READ}))
    assert Underway(scene.platform, reader, None, ["delivery.changed"]).more() == []
