"""A scan or an import that failed: told of once, whatever ended it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import Desk, desk

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.jobs import Job
from vigie.services.recording import events
from vigie.services.submissions import submit_scan
from vigie.services.worker import Worker
from vigie.stores.relational.queue import TableQueue
from vigie.wiring.words import words

TARGET = "registry.example/shop:1"


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path, queue=TableQueue(store.database))


def asked(at: Desk, **options: Any) -> WorkItem:
    with at.platform.database.begin(at.admin.scope) as work:
        made = submit_scan(work, at.platform, at.admin, TARGET, options=options)
    return WorkItem("scan", at.tenant, made["job_id"])


def claimed(at: Desk, item: WorkItem) -> Job:
    job = jobs.claim(at.platform, item)
    assert job is not None
    return job


def told(at: Desk, kind: str = "scan.failed") -> list[dict[str, Any]]:
    return [row for row in at.rows("events") if row["kind"] == kind]


def test_a_rule_tells_of_it_in_the_language_of_its_channel(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["scan.failed"]})
    job = claimed(at, asked(at))
    jobs.fail(at.platform, job, UserError(T("{target} is no target", target=TARGET)), again=False)
    at.deliver()
    [message] = at.ear.heard
    assert str(message.title) == "a scan failed"
    [item] = message.items
    assert item.title == TARGET
    said = {str(name): value for name, value in item.facts}
    assert isinstance(said["Error"], Text)
    assert words("fr")(said["Error"]) == f"{TARGET} n'est pas une cible"


def test_what_is_tried_again_has_not_failed_yet(at: Desk) -> None:
    item = asked(at)
    broken = SourceError(T("no scanner could look at it"), retryable=True)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert told(at) == []
        wait = jobs.fail(at.platform, claimed(at, item), broken, again=True)
        at.clock.move(seconds=wait or 0.0)
    assert len(told(at)) == 1


def test_of_workers_that_die_the_last_is_told_of_once(at: Desk) -> None:
    item = asked(at)
    for _ in range(jobs.MOST_ATTEMPTS):
        late = claimed(at, item)
        at.clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    Worker(at.platform, {"scan": lambda *_: {}}).step(0)
    [event] = told(at)
    assert "given up after" in event["document"]["error"]["template"]
    # Should the last one only have slept: it has no say any more.
    jobs.fail(at.platform, late, UserError("no"), again=False)
    assert told(at) == [event]


def test_killed_before_the_end_is_written_it_is_told_of_once(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    def kill(*_: Any, **__: Any) -> str:
        raise KilledError

    item = asked(at)
    job = claimed(at, item)
    with monkeypatch.context() as patched:
        patched.setattr(events, "emit", kill)
        with pytest.raises(KilledError):
            jobs.fail(at.platform, job, UserError("no"), again=False)
    [row] = at.rows("scans")
    assert (row["state"], told(at)) == ("queued", [])
    at.clock.move(seconds=jobs.LEASE.total_seconds() + 1)
    jobs.fail(at.platform, claimed(at, item), UserError("no"), again=False)
    [row] = at.rows("scans")
    assert (row["state"], len(told(at))) == ("failed", 1)


def test_a_cancelled_one_has_not_failed(at: Desk) -> None:
    item = asked(at)
    with at.platform.database.begin(at.admin.scope) as work:
        jobs.cancel(work, at.platform, item.job)
    [row] = at.rows("scans")
    assert (row["state"], at.rows("events")) == ("cancelled", [])


def test_a_rule_of_one_asset_hears_of_its_scan(at: Desk) -> None:
    mine, other = "019aa5d0-0000-7000-8000-000000000001", "019aa5d0-0000-7000-8000-000000000002"
    at.rule(at.channel(), {"events": ["scan.failed"], "assets": [mine]})
    for asset in (mine, other, "shop"):
        jobs.fail(at.platform, claimed(at, asked(at, asset=asset)), UserError("no"), again=False)
    assert at.deliver() == 1
