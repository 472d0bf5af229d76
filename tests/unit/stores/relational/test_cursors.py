"""A cursor brings back just what it was made of, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.model.severity import Severity
from vigie.stores.relational import cursors
from vigie.stores.relational.fields import COUNT, FLAG, NUMBER, TEXT, TIME, FieldType, words_of

ID = "019aa5d0-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("value", "kind"),
    [("a", TEXT), ("", TEXT), (7, COUNT), (7.25, NUMBER), (0.1, NUMBER), (True, FLAG),
     (False, FLAG), (Severity.HIGH, words_of(Severity)),
     (datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC), TIME)],
)  # fmt: skip
def test_there_and_back(value: Any, kind: FieldType) -> None:
    assert cursors.read(cursors.write("name", value, ID), "name", kind) == (value, ID)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_comes_back_to_the_last_digit(value: float) -> None:
    assert cursors.read(cursors.write("score", value, ID), "score", NUMBER)[0] == value


@given(st.text(max_size=60))
def test_nothing_else_is_a_cursor(word: str) -> None:
    with pytest.raises(UserError):
        cursors.read(word, "name", TEXT)


@pytest.mark.parametrize(
    ("cursor", "kind"),
    [
        (cursors.write("other", "a", ID), TEXT), (cursors.write("name", "a", "1"), TEXT),
        (cursors.write("name", "a", ID), NUMBER), (cursors.write("name", "x" * 5000, ID), TEXT),
        (cursors.write("name", 2**40, ID), COUNT), (cursors.write("name", "a\0", ID), TEXT),
        (cursors.write("name", "9999-12-31T23:59:59-23:59", ID), TIME),
    ],
)  # fmt: skip
def test_of_another_list_or_too_much(cursor: str, kind: FieldType) -> None:
    with pytest.raises(UserError):
        cursors.read(cursor, "name", kind)
