"""Matching of packages with advisories: `match` for an inventory, `affects` for one version."""

from vigie.triage.matching.distributions import has_advisories
from vigie.triage.matching.judging import Hit
from vigie.triage.matching.matches import Matches, affects, homes, match

__all__ = ["Hit", "Matches", "affects", "has_advisories", "homes", "match"]
