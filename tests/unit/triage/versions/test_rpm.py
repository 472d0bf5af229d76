"""Vectors: rpm's tests/rpmvercmp.at and the verdicts of rpm 4.18."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "1.0 < 2.0 < 2.0.1 < 2.0.1a",
        "5.5p1 < 5.5p2 < 5.5p10",
        "10xyz < 10.1xyz",
        "xyz.4 < 8 < 8.1",
        "5.5p2 < 5.6p1 < 6.0 < 6.0.rc1 < 6.1",
        "20101121 < 20101122",
        "1b.fc17 < 1.fc17",
        "1.0~rc1~git123 < 1.0~rc1 < 1.0~rc2 < 1.0 < 1.0^ < 1.0^git1 < 1.0^git2 < 1.0^20160101",
        "1.0~rc1 < 1.0~rc1^git1 < 1.0 < 1.0^git1~pre < 1.0^git1 < 1.0.1 < 1.01",
        "2.0 = 2_0 = 2.0_ = 0:2.0 = 02.00",
        "a = a+ = a_ < aa < ab < 1",
        "1.0 < 1.0-0 < 1.0-1.el8 < 1.0-1.el8_4 < 1.0-10.el8 < 1:0.1-1",
    ],
)
def test_order(ladder: str) -> None:
    check("rpm", ladder)


def test_what_is_no_version_is_refused() -> None:
    check_refused("rpm", "", "(none):1.0", "1 0", "<1.0", "-1", "1/2", ":1")
