"""Matching of packages with advisories: `match` for an inventory, `affects` for one version."""

from vigie.triage.matching.judging import Hit
from vigie.triage.matching.matches import Matches, affects, match

__all__ = ["Hit", "Matches", "affects", "match"]
