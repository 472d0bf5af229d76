"""Every place of the screens as anybody may see it: axe, and the width of the window."""

from __future__ import annotations

import pytest

from tests.screens.desk import Desk

LOOKS = [
    pytest.param("light", "wide", marks=pytest.mark.slow, id="light-wide"),
    pytest.param("dark", "wide", marks=pytest.mark.slow, id="dark-wide"),
    pytest.param("light", "narrow", marks=pytest.mark.slow, id="light-narrow"),
    pytest.param("dark", "narrow", marks=pytest.mark.slow, id="dark-narrow"),
]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_nothing_serious_is_wrong_anywhere(desk: Desk, scheme: str, size: str) -> None:
    desk.fill()
    desk.walk("places", **desk.owner(), look={"scheme": scheme, "size": size})


# What everybody opens every day; the rest is looked at in the slow form.
MAIN = ["now", "findings", "finding", "suppressions", "new-policy", "asset", "scan", "imports"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nothing_serious_is_wrong_in_the_main_places(desk: Desk) -> None:
    desk.fill()
    desk.walk("places", **desk.owner(), look={"scheme": "light", "size": "wide"}, main=MAIN)
