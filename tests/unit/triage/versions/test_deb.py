"""Vectors: Debian Policy 5.6.12 and the verdicts of `dpkg --compare-versions` 1.21."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "~~ < ~~a < ~ < 0 < a",
        "1.0~beta1~svn1245 < 1.0~beta1 < 1.0 = 1.0-0 = 0:1.0 < 1.0-1 < 1.0+dfsg",
        "7.6-0 < 7.6p2-4",
        "1.2.9 < 1.2.10 < 1.10 < 1:0.1 < 2:0",
        "1.0. = 1.0.0 = 1.0.00",
        "1.001 = 1.1 < 1.2",
        "2.38-1 < 2.38-1+deb12u1 < 2.38-1+deb12u2 < 2.38-1.1 < 2.38-2",
        "3.0.0~rc1-1 < 3.0.0-1~bpo12+1 < 3.0.0-1",
        "1.0-1 < 1.0-1build1 < 1.0-1ubuntu0.1 < 1.0-1ubuntu1",
        "1.0Z < 1.0a < 1.0+ < 1.0.",
        "1-1-1 < 1-1-2 < 1-2-1",
        "1:2:3 < 1:2:4",
    ],
)
def test_order(ladder: str) -> None:
    check("deb", ladder)


def test_what_policy_does_not_allow_is_refused() -> None:
    check_refused("deb", "", "<unfixed>", "1.0 2", "a:1.0", ":1.0", "1.0-", "-1", "1_0", "1.0é")
