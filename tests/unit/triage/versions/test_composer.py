"""Vectors: the documentation of composer/semver and of PHP's version_compare, and the verdicts
of composer/semver 3.3."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        (
            "1.0.0-dev < 1.0.0-alpha-dev < 1.0.0-alpha = 1.0a < 1.0.0-alpha1 < 1.0-beta.2 = 1.0b2"
            " < 1.0.0-RC1-dev < 1.0.0-rc1 < 1.0.0 = v1 = 1.0.0.0 = 1.0-stable < 1.0.0-p1"
            " = 1.0-patch1 = 1.0pl1 < 1.0.0-p2 < 1.0.0.1 < 1.0.1"
        ),
        "5.4.9 < 5.4.21 = v5.4.21 = 5.4.21+build = 5.4.21@dev < 5.10",
        "1.9.9 < 1.x-dev = 1.9999999.9999999.9999999-dev < 2.0.0-alpha1 < 2.0",
        "1.2.99 < 1.2.x-dev = 1.2.X-DEV < 1.3",
        "1-BETA1 < 1 = 1.0@DEV < V2010.01.02-RC1 < 2010.01.02",
        "1.0 as 3.0 < 2.0",
        "2010.01.02 < 2010.01.10",
        "20100102 < 20100103 < 20100103.1",
        "1.0.0-alpha.1.2 < 1.0.0-alpha.1.10 < 1.0.0-alpha.2",
    ],
)
def test_order(ladder: str) -> None:
    check("composer", ladder)


def test_named_branches_and_words_are_refused() -> None:
    check_refused(
        "composer", "", "dev-main", "master", "1.0.0-foo", "1.2.3.4.5", "abc", "1.0 2.0", "x-dev"
    )


def test_many_digits_take_no_time() -> None:
    check_refused("composer", "1.0beta" + "1" * 200 + "!")
