"""The seam for knowledge about vulnerabilities that no scanner report carries itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KevEntry:
    """One entry of the CISA Known Exploited Vulnerabilities catalogue. Dates ISO 8601."""

    cve: str
    added: str = ""
    due: str = ""
    ransomware: bool | None = None


@dataclass(frozen=True, slots=True)
class EpssEntry:
    """FIRST EPSS: probability of exploitation in the next 30 days, and its percentile, 0–1."""

    cve: str
    score: float
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The feeds at hand. A date of "" means the feed is absent, so its silence is unknown."""

    kev: Mapping[str, KevEntry] = field(default_factory=dict)
    kev_date: str = ""
    epss: Mapping[str, EpssEntry] = field(default_factory=dict)
    epss_date: str = ""


NO_KNOWLEDGE = Knowledge()
