"""What is packed comes back the same, and damage is noticed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.observations import Score
from vigie.stores.advisories.packing import (
    pack_details,
    pack_entry,
    pack_package,
    unpack_details,
    unpack_package,
)

TEXT = st.text(max_size=12)
TEXTS = st.lists(TEXT, max_size=4).map(tuple)
SCORES = st.lists(st.builds(Score, TEXT, TEXT, TEXT, st.none() | st.floats(0, 10)), max_size=2).map(
    tuple
)
RANGES = st.lists(
    st.builds(
        Range,
        st.sampled_from(RangeType),
        st.lists(st.tuples(st.sampled_from(EventKind), TEXT), max_size=4).map(tuple),
    ),
    max_size=2,
).map(tuple)
ENTRIES = st.lists(
    st.builds(
        Affected, TEXT, st.just("PyPI"), st.just("demo"), RANGES,
        st.lists(TEXT, max_size=6, unique=True).map(tuple), TEXT, SCORES, TEXTS,
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(ENTRIES)
def test_a_package_comes_back_as_it_was(entries: list[Affected]) -> None:
    body = pack_package([pack_entry(one) for one in entries])
    assert list(unpack_package(body, "PyPI", "demo")) == entries


@given(st.builds(Advisory, TEXT, TEXTS, TEXTS, TEXTS, TEXT, st.text(max_size=600), TEXT, SCORES,
                 TEXTS, TEXTS, TEXT, TEXT))  # fmt: skip
def test_details_come_back_as_they_were(advisory: Advisory) -> None:
    assert unpack_details(pack_details(advisory), advisory.id) == advisory


@pytest.mark.parametrize("count", [1, 255, 256, 257, 70_000])
def test_long_lists_of_versions(count: int) -> None:
    versions = tuple(f"1.{n}" for n in range(count))
    half = Affected("B", "PyPI", "demo", versions=versions[::-2])
    whole = Affected("A", "PyPI", "demo", versions=versions)
    body = pack_package([pack_entry(whole), pack_entry(half)])
    assert list(unpack_package(body, "PyPI", "demo")) == [whole, half]
    assert len(body) < 8 * count + 200


def test_versions_that_repeat_are_written_once() -> None:
    versions = tuple(f"{n}.{n * 7919}" for n in range(250))
    entries = [pack_entry(Affected(f"A-{n}", "PyPI", "x", versions=versions)) for n in range(100)]
    assert len(pack_package(entries)) < 2 * len(pack_package(entries[:1]))


BODY = pack_package([pack_entry(Affected("A", "PyPI", "x", versions=tuple("abcdefgh" * 9)))])
LONG = pack_details(Advisory("A", description="word " * 300))


def test_what_is_cut_off_is_noticed_also_when_only_its_sum_is_missing() -> None:
    assert unpack_details(LONG, "A").description.startswith("word word")
    with pytest.raises(ValueError, match="cut off"):
        unpack_details(LONG[:-2], "A")


@pytest.mark.parametrize("body", [BODY, LONG])
@given(data=st.data())
def test_damage_gives_an_error_and_never_a_crash(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    damaged = bytes([*body[:place], data.draw(st.integers(0, 255)), *body[place + 1 :]])
    cut = damaged[: data.draw(st.integers(0, len(damaged)))]
    for broken in (damaged, cut):
        try:
            list(unpack_package(broken, "PyPI", "x"))
            unpack_details(broken, "A")
        except (ValueError, IndexError, msgspec.MsgspecError):
            continue
