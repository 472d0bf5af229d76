"""The words for the model's values, and the look of severities: shape and colour."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.model.assets import AssetKind
from vigie.model.findings import Decision, Finding, Status
from vigie.model.observations import FixState, Kind
from vigie.model.results import GateOutcome
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.model.text import T, Text

SEVERITY: Mapping[Severity, Text] = {
    Severity.CRITICAL: T("critical"),
    Severity.HIGH: T("high"),
    Severity.MEDIUM: T("medium"),
    Severity.LOW: T("low"),
    Severity.NONE: T("info"),
    Severity.UNKNOWN: T("unknown"),
}

SHAPES: Mapping[Severity, str] = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "■",
    Severity.LOW: "●",
    Severity.NONE: "✓",
    Severity.UNKNOWN: "?",
}

COLOURS: Mapping[Severity, str] = {
    Severity.CRITICAL: "#B3123C",
    Severity.HIGH: "#D9480F",
    Severity.MEDIUM: "#B7791F",
    Severity.LOW: "#2B6CB0",
    Severity.NONE: "#2F855A",
    Severity.UNKNOWN: "#6B7280",
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

# The order of urgency. What nobody weighed may be anything: it must not sink below what is
# known to be harmless.
DECISIONS: tuple[Decision | None, ...] = (
    Decision.ACT,
    Decision.PLAN,
    None,
    Decision.WATCH,
    Decision.ACCEPT,
)

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


def decision_of(finding: Finding) -> Decision | None:
    """What to do about it; None when nobody weighed it."""
    return finding.priority.decision if finding.priority else None


def decision_text(decision: Decision | None) -> Text:
    """The word for a decision, or for none."""
    return UNDECIDED if decision is None else DECISION[decision]
