"""Vectors: vercmp(8) of pacman, and the verdicts of libalpm 13."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "1.0a < 1.0b < 1.0beta < 1.0p < 1.0pre < 1.0rc < 1.0 < 1.0.a < 1.0.1",
        "1 < 1.0 < 1.1 < 1.1.1 < 1.2 < 2.0 < 3.0.0",
        "1.5.0-1 < 1.5.0-2 < 1.5.1-1 < 1:1.0-1",
        "1.0 = 0:1.0",
        "1.0 < 1.0-1 < 1.0-10 < 1.0.1-1",
        "1.0.z < 1.0.1 < 1.0..a < 1.0..1",
        "2.0.0.rc1 < 2.0.0.1",
        "1.1.0.r10.gabc < 1.1.0.r10.gabd < 1.1.0.r11.gabc",
    ],
)
def test_order(ladder: str) -> None:
    check("alpm", ladder)


def test_a_separator_at_the_end_is_above_none() -> None:
    check("alpm", "1.2.1 < 1.2.1+ < 1.2.1+1")


def test_what_is_no_version_is_refused() -> None:
    check_refused("alpm", "", "1 0", "x:1.0", "<1", "1=2", "-1")
