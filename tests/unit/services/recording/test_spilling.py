"""Lists that lie in files: what is put in comes out, whatever its size and in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.services.recording.readings_made import flaw, secret, weakness

from vigie.model.findings import Decision
from vigie.model.observations import Observation
from vigie.model.severity import Severity
from vigie.services.recording.spilling import Spills

_SIZES = st.lists(st.integers(0, 400_000) | st.integers(0, 20), max_size=12)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=_SIZES, data=st.data())
def test_what_is_put_in_comes_out_in_any_order(
    tmp_path: Path, sizes: list[int], data: st.DataObject
) -> None:
    with Spills(tmp_path) as spills:
        spilled, kept = spills.of(bytes), []
        for number, size in enumerate(sizes):
            kept.append(bytes([number]) * size)
            assert spilled.append(kept[-1]) == number
            looked = data.draw(st.integers(0, number))
            assert spilled[looked] == kept[looked]
        assert list(spilled) == kept
        assert spilled[1:] == kept[1:]
        assert len(spilled) == len(kept)
        if kept:
            assert spilled[-1] == kept[-1]


def test_observations_are_the_same_again(tmp_path: Path) -> None:
    said = [
        flaw("trivy", "CVE-2024-0001", aliases=["GHSA-aaaa-bbbb-cccc"], fixed="2.0"),
        weakness("bandit", "B602", "a.py", 3, anchor="x"),
        secret("gitleaks", ".env", 2, value_hash="aa"),
    ]
    with Spills(tmp_path) as spills:
        spilled = spills.of(Observation)
        for one in said * 100:
            spilled.append(one)
        assert list(spilled) == said * 100


def test_rows_keep_their_types(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "id": "1", "severity": Severity.HIGH, "decision": Decision.ACT, "counts": True,
        "epss": None, "first_seen": datetime(2026, 3, 1, 12, 30, 15, 123456, UTC),
        "sources": ["grype"], "document": b'{"a":1}',
    }  # fmt: skip
    with Spills(tmp_path) as spills:
        rows = spills.rows()
        rows.append(row)
        rows.append({"id": "2", "document": {"severity": "high"}})
        found = list(rows)
        assert len(rows) == 2
    assert found[0] == {**row, "document": msgspec.Raw(b'{"a":1}')}
    assert type(found[0]["severity"]) is Severity
    assert type(found[0]["decision"]) is Decision
    assert found[1] == {"id": "2", "document": {"severity": "high"}}


def test_nothing_is_left_and_nothing_small_touches_the_disk(tmp_path: Path) -> None:
    with Spills(tmp_path / "is not there") as spills:
        spilled = spills.of(bytes)
        spilled.append(b"x" * 1000)
        assert list(spilled) == [b"x" * 1000]
    with Spills(tmp_path) as spills:
        spilled = spills.of(bytes)
        spilled.append(b"x" * 1_000_000)
        assert spilled[0] == b"x" * 1_000_000
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="closed file"):
        spilled[0]


def test_a_number_that_is_not_there(tmp_path: Path) -> None:
    with Spills(tmp_path) as spills:
        spilled = spills.of(int)
        spilled.append(1)
        for number in (1, -2):
            with pytest.raises(IndexError):
                spilled[number]
