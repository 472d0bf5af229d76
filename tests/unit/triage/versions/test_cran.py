"""Vectors: R's documentation of compareVersion, and the verdicts of R 4.2."""

from __future__ import annotations

from tests.unit.triage.versions.ladder import check, check_refused


def test_order() -> None:
    check("cran", "0.9-9 < 1.0 = 1-0 < 1.0.0 < 1.0-1 = 1.0.01 < 1.0-10 < 1.2 < 1.10 < 2021.1")


def test_words_are_refused() -> None:
    check_refused("cran", "", "1.0a", "1..0", "1.0-", "a")
