"""Patterns over SPDX expressions: a choice is a choice, and both are both."""

from __future__ import annotations

import pytest

from vigie.triage.licences import is_listed

GPL = ("GPL-*", "AGPL-*")


@pytest.mark.parametrize(
    ("licence", "listed"),
    [
        ("GPL-3.0-only", True),
        ("gpl-3.0-only", True),
        ("LGPL-3.0-only", False),
        ("MIT OR GPL-2.0-only", False),
        ("GPL-2.0-only OR MIT", False),
        ("GPL-2.0-only OR AGPL-3.0-only", True),
        ("MIT AND GPL-2.0-only", True),
        ("MIT OR Apache-2.0 AND GPL-2.0-only", False),
        ("(MIT OR Apache-2.0) AND GPL-2.0-only", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("MIT, GPL-3.0-only", True),
        ("MIT AND (GPL-2.0-only", True),
        ("MIT AND (Apache-2.0", False),
        ("OR GPL-2.0-only", True),
        ("MIT GPL-2.0-only AND", True),
        ("(" * 500 + "GPL-2.0-only" + ")" * 500, True),
        ("", False),
    ],
)
def test_an_expression_is_understood(licence: str, listed: bool) -> None:
    assert is_listed(licence, GPL) is listed


def test_words_that_are_no_operators_stay_part_of_the_name() -> None:
    assert is_listed("GNU General Public License v2 or later", ("gnu general*",))
