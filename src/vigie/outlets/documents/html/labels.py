"""The words of the report: names of values, headings, and what its script says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.model.assets import AssetKind
from vigie.model.findings import Decision, Status
from vigie.model.observations import FixState, Kind, Stance
from vigie.model.results import GateOutcome
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words

SEVERITY: Mapping[Severity, Text] = {
    Severity.CRITICAL: T("critical"),
    Severity.HIGH: T("high"),
    Severity.MEDIUM: T("medium"),
    Severity.LOW: T("low"),
    Severity.NONE: T("info"),
    Severity.UNKNOWN: T("unknown"),
}

DECISION: Mapping[Decision, Text] = {
    Decision.ACT: T("act now"),
    Decision.PLAN: T("plan"),
    Decision.WATCH: T("watch"),
    Decision.ACCEPT: T("accept"),
}
UNDECIDED = T("undecided")

DECISION_MEANING: Mapping[Decision, Text] = {
    Decision.ACT: T("Mend it today."),
    Decision.PLAN: T("Put it in the next cycle."),
    Decision.WATCH: T("Keep an eye on it."),
    Decision.ACCEPT: T("Nothing to do for now."),
}

KIND: Mapping[Kind, Text] = {
    Kind.VULNERABILITY: T("vulnerability"),
    Kind.WEAKNESS: T("weakness"),
    Kind.SECRET: T("secret"),
    Kind.MISCONFIGURATION: T("misconfiguration"),
    Kind.LICENCE: T("licence"),
    Kind.DETECTION: T("detection"),
    Kind.CONTROL: T("control"),
}

STATUS: Mapping[Status, Text] = {
    Status.OPEN: T("open"),
    Status.UNDER_INVESTIGATION: T("under investigation"),
    Status.NOT_AFFECTED: T("not affected"),
    Status.FIXED: T("fixed"),
    Status.SUPPRESSED: T("suppressed"),
}

STANCE: Mapping[Stance, Text] = {
    Stance.AFFECTED: T("affected"),
    Stance.NOT_AFFECTED: T("not affected"),
    Stance.FIXED: T("fixed"),
    Stance.UNDER_INVESTIGATION: T("under investigation"),
    Stance.SUPPRESSED: T("suppressed"),
}

FIX: Mapping[FixState, Text] = {
    FixState.FIXED: T("fix available"),
    FixState.NOT_FIXED: T("no fix yet"),
    FixState.WILL_NOT_FIX: T("will not be fixed"),
    FixState.DEFERRED: T("fix deferred"),
    FixState.END_OF_LIFE: T("end of life"),
    FixState.UNKNOWN: T("fix unknown"),
}

OUTCOME: Mapping[Outcome, Text] = {
    Outcome.COMPLETE: T("complete"),
    Outcome.PARTIAL: T("partial"),
    Outcome.FAILED: T("failed"),
}

GATE: Mapping[GateOutcome, Text] = {
    GateOutcome.PASS: T("The gate says yes."),
    GateOutcome.FAIL: T("The gate says no."),
    GateOutcome.INCOMPLETE: T("The gate cannot say yes: the result is incomplete."),
}

ASSET: Mapping[AssetKind, Text] = {
    AssetKind.IMAGE: T("image"),
    AssetKind.REPOSITORY: T("repository"),
    AssetKind.HOST: T("host"),
    AssetKind.ENDPOINT: T("endpoint"),
    AssetKind.ACCOUNT: T("account"),
    AssetKind.RESOURCE: T("resource"),
    AssetKind.CLUSTER: T("cluster"),
    AssetKind.SBOM: T("SBOM"),
    AssetKind.UNKNOWN: T("asset of unknown kind"),
}

JUMP: Mapping[str, Text] = {
    "patch": T("patch release"),
    "minor": T("minor release"),
    "major": T("major release"),
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
    "database": T("Database of"),
    "decision": T("Decision"),
    "epss": T("Chance of exploitation in 30 days (EPSS)"),
    "finding": T("Finding"),
    "findings": T("Findings"),
    "fix": T("Fix"),
    "from_to": T("From, to"),
    "instances_where": T("Where"),
    "jump": T("Step"),
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
