"""Vectors: Conan's documentation of versions, and the verdicts of Conan 2."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        "1.2.3-alpha < 1.2.3-beta < 1.2.3-beta.1 < 1.2.3 = 1.2.3.0 < 1.2.3+1 < 1.2.3.1 < 1.2.10",
        "1.1.1 < 1.1.1a < 1.1.1b < 1.1.1t < 1.1.2 < 3.0.8",
        "20230125.3 < cci.20200101 < cci.20211112",
        "1 = 1.0 = 1.0.0",
        "1.0+-2 < 1.0+-1 < 1.0+1",
    ],
)
def test_order(ladder: str) -> None:
    check("conan", ladder)


def test_where_conan_goes_in_circles_letters_follow_their_number() -> None:
    # To Conan 1.1a < 1.2 < 1.10 < 1.1a.
    check("conan", "1.1a < 1.2 < 1.10 < 1.10a")


def test_what_is_no_version_is_refused() -> None:
    check_refused("conan", "", "[>=1.0]", "1.0 2", "-1")
