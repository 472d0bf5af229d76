"""Vectors: the documentation of Gem::Version, and the verdicts of RubyGems 3.3."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "1.0.a.2 < 1.0.b1 < 1.0.b.2 < 1.0 = 1 = 1.0.0 < 1.0.1 < 1.1.a < 1.1.rc2 < 1.1 < 1.9 < 1.10",
        "5.2.4.rc1 < 5.2.4 < 5.2.4.3",
        "2.0.0-beta = 2.0.0.pre.beta < 2.0.0.rc1 < 2.0.0",
        "1.8.2.a9 < 1.8.2.a10 < 1.8.2.b < 1.8.2",
        "1.a = 1.0.a = 1.a.0 < 1.a.1 < 1 < 1.0.0.1",
        "1.Z < 1.a < 1",
        "1.a.0.b < 1.a < 1.a.0.1 < 1.a.1",
        "0.beta.1 < 0.0.beta.2 < 0",
    ],
)
def test_order(ladder: str) -> None:
    check("gem", ladder)


def test_what_rubygems_refuses_is_refused() -> None:
    check_refused("gem", "", "a", "1..2", "1_0", "1.2.3-", "junk", "1.0 beta")


def test_cocoapods_compares_as_gems() -> None:
    check("cocoapods", "1.0.0.beta.1 < 1.0.0-rc.1 < 1.0.0")
