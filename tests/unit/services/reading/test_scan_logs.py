"""Whoever follows a tenant hears when the log of a running scan has grown."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from tests.platforms import Clock, member, platform
from tests.store_fixtures import Store

from vigie.model.access import Permission
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.platform import system_caller
from vigie.services.reading.scan_logs import KIND
from vigie.services.reading.underway import Underway
from vigie.services.scan_log import ScanLog
from vigie.services.secrets import Secrets
from vigie.services.submissions import submit_scan


def test_a_log_that_grew_is_told_to_who_may_read_scans(store: Store, tmp_path: Path) -> None:
    rung: list[str] = []
    place = platform(store.database, tmp_path, clock=Clock(), secrets=Secrets([]))
    tenant = store.tenant("Acme")
    caller = system_caller("worker", tenant)
    with store.database.begin(caller.scope) as work:
        row = submit_scan(work, place, caller, "shop", options={})
    scans = member(tenant, permissions=frozenset({Permission.SCANS_READ}))
    watching = Underway(place, scans)
    others = [
        Underway(place, member(store.tenant("Other"), permissions=frozenset(Permission))),
        Underway(place, member(tenant, permissions=frozenset({Permission.EVENTS_READ}))),
        Underway(place, scans, None, ["job.changed"]),
    ]
    log = ScanLog(place, caller, row["id"], count().__next__)  # a second goes by at each look
    log.say("grype", "started")
    assert watching.more() == []  # nobody works on it
    job = jobs.claim(place, WorkItem("scan", tenant, row["job_id"]))
    assert job is not None
    assert told(watching) == [(row["id"], {"seq": 1})]
    assert told(watching) == []
    store.database.announce = rung.append
    log.printed("grype", ["a line"])
    assert rung == [f"events:{tenant}"]
    assert told(watching) == [(row["id"], {"seq": 2})]
    assert [one.more() for one in others] == [[], [], []]
    log.close()
    assert rung == [f"events:{tenant}"]  # there was nothing left to write


def told(watching: Underway) -> list[tuple[str, Any]]:
    found = watching.more()
    assert {(one["id"], one["kind"], one["subject_kind"]) for one in found} <= {("", KIND, "scan")}
    return [(one["subject_id"], one["document"]) for one in found]
