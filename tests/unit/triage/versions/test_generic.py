"""Types without a scheme of their own."""

from __future__ import annotations

import pytest
from tests.unit.triage.versions.ladder import check, check_refused


@pytest.mark.parametrize("kind", ["", "conda", "bitnami", "github", "julia", "no-such-type"])
def test_natural_order(kind: str) -> None:
    check(kind, "1.0-rc1 < 1.0 = v1.0 = 1 < 1.0-1 < 1.0-10 < 1.0.1 < 1.9 < 1.10 < 2")


def test_an_epoch_is_left_out() -> None:
    check("", "1.0 = 2:1.0 < 1.1")


def test_mere_words_are_refused() -> None:
    check_refused("", "", "unknown", "latest", "-")
