"""Vectors: semver.org section 11, the verdicts of npm's semver, the semver crate and Elixir's
Version, and Dart's pub_semver documentation for builds."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize("kind", ["npm", "cargo", "hex", "pub", "swift", "golang"])
@pytest.mark.parametrize(
    "ladder",
    [
        (
            "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2"
            " < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0"
        ),
        "1.0.0 < 2.0.0 < 2.1.0 < 2.1.1 < 2.1.10 < 2.10.0",
        "1.0.0-1 < 1.0.0-2 < 1.0.0-10 < 1.0.0-- < 1.0.0-10a < 1.0.0-A < 1.0.0-a < 1.0.0-a-b",
        "1.0.0 = v1.0.0 < v1.0.1-0",
        "1 = 1.0 = 1.0.0 < 1.2 = 1.2.0 < 1.2.1",
    ],
)
def test_order(kind: str, ladder: str) -> None:
    check(kind, ladder)


@pytest.mark.parametrize("kind", ["npm", "cargo", "hex", "swift", "golang"])
def test_builds_play_no_part(kind: str) -> None:
    check(kind, "1.0.0-rc.1+2 = 1.0.0-rc.1 < 1.0.0 = 1.0.0+1 = 1.0.0+incompatible < 1.0.1+0")


def test_pub_orders_builds() -> None:
    check("pub", "1.0.0-a < 1.0.0-a+1 < 1.0.0 < 1.0.0+1 < 1.0.0+2 < 1.0.0+10 < 1.0.0+a < 1.0.0+a.1")


def test_what_people_write_loosely_is_read() -> None:
    check("npm", "1.2.3beta = =1.2.3-beta < 1.2.3 = 1.2.3.0 < 1.2.3.4 < 1.2.4-0")


def test_ranges_and_words_are_refused() -> None:
    check_refused(
        "npm", "", "latest", "1.x", "^1.2.3", "1.2.3-", "1.2.3-a..b", "1.2.3 4", "1.2beta"
    )
    check_refused("pub", "1.0.0+", "1.0.0+a..b", "1.0.0+é")
