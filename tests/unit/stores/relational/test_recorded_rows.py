"""What an import and a decision read and write, row by row."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from tests.store_fixtures import NOW, Store
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.model.findings import Status
from vigie.services import triage
from vigie.stores.relational import assets, deciding, findings, runs
from vigie.stores.relational.ids import new_id


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    made = world(store, tmp_path)
    made.record(reading("trivy", flaw("trivy", "CVE-2024-0001", aliases=("GHSA-aaaa-bbbb-cccc",))))
    return made


def asset_row(**values: Any) -> dict[str, Any]:
    return {"id": new_id(), "kind": "image", "key": "image:x", "name": "x", "first_seen": NOW,
            "last_seen": NOW, **values}  # fmt: skip


def test_an_asset_whose_key_or_name_is_taken_is_not_made(acme: World) -> None:
    [there] = acme.rows("assets")
    for key, name in ((there["key"], "image:new"), ("image:new", there["key"])):
        with acme.platform.database.begin(acme.caller.scope) as work:
            assert not assets.add(work, asset_row(key=key), {name})
            work.connection.rollback()
    with acme.platform.database.begin(acme.caller.scope) as work:
        assert assets.add(work, asset_row(key="image:new"), {"image:new"})


def test_a_name_finds_its_asset_and_stays_with_it(acme: World) -> None:
    [there] = acme.rows("assets")
    with acme.platform.database.begin(acme.caller.scope) as work:
        assert assets.named(work, {there["key"], "image:none"}) == {there["key"]: there["id"]}
        row = asset_row(key="image:new")
        assets.add(work, row, {"image:new"})
        assert assets.add_names(work, row["id"], {there["key"], "image:more"}) == 1
        assert assets.names_of(work, row["id"]) == ("image:more", "image:new")


def test_who_holds_an_asset_lets_others_wait(acme: World, store: Store) -> None:
    [there] = acme.rows("assets")
    got: list[dict[str, int]] = []

    def wait() -> None:
        with store.database.begin(acme.caller.scope) as work:
            got.append(assets.lock(work, [there["id"], new_id()]))

    with store.database.begin(acme.caller.scope) as work:
        assert assets.lock(work, [there["id"]]) == {there["id"]: 1}
        waiting = threading.Thread(target=wait)
        waiting.start()
        assets.update(work, there["id"], {"content": 7})
        assert got == []
    waiting.join(30)
    assert got == [{there["id"]: 7}]


def test_only_the_newest_runs_of_a_tool_are_its_latest(acme: World) -> None:
    [there] = acme.rows("assets")
    acme.record(reading("trivy"), reading("trivy", file="b"))
    acme.record(reading("grype"))
    with acme.platform.database.read(acme.caller.scope) as work:
        assert [row.tool for row in runs.latest(work, there["id"])] == ["grype", "trivy", "trivy"]
    assert len(acme.rows("runs")) == 4


def test_rules_are_found_by_their_aliases_and_by_whole_names_only(acme: World) -> None:
    with acme.platform.database.read(acme.caller.scope) as work:
        for names, number in (
            ({"CVE-2024-0001"}, 1), ({"ghsa-AAAA-bbbb-cccc"}, 1), ({"CVE-2024-000"}, 0),
            ({"A flaw in left-pad"}, 0), ({"%"}, 0), (set(), 0),
        ):  # fmt: skip
            assert len(deciding.of_rules(work, names)) == number, names
            assert len(deciding.assets_of_rules(work, names)) == number, names


def test_what_was_decided_is_seen_to_change(acme: World) -> None:

    states = []
    for step in range(4):
        with acme.platform.database.read(acme.caller.scope) as work:
            states.append(findings.decided(work))
        acme.clock.move(minutes=1)
        if step == 0:
            verdict = triage.Verdict(Status.SUPPRESSED, "x")
            ids = [row["id"] for row in acme.rows("findings")]
            made = triage.decide(acme.platform, acme.person, ids, verdict)
        if step == 1:
            triage.revoke(acme.platform, acme.person, made.suppressions)
    assert len(set(states)) == 3
    assert states[2] == states[3]
