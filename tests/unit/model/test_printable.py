"""Strings from outside, with nothing in them that acts."""

from __future__ import annotations

import pytest

from vigie.model.printable import clean


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain été 漢", "plain été 漢"),
        ("a\x1b[31mb\x07", "a\ufffd[31mb\ufffd"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("a\u202eb\u2066", "a\ufffdb\ufffd"),
        ("a\x9b2J\x7f\r", "a\ufffd2J\ufffd\ufffd"),
        ("\udcff", "\ufffd"),
    ],
)
def test_what_acts_is_replaced_and_the_rest_stays(said: str, shown: str) -> None:
    assert clean(said) == shown
