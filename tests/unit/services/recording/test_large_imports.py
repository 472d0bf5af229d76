"""What an import costs as it grows: counted in statements and bytes, not in seconds."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Observation
from vigie.model.plain import writing as plain_writing
from vigie.services.intake import Reading
from vigie.services.recording import (
    belief,
    change,
    collecting,
    events,
    hearing,
    portions,
    spilling,
    taking,
)
from vigie.services.recording.shares import SetDown
from vigie.services.recording.spilling import Spills
from vigie.services.recording.writing import write
from vigie.stores.relational import bulk
from vigie.stores.relational.bulk import PORTION
from vigie.stores.scratch import keyed

# Statements for one portion of findings, each with a rule and a package of its own.
_FOR_A_PORTION = 12
# Bytes of Python that one finding more holds while all is there that is to be written: a number
# or two. A text of 32 characters that is kept of each takes more.
_HELD_FOR_A_FINDING = 60
# The same at the worst moment, with portions that are worked on and garbage that is not collected.
_FOR_A_FINDING = 1000
_SMALL, _LARGE = 300, 1500


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path)


def said(count: int) -> Iterator[Observation]:
    for number in range(count):
        one = flaw("trivy", f"CVE-2024-{number:06}", f"pkg{number}", fixed="2.0")
        yield replace(one, rule=replace(one.rule, description="At length. " * 200))


@contextmanager
def report(made: World, count: int, image: str) -> Iterator[Reading]:
    """A report that lies in a file from the beginning, as one that was handed in does."""
    with Spills(made.platform.folder) as spills:
        down = spills.keep(SetDown(spills.folder))
        for one in said(count):
            down.append(one)
        found = reading("trivy", asset=Asset(AssetKind.IMAGE, image))
        assert found.report is not None
        yield replace(found, report=replace(found.report, records=count, observations=down))


def statements(made: World, count: int, image: str) -> int:
    """How many an import of so many findings sends."""
    sent = 0

    def sends(*_: Any) -> None:
        nonlocal sent
        sent += 1

    event.listen(made.platform.database.engine, "before_cursor_execute", sends)
    try:
        with report(made, count, image) as one:
            assert made.record(one).total("seen") == count
    finally:
        event.remove(made.platform.database.engine, "before_cursor_execute", sends)
    return sent


def memory(made: World, count: int, image: str, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """The bytes of Python that an import of so many findings holds when it begins to write, and
    the most that it holds at once."""
    held = []

    def begun(*given: Any) -> Any:
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0])
        return write(*given)

    patch.setattr(taking, "write", begun)
    with report(made, count, image) as one:
        gc.collect()
        gc.freeze()  # or whether cycles are looked for would depend on what else lives here
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            made.record(one)
            return held[0] - before, tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
            gc.unfreeze()


@pytest.mark.slow
def test_statements_grow_with_portions_and_not_with_findings(acme: World) -> None:
    first = statements(acme, PORTION, "one:1")
    third = statements(acme, 3 * PORTION, "three:1")
    assert third - first <= 2 * _FOR_A_PORTION
    assert statements(acme, PORTION, "again:1") <= first  # its rules and packages are known
    # And here nothing is new at all: what is there is read and held against what comes.
    known, all_known = statements(acme, PORTION, "one:1"), statements(acme, 3 * PORTION, "three:1")
    assert known - first <= _FOR_A_PORTION
    assert all_known - known <= 2 * _FOR_A_PORTION


@pytest.fixture
def little_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits in memory is bounded: in bounds that both reports reach."""
    for module, name, most in (
        (spilling, "_HELD", 4096), (spilling, "_KNOWN", 64), (keyed, "_NEAR", 50),
        (keyed, "_NEAR_PAIRS", 200), (portions, "PORTION", 100), (hearing, "_AT_ONCE", 200),
        (belief, "_AT_ONCE", 1), (change, "_AT_ONCE", 200), (events, "MOST_NAMED", 50),
        (collecting, "_SELDOM", (700, 5, 5)), (plain_writing, "_MOST_SPOKEN", 50),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, most)
    monkeypatch.setattr(bulk, "PORTION", 100)
    monkeypatch.setattr(bulk.portions, "__defaults__", (100,))


@pytest.mark.slow
@pytest.mark.usefixtures("little_is_in_memory")
def test_memory_does_not_grow_with_a_report(acme: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory(acme, _SMALL, "first:1", monkeypatch)  # what is made once: statements, readers, writers
    for _ in range(2):  # what the store has of each is no more in memory than what is said
        small, least = memory(acme, _SMALL, "small:1", monkeypatch)
        large, most = memory(acme, _LARGE, "large:1", monkeypatch)
        assert large - small < (_LARGE - _SMALL) * _HELD_FOR_A_FINDING
        assert most - least < (_LARGE - _SMALL) * _FOR_A_FINDING
