"""CVSS ratings: what a vector amounts to, and which of several ratings counts."""

from __future__ import annotations

from collections.abc import Iterable

from cvss import CVSS2, CVSS3, CVSS4, CVSSError

from vigie.model.observations import Score
from vigie.triage.forgetting import kept

_NEWEST = {"4": 3, "3": 2, "2": 1}


@kept(100_000)
def base_score(version: str, vector: str) -> float | None:
    """The base score of a CVSS v2, v3 or v4 vector (FIRST); None when it is no vector."""
    text = vector.strip().strip("()")
    try:
        if text.startswith("CVSS:4"):
            return float(CVSS4(text).base_score)
        if text.startswith("CVSS:3"):
            return float(CVSS3(text).base_score)
        if version.startswith("3"):
            return float(CVSS3(f"CVSS:3.1/{text}").base_score)
        return float(CVSS2(text.removeprefix("CVSS:2.0/")).base_score)
    except (CVSSError, ValueError, KeyError, TypeError, ArithmeticError, AttributeError):
        return None


def rating(score: Score) -> float | None:
    """The score a source stated, else the one its vector gives."""
    return score.value if score.value is not None else (
        base_score(score.version, score.vector) if score.vector else None
    )  # fmt: skip


def decisive(scores: Iterable[Score]) -> tuple[float, Score] | None:
    """The highest rating of the newest version of CVSS among them; None when none rates."""
    rated = [(_NEWEST.get(s.version[:1], 0), v, s) for s in scores if (v := rating(s)) is not None]
    if not rated:
        return None
    _, value, score = max(rated, key=lambda one: (one[0], one[1]))
    return value, score
