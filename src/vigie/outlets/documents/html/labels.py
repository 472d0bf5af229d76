"""The fixed words of the page, for its templates and its script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.model.observations import Stance
from vigie.model.text import T, Text, Words

STANCE: Mapping[Stance, Text] = {
    Stance.AFFECTED: T("affected"),
    Stance.NOT_AFFECTED: T("not affected"),
    Stance.FIXED: T("fixed"),
    Stance.UNDER_INVESTIGATION: T("under investigation"),
    Stance.SUPPRESSED: T("suppressed"),
}

# Headings and fixed words of the page, used by the templates.
PAGE: Mapping[str, Text] = {
    "accessible_skip": T("Go to the findings"),
    "act_on": T("What to do first"),
    "agreement": T("Who found it"),
    "agreement_note": T(
        "A scanner's silence is not evidence of absence; a finding's details say who could know."
    ),
    "asset": T("Asset"),
    "assets": T("Assets"),
    "waived": T("waived by"),
    "clears": T("Clears"),
    "cleared": T("What an upgrade clears"),
    "component": T("Component"),
    "copy_word": T("Copy"),
    "copy_plan": T("Copy the plan"),
    "database": T("Database"),
    "decision": T("Decision"),
    "epss": T("Chance of exploitation in 30 days (EPSS)"),
    "finding": T("Finding"),
    "findings": T("Findings"),
    "fix": T("Fix"),
    "from_to": T("From, to"),
    "instances_where": T("Where"),
    "jump": T("Release"),
    "matrix": T("Severity and decision"),
    "not_assessed": T("Not assessed"),
    "not_assessed_note": T(
        "These checks could not be decided: a person has to look, or access was missing. "
        "Unknown is not a pass."
    ),
    "observations": T("Observations"),
    "outcome": T("Outcome"),
    "passed": T("Passed"),
    "plan": T("Plan"),
    "policy": T("Policy"),
    "print": T("Print"),
    "problems": T("Problems"),
    "records": T("Records"),
    "report": T("Security report"),
    "runs": T("Runs"),
    "scanner": T("Scanner"),
    "score": T("Score"),
    "scores": T("Priority score, 0 to 100"),
    "severity": T("Severity"),
    "show_all": T("Show every step"),
    "sources": T("Sources"),
    "target": T("Target"),
    "theme": T("Light or dark"),
    "total": T("Total"),
    "unknown": T("unknown"),
    "version": T("Version"),
    "warnings": T("Before you rely on this"),
    "why": T("Why"),
    "without_script": T(
        "Search, filters and the details of a finding need JavaScript; it runs in this file "
        "alone and fetches nothing."
    ),
}


def spoken(texts: Mapping[str, Text], words: Words) -> dict[str, str]:
    """Every text in one language."""
    return {key: words(text) for key, text in texts.items()}


def templates_of(texts: Mapping[str, Text], words: Words) -> dict[str, Any]:
    """Every text in one language with its placeholders still open, for the script to fill.

    A text with a plural becomes the pair [singular, plural].
    """
    return {
        key: [words(text.template), words(text.plural)] if text.plural else words(text.template)
        for key, text in texts.items()
    }
