"""The OSV schema's algorithm: its own cases, its traps, and brute force over small numbers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.triage.matching.advisories import entry, span

from vigie.model.advisories import EventKind, Range, RangeType
from vigie.triage.matching.evaluation import Standing, refused, standing, within

YES, NO, UNKNOWN = Standing.AFFECTED, Standing.UNAFFECTED, Standing.UNDECIDED


@pytest.mark.parametrize(
    ("events", "version", "expected"),
    [
        (("introduced 0",), "0.0.1", True),
        (("introduced 0", "fixed 1.0"), "0.9", True),
        (("introduced 0", "fixed 1.0"), "1.0", False),
        (("introduced 0", "fixed 1.0"), "1.0rc1", True),
        (("introduced 1.0", "fixed 2.0"), "1.0", True),
        (("introduced 1.0", "fixed 2.0"), "1.0a1", False),
        (("introduced 0", "last_affected 2.1"), "2.1", True),
        (("introduced 0", "last_affected 2.1"), "2.1.0", True),
        (("introduced 0", "last_affected 2.1"), "2.1.1", False),
        (("introduced 1", "fixed 1.2", "introduced 3", "fixed 3.2"), "2.0", False),
        (("introduced 1", "fixed 1.2", "introduced 3", "fixed 3.2"), "3.1", True),
        (("introduced 1", "fixed 1.2", "introduced 3"), "9", True),
        # Versions are sorted as versions, whatever their order in the record.
        (("fixed 1.10", "introduced 1.9"), "1.9.5", True),
        (("fixed 1.10", "introduced 1.9"), "1.10", False),
        (("introduced 3", "fixed 1.2", "introduced 0"), "2.0", False),
        # Never affected: fixed before it began.
        (("introduced 0", "fixed 0"), "1.0", False),
        (("introduced 0", "fixed 0"), "0", False),
        # Of two events at one version the later in the record holds.
        (("introduced 0", "fixed 1.0", "introduced 1.0", "fixed 1.1"), "1.0", True),
        (("introduced 1.0", "fixed 1.0"), "1.0", False),
        (("introduced 0", "introduced 0"), "1", True),
        (("introduced 0", "last_affected 0"), "0", True),
        (("introduced 0", "last_affected 0"), "1", False),
        (("fixed 1.0",), "0.5", False),
        ((), "0.5", False),
    ],
)
def test_events_of_a_range(events: tuple[str, ...], version: str, expected: bool) -> None:
    assert within(span(*events), "pypi", version) is expected


@pytest.mark.parametrize(
    ("events", "version", "expected"),
    [
        (("introduced 0", "limit 2.0"), "1.9", True),
        (("introduced 0", "limit 2.0"), "2.0", False),
        (("introduced 0", "limit 2.0", "limit 4.0"), "3.0", True),
        (("introduced 0", "limit *"), "99", True),
        (("introduced 0", "limit 2.0", "limit *"), "99", True),
        (("introduced 0", "fixed 1.0", "limit 2.0"), "1.5", False),
        (("introduced 0", "limit oh no", "limit 2"), "1", True),
        (("introduced 0", "limit oh no", "limit 2"), "3", None),
        (("introduced 5", "limit oh no"), "3", False),
    ],
)
def test_limits(events: tuple[str, ...], version: str, expected: bool | None) -> None:
    assert within(span(*events), "pypi", version) is expected


@pytest.mark.parametrize("version", ["0.5", "1.0", "1.5", "2.5"])
def test_an_event_that_cannot_be_compared_is_not_guessed_about(version: str) -> None:
    assert within(span("introduced 1.0", "fixed oh no"), "pypi", version) is None


def test_what_cannot_be_compared_is_named() -> None:
    said = entry(span("introduced 0", "fixed oh no", "limit *"), span("introduced ?", "fixed 2"))
    assert refused(said, "pypi") == ("oh no", "?")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0", YES), ("1.7", YES), ("2.5", YES), ("1.1", NO), ("3.0", NO), ("oh no", UNKNOWN)],
)
def test_versions_and_ranges_add_up(version: str, expected: Standing) -> None:
    said = entry(span("introduced 1.5", "fixed 2"), span("introduced 2.4", "fixed 3"),
                 versions=("1.0", "9!9"))  # fmt: skip
    assert standing(said, "pypi", version) is expected


def test_one_range_that_is_sure_outweighs_one_that_is_not() -> None:
    unsure, sure = span("introduced 0", "fixed oh no"), span("introduced 0", "fixed 2")
    assert standing(entry(unsure, sure), "pypi", "1") is YES
    assert standing(entry(sure, unsure), "pypi", "3") is UNKNOWN


def test_a_version_that_the_list_names_needs_no_order() -> None:
    assert standing(entry(versions=("2004-banana!",)), "pypi", "2004-banana!") is YES


def test_where_only_a_list_speaks_one_version_has_several_spellings() -> None:
    listed = entry(versions=("1.0.0", "2.0"))
    assert standing(listed, "pypi", "1.0") is YES
    assert standing(listed, "pypi", "1.1") is NO
    assert standing(listed, "pypi", "oh no") is UNKNOWN


def test_without_a_version_only_what_every_version_has_is_sure() -> None:
    assert standing(entry(span("introduced 0")), "pypi", "") is YES
    assert standing(entry(span("introduced 0", "fixed 1")), "pypi", "") is UNKNOWN
    assert standing(entry(span("introduced 0", "fixed 0")), "pypi", "") is NO
    assert standing(entry(versions=("1",)), "pypi", "") is UNKNOWN
    assert standing(entry(span("introduced 0", "fixed 0"), versions=("1",)), "pypi", "") is UNKNOWN
    assert standing(entry(), "pypi", "") is NO


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([EventKind.INTRODUCED, EventKind.FIXED, EventKind.LAST_AFFECTED,
                         EventKind.LIMIT]),
        st.integers(1, 6),
    ),
    max_size=6,
)  # fmt: skip


@given(events=EVENTS, version=st.integers(0, 7))
@example(events=[(EventKind.LAST_AFFECTED, 2), (EventKind.INTRODUCED, 2)], version=3)
@example(events=[(EventKind.INTRODUCED, 1), (EventKind.LIMIT, 1)], version=1)
def test_as_the_schema_says_step_by_step(events: list[tuple[EventKind, int]], version: int) -> None:
    said = tuple((kind, str(at)) for kind, at in events)
    got = within(Range(RangeType.ECOSYSTEM, said), "npm", str(version))
    assert got is brute_force(events, version)


def brute_force(events: list[tuple[EventKind, int]], version: int) -> bool:
    """The schema's pseudocode over integers, sorting and all."""
    limits = [at for kind, at in events if kind is EventKind.LIMIT]
    if limits and all(version >= at for at in limits):
        return False
    vulnerable = False
    for kind, at in sorted(events, key=lambda event: event[1]):
        if kind is EventKind.INTRODUCED and version >= at:
            vulnerable = True
        elif (kind is EventKind.FIXED and version >= at) or (
            kind is EventKind.LAST_AFFECTED and version > at
        ):
            vulnerable = False
    return vulnerable


@given(st.lists(EVENTS, max_size=3), st.lists(st.integers(0, 7)), st.integers(0, 7))
def test_ranges_and_versions_are_each_enough(
    ranges: list[list[tuple[EventKind, int]]], listed: list[int], version: int
) -> None:
    spans = [Range(RangeType.SEMVER, tuple((k, str(at)) for k, at in one)) for one in ranges]
    said = entry(*spans, versions=tuple(map(str, listed)))
    expected = version in listed or any(brute_force(one, version) for one in ranges)
    assert (standing(said, "npm", str(version)) is YES) is expected
