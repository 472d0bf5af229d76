"""Vectors: PEP 440's examples, and the verdicts of packaging 26 and 21."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize(
    "ladder",
    [
        (
            "1.dev0 < 1.0.dev456 < 1.0a1 < 1.0a2.dev456 < 1.0a12.dev456 < 1.0a12 < 1.0b1.dev456"
            " < 1.0b2"
            " < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < 1.0rc1 < 1.0 < 1.0+abc.5"
            " < 1.0+abc.7 < 1.0+5 < 1.0.post456.dev34 < 1.0.post456 < 1.0.15 < 1.1.dev1"
        ),
        "1.0 = 1 = 1.0.0 = v1.0 = 0!1.0 < 1.0.1 < 1.10 < 1!0.1",
        "1.0a1 = 1.0.alpha1 = 1.0-ALPHA-1 = 1.0_a.1 < 1.0c1 = 1.0rc1 = 1.0pre1 = 1.0-preview_1",
        "1.0 < 1.0-1 = 1.0.post1 = 1.0.rev1 = 1.0-r1 < 1.0.post2",
        "1.0a = 1.0a0 < 1.0.post = 1.0.post0",
        "1.0+ubuntu.1 = 1.0+ubuntu-1 = 1.0+UBUNTU_1 < 1.0+ubuntu.1.1 < 1.0+1",
        "2020.4.1 < 2020.10",
    ],
)
def test_order(ladder: str) -> None:
    check("pypi", ladder)


@pytest.mark.parametrize(
    "ladder",
    ["0.6-42-ga14256a < 0.0.1.dev0", "2.0-dev-r12 < 2.0-beta-x1 < 2.0-rc-x < 2.0-x < 0a0"],
)
def test_older_spellings_are_below_all_others(ladder: str) -> None:
    check("pypi", ladder)


def test_words_and_blanks_are_refused() -> None:
    check_refused("pypi", "", "not a version", "unknown", "1.0 2", "*", "1.0é", "1.²")
