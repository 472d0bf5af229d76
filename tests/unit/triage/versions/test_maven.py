"""Vectors: Maven's version order specification, and the verdicts of maven-artifact 3.9.9."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        (
            "1-alpha2snapshot < 1-alpha2 < 1-alpha-123 < 1-beta-2 < 1-beta123 < 1-m2 < 1-m11 < 1-rc"
            " = 1-cr < 1-SNAPSHOT < 1 < 1-sp < 1-sp2 < 1-abc < 1-def < 1-pom-1 < 1-1-snapshot < 1-1"
            " < 1-2 < 1-123"
        ),
        "2.0 = 2 = 2.0.0 = 2-ga = 2.final = 2.0.RELEASE < 2.0.a < 2.0.2 < 2.0.123 < 2.1 < 2.123",
        "11.a2 = 11-a2 < 11.a11 < 11.b2 < 11.b11 < 11.m2 < 11.m11 < 11 < 11.a < 11b < 11c < 11m",
        "1.0.0.RC1 < 1.0.0-RC2 < 1.0.0.RC3",
        "1a1 = 1-alpha-1 < 1b2 = 1-beta-2 < 1m3 = 1-milestone-3",
        "4.1.76.Final < 4.1.77.Beta1 < 4.1.77.CR1 < 4.1.77.Final = 4.1.77 < 4.1.77.SP1",
        "1.0.1-rc1 < 1.0.1 < 1.0.2-rc1 < 1.1-rc1 < 1.1",
        "1.9 < 1.10 < 20031129.200437 < 20040616",
        "31.0-android < 31.0-jre < 31.0.1-android",
        "1.2.3.4 < 1.2.3.4.5 < 12345678901234567890.1",
        "1.0-20130330.222222 < 1.0-20130331.111111",
        "v1-rev1-1.20 < v1-rev2-1.20",
    ],
)
def test_order(ladder: str) -> None:
    check("maven", ladder)


def test_where_maven_goes_in_circles_the_plain_version_parts_low_from_high() -> None:
    # To Maven 9.x.m11.10-1 < 9.0.m11.10-1 < 9 < 9.x.m11.10-1.
    check("maven", "9.0.m11.10-1 < 9 < 9.x.m11.10-1")


def test_nothing_is_no_version() -> None:
    check_refused("maven", "")
