"""What lies under keys: found again whatever waits near and whatever was put away, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vigie.services.recording.spilling import Spills
from vigie.stores.scratch import keyed
from vigie.stores.scratch.keyed import side_by_side

_KEYS = st.sampled_from(["", "a", "a\0b", "a b", "b", "é", "\U0001f600", "\uffff"])
_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def little_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed, "_NEAR", 2)
    monkeypatch.setattr(keyed, "_NEAR_PAIRS", 3)


@_few
@given(done=st.lists(st.tuples(st.sampled_from(["put", "add", "get", "all"]), _KEYS)))
def test_it_is_a_dictionary_in_order(tmp_path: Path, done: list[tuple[str, str]]) -> None:
    with Spills(tmp_path) as spills:
        kept, plain = spills.keyed(dict[str, Any]), {}
        for number, (what, key) in enumerate(done):
            item = {"number": number}
            if what == "put":
                kept.put(key, item)
                plain[key] = item
            elif what == "add":
                assert kept.add(key, item) == (key not in plain)
                plain.setdefault(key, item)
            elif what == "all":
                assert list(kept) == sorted(plain.items())
            assert kept.get(key) == plain.get(key)
            assert (key in kept) == (key in plain)
        assert list(kept) == sorted(plain.items())
        assert bool(kept) == bool(plain)


@_few
@given(ones=st.sets(_KEYS), others=st.sets(_KEYS))
def test_two_are_gone_through_side_by_side(
    tmp_path: Path, ones: set[str], others: set[str]
) -> None:
    with Spills(tmp_path) as spills:
        one, other = spills.keyed(str), spills.keyed(str)
        for key in ones:
            one.put(key, f"one {key}")
        for key in others:
            other.put(key, f"other {key}")
        assert list(side_by_side(one, other)) == [
            (key, f"one {key}" if key in ones else None, f"other {key}" if key in others else None)
            for key in sorted(ones | others)
        ]


def test_another_table_is_made_while_one_is_gone_through(tmp_path: Path) -> None:
    with Spills(tmp_path) as spills:
        one, other = spills.keyed(int), spills.keyed(int)
        for number in range(10):
            one.put(f"{number}", number)
        for key, number in one:
            assert f"{9 - number}" in one
            other.put(key, number)
        assert list(other) == list(one)


@_few
@given(pairs=st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 5))))
def test_pairs_come_in_order_each_once(tmp_path: Path, pairs: list[tuple[int, int]]) -> None:
    with Spills(tmp_path) as spills:
        kept = spills.pairs()
        for pair in pairs:
            kept.extend([pair])
        assert list(kept) == sorted(set(pairs))


def test_nothing_is_left_and_nothing_small_touches_the_disk(tmp_path: Path) -> None:
    with Spills(tmp_path / "is not there") as spills:
        kept, pairs = spills.keyed(int), spills.pairs()
        kept.put("a", 1)
        pairs.extend([(1, 2)])
        assert list(kept) == [("a", 1)]
        assert list(pairs) == [(1, 2)]
    with Spills(tmp_path) as spills:
        kept = spills.keyed(bytes)
        for number in range(100):
            kept.put(str(number), b"x" * 100_000)
        assert list(tmp_path.iterdir()) == []  # also when it is killed now
        assert kept.get("0") == b"x" * 100_000
