"""What is told together: exact counts, few items, whatever the order."""

from __future__ import annotations

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vigie.model.severity import Severity
from vigie.watch.grouping import (
    BACK,
    CLOSED,
    MOST_ASSETS,
    MOST_ITEMS,
    NEW,
    counts_of,
    gist_of,
    is_over,
    merged,
    note_of,
    worst_of,
)

ids = st.integers(0, 60).map(lambda n: f"{n:03}")


@st.composite
def gists(draw: Any) -> dict[str, Any]:
    if draw(st.booleans()):
        return note_of("scan.failed", draw(st.sampled_from(Severity)), ("scan", "1"), {})
    severities = draw(st.lists(st.sampled_from(Severity), min_size=1, max_size=20))
    items = [{"id": one, "weight": int(one)} for one in draw(st.lists(ids, max_size=12))]
    assets = {one: one for one in draw(st.lists(ids, max_size=12))}
    return gist_of(draw(st.sampled_from([NEW, BACK, CLOSED])), severities, items=items,
                   assets=assets)  # fmt: skip


@given(st.lists(gists(), min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter_and_nothing_is_lost(several: list[dict[str, Any]], chance: Any
                                                   ) -> None:  # fmt: skip
    whole = reduce(merged, several)
    mixed = list(several)
    chance.shuffle(mixed)
    other = reduce(merged, mixed)
    for name in ("events", "severities", "items", "assets", "more_assets"):
        assert whole[name] == other[name]
    for event in (NEW, BACK, CLOSED):
        told = sum(g["events"].get(event, 0) for g in several)
        assert whole["events"].get(event, 0) == told
        assert sum(whole["severities"].get(event, {}).values()) == told


@given(st.lists(gists(), min_size=1, max_size=6))
def test_a_gist_stays_small_and_keeps_the_weightiest(several: list[dict[str, Any]]) -> None:
    whole = reduce(merged, several)
    assert len(whole["items"]) <= MOST_ITEMS
    assert len(whole["assets"]) <= MOST_ASSETS
    opened = {i["id"]: i["weight"] for g in several for i in g["items"] if i["event"] != CLOSED}
    heaviest = sorted(opened.values(), reverse=True)[:MOST_ITEMS]
    shown = {i["id"]: i["weight"] for i in whole["items"] if i["event"] != CLOSED}
    assert sorted(shown.values(), reverse=True) == heaviest[: len(shown)]
    assert len(shown) >= min(len(heaviest), MOST_ITEMS) - sum(
        i["event"] == BACK and i["id"] in {j["id"] for j in whole["items"] if j is not i}
        for i in whole["items"]
    )


def test_what_closed_does_not_count_beside_what_is_open() -> None:
    opened = gist_of(NEW, [Severity.HIGH, Severity.UNKNOWN])
    closed = gist_of(CLOSED, [Severity.CRITICAL])
    both = merged(opened, closed)
    assert counts_of(both) == {Severity.HIGH: 1, Severity.UNKNOWN: 1}
    assert worst_of(both) is Severity.HIGH
    assert (is_over(both), is_over(closed)) == (False, True)
    assert counts_of(closed) == {Severity.CRITICAL: 1}


def test_nobody_said_is_unknown() -> None:
    assert worst_of(gist_of(NEW, [])) is Severity.UNKNOWN
