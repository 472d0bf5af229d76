"""Several imports at once into one asset: nothing is lost, and readers do not wait."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import SHOP, flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.model.errors import SourceError
from vigie.model.findings import Status
from vigie.services import triage
from vigie.services.recording import record, taking
from vigie.services.recording.belief import believe
from vigie.services.recording.writing import MovedError, write
from vigie.services.triage import Verdict
from vigie.stores.relational import deciding
from vigie.stores.relational.tables.findings import FINDINGS


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def sent(made: World, tool: str) -> Callable[[], Any]:
    said = [flaw(tool, f"CVE-2024-{n:04}", f"pkg{n}") for n in range(20)]
    return lambda: record(made.platform, made.caller, [reading(tool, *said)])


def test_ten_tools_at_once_are_all_heard(store: Store, acme: World, tmp_path: Path) -> None:
    tools = [f"tool{n}" for n in range(10)]
    at_once(*(sent(acme, tool) for tool in tools))
    calm = world(store, tmp_path / "calm", "calm")
    for tool in tools:
        sent(calm, tool)()
    assert len(acme.rows("assets")) == 1
    assert acme.state() == calm.state()
    assert acme.rows("assets")[0]["content"] == 10
    what = [row["what"] for row in acme.rows("finding_history")]
    assert what.count("found") == 20
    assert len(acme.events("finding.new")) == 1


def test_a_decision_beside_imports_holds_for_all_they_bring(acme: World) -> None:
    sent(acme, "first")()
    rows = acme.rows("findings")[:10]
    verdict = Verdict(Status.SUPPRESSED, "agreed", scope="tenant")

    def decide() -> Any:
        return triage.decide(acme.platform, acme.person, [row["id"] for row in rows], verdict)

    others = [
        reading(f"tool{n}", *(flaw(f"tool{n}", f"CVE-2024-{k:04}", f"pkg{k}") for k in range(20)),
                asset=type(SHOP)(SHOP.kind, f"image{n}:1.0"))
        for n in range(4)
    ]  # fmt: skip
    calls = [lambda one=one: record(acme.platform, acme.caller, [one]) for one in others]
    at_once(decide, *calls)
    rules = {row["rule_id"] for row in rows}
    for row in acme.rows("findings"):
        assert (row["status"] == "suppressed") == (row["rule_id"] in rules)


def test_who_is_overtaken_every_time_works_under_the_lock(
    acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(acme, "first")()
    asset = acme.rows("assets")[0]["id"]
    calls = 0

    def overtaken(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls <= taking.TRIES:
            with acme.platform.database.begin(acme.caller.scope) as work:
                deciding.touch_assets(work, [asset])
        return believe(*given)

    monkeypatch.setattr(taking, "believe", overtaken)
    recorded = sent(acme, "second")()
    assert calls == taking.TRIES + 1
    assert recorded.total("seen") == 20
    assert {tuple(row["sources"]) for row in acme.rows("findings")} == {("first", "second")}


def test_who_never_gets_through_says_so_and_leaves_nothing(
    acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(acme, "first")()
    before = acme.all()

    def moved(*_: Any) -> Any:
        raise MovedError

    monkeypatch.setattr(taking, "write", moved)
    with pytest.raises(SourceError, match="kept writing") as raised:
        sent(acme, "second")()
    assert raised.value.retryable
    assert acme.all() == before


def test_a_reader_sees_the_state_from_before_while_an_import_writes(
    acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(acme, "first")()
    seen: list[int] = []

    def looked_at(work: Any, *given: Any) -> Any:
        recorded = write(work, *given)
        with acme.platform.database.read(acme.caller.scope) as reader:
            query = sa.select(sa.func.count()).select_from(FINDINGS)
            seen.append(reader.run(query.where(reader.mine(FINDINGS))).scalar_one())
        return recorded

    monkeypatch.setattr(taking, "write", looked_at)
    record(acme.platform, acme.caller, [reading("other", flaw("other", "CVE-2025-0001"))])
    assert seen == [20]
    assert len(acme.rows("findings")) == 21
