"""Brings the feeds at hand together."""

from __future__ import annotations

from pathlib import Path

from vigie.ports.feeds import Knowledge
from vigie.sources.advisories.epss import read_epss
from vigie.sources.advisories.kev import read_kev


def load_knowledge(kev: Path | None = None, epss: Path | None = None) -> Knowledge:
    """Read the feeds given. Raises UserError for a file that is not the feed it is given as."""
    kev_entries, kev_date = read_kev(kev) if kev is not None else ({}, "")
    epss_entries, epss_date = read_epss(epss) if epss is not None else ({}, "")
    return Knowledge(kev_entries, kev_date, epss_entries, epss_date)
