"""Vectors: the Haskell Package Versioning Policy; 1.0 and 1.0.0 are two versions there."""

from __future__ import annotations

from tests.unit.triage.versions.ladder import check, check_refused


def test_order() -> None:
    check("hackage", "0.9 < 1 < 1.0 < 1.0.0 < 1.0.0.1 < 1.0.1 < 1.2 < 1.10")


def test_words_are_refused() -> None:
    check_refused("hackage", "", "1.0-tag", "1..0", "a")
