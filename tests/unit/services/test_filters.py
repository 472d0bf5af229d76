"""Filters by their names: the same in addresses, bodies and reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.model.queries import Filter, Operator
from vigie.services.filters import filters_of


def test_names_words_and_comparisons() -> None:
    asked = [("severity", ["critical", "", "high"]), ("status.not", ["fixed"]), ("severity", [])]
    assert filters_of(asked) == (
        Filter("severity", Operator.IS, ("critical", "high")),
        Filter("status", Operator.NOT, ("fixed",)),
        Filter("severity", Operator.IS, ()),
    )


@pytest.mark.parametrize("name", ["severity.like", "severity.not.not", "a.b.c", "score.GE"])
def test_a_comparison_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="ends in no comparison"):
        filters_of([(name, ["1"])])


def test_none_is_left_out_of_too_many() -> None:
    assert len(filters_of([("a", ["1"])] * 50)) == 50
    with pytest.raises(UserError, match="at most 50 filters"):
        filters_of([("a", ["1"])] * 51)
    assert len(filters_of([("a", ["1"] * 200 + [""])])[0].values) == 200
    with pytest.raises(UserError, match="at most 200 values"):
        filters_of([("a", ["1"] * 201)])


@given(st.lists(st.tuples(st.text(), st.lists(st.text(), max_size=5)), max_size=5))
def test_any_words_are_filters_or_refused(asked: list[tuple[str, list[str]]]) -> None:
    try:
        found = filters_of(asked)
    except UserError:
        return
    assert [f.values for f in found] == [tuple(w for w in words if w) for _, words in asked]
