"""Every place of the screens as anybody may see it: axe, and the width of the window."""

from __future__ import annotations

import pytest

from tests.screens.desk import Desk

LOOKS = [
    pytest.param("light", "wide", id="light-wide"),
    pytest.param("dark", "wide", marks=pytest.mark.slow, id="dark-wide"),
    pytest.param("light", "narrow", marks=pytest.mark.slow, id="light-narrow"),
    pytest.param("dark", "narrow", marks=pytest.mark.slow, id="dark-narrow"),
]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_nothing_serious_is_wrong_anywhere(desk: Desk, scheme: str, size: str) -> None:
    desk.fill()
    desk.walk("places", **desk.owner(), look={"scheme": scheme, "size": size})
