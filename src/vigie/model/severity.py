"""Severity: how bad a thing is in itself, before anyone asks where it sits."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """The merged scale. `NONE` is 'informational', `UNKNOWN` is 'nobody said', never zero."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """5 for critical down to 1 for none; 0 for unknown. For sorting, not for arithmetic."""
        return _RANK[self]


_RANK = {
    Severity.CRITICAL: 5,
    Severity.HIGH: 4,
    Severity.MEDIUM: 3,
    Severity.LOW: 2,
    Severity.NONE: 1,
    Severity.UNKNOWN: 0,
}

# Words that tools of this field use. A word that means different things in different
# tools (SARIF's "error", SonarQube's "MAJOR") is mapped in that tool's parser instead.
_WORDS = {
    "critical": Severity.CRITICAL,
    "crit": Severity.CRITICAL,
    "defcon1": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.LOW,
    "unimportant": Severity.LOW,
    "info": Severity.NONE,
    "information": Severity.NONE,
    "informational": Severity.NONE,
    "none": Severity.NONE,
}


def severity_from_word(word: str | None) -> Severity:
    """The severity a tool's word stands for; `UNKNOWN` for no word or one nobody knows."""
    return _WORDS.get((word or "").strip().lower(), Severity.UNKNOWN)


def severity_from_score(score: float | None) -> Severity:
    """CVSS v3/v4 qualitative scale (CVSS v3.1 specification, section 5)."""
    if score is None:
        return Severity.UNKNOWN
    for floor, severity in (
        (9.0, Severity.CRITICAL),
        (7.0, Severity.HIGH),
        (4.0, Severity.MEDIUM),
        (0.1, Severity.LOW),
    ):
        if score >= floor:
            return severity
    return Severity.NONE
