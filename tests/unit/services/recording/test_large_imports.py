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
from vigie.services.intake import Reading
from vigie.services.recording.shares import SetDown
from vigie.services.recording.spilling import Spills
from vigie.stores.relational.bulk import PORTION

# Statements for one portion of findings, each with a rule and a package of its own.
_FOR_A_PORTION = 12
# Bytes in memory for one finding more: digests, ids and keys, nothing of what is said of it.
_FOR_A_FINDING = 3500
# The same of one that the store has already.
_FOR_A_KNOWN = 1700


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


def peak(made: World, count: int, image: str) -> int:
    """The most bytes of Python that an import of so many findings holds at once."""
    with report(made, count, image) as one:
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            made.record(one)
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()


@pytest.mark.slow
def test_statements_grow_with_portions_and_not_with_findings(acme: World) -> None:
    first = statements(acme, PORTION, "one:1")
    third = statements(acme, 3 * PORTION, "three:1")
    assert third - first <= 2 * _FOR_A_PORTION
    assert statements(acme, PORTION, "again:1") <= first  # its rules and packages are known
    assert statements(acme, PORTION, "one:1") <= first  # and here nothing is new at all


@pytest.mark.slow
def test_memory_grows_by_identities_and_not_by_what_is_said(acme: World) -> None:
    peak(acme, 3000, "first:1")  # what is remembered of names between imports
    small, large = peak(acme, 1000, "small:1"), peak(acme, 3000, "large:1")
    assert large - small < 2000 * _FOR_A_FINDING
    again = peak(acme, 3000, "large:1") - peak(acme, 1000, "small:1")
    assert again < 2000 * (_FOR_A_FINDING + _FOR_A_KNOWN)
