"""Priority: a decision first, then a score from 0 to 100. The formula is in docs/priority.md.

The decision follows the shape of CERT/CC's SSVC deployer tree (exploitation × exposure ×
impact); the score orders what got the same decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vigie.model.assets import Asset, Criticality, Exposure
from vigie.model.findings import Decision, Finding, Priority, Reason
from vigie.model.observations import Kind
from vigie.model.policy import DEFAULT_PRIORITY, PriorityPolicy
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.triage import inputs
from vigie.triage.inputs import Exploitation, Input

ACT, PLAN, WATCH, ACCEPT = Decision.ACT, Decision.PLAN, Decision.WATCH, Decision.ACCEPT

# Impact bands, low to critical; a business-critical asset moves one up, an unimportant one down.
_BANDS = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)

# Rows: exploitation; columns: impact band; cells: decision at small, controlled, open exposure.
# An unknown exposure counts as controlled, and the reasons say so.
_TABLE: dict[Exploitation, tuple[tuple[Decision, Decision, Decision], ...]] = {
    Exploitation.ACTIVE: ((PLAN, ACT, ACT), (PLAN, ACT, ACT), (ACT, ACT, ACT), (ACT, ACT, ACT)),
    Exploitation.LIKELY: (
        (WATCH, WATCH, PLAN), (WATCH, PLAN, PLAN), (PLAN, PLAN, ACT), (PLAN, ACT, ACT),
    ),
    Exploitation.POSSIBLE: (
        (ACCEPT, WATCH, WATCH), (WATCH, WATCH, PLAN), (WATCH, PLAN, PLAN), (PLAN, PLAN, ACT),
    ),
    Exploitation.UNLIKELY: (
        (ACCEPT, ACCEPT, ACCEPT), (ACCEPT, WATCH, WATCH), (WATCH, WATCH, PLAN),
        (WATCH, PLAN, PLAN),
    ),
}  # fmt: skip
_COLUMN = {Exposure.SMALL: 0, Exposure.CONTROLLED: 1, Exposure.UNKNOWN: 1, Exposure.OPEN: 2}


def cell_of(level: Exploitation, band: Severity) -> dict[Exposure, Decision]:
    """The row of the table for an exploitation level and an impact band."""
    row = _TABLE[level][_BANDS.index(band)]
    return {exposure: row[column] for exposure, column in _COLUMN.items()}


def prioritise(
    finding: Finding, asset: Asset, policy: PriorityPolicy = DEFAULT_PRIORITY
) -> Finding:
    """The finding with its decision, score, bounds and reasons."""
    level, likelihood, level_known = inputs.likelihood(finding, policy.thresholds)
    impact = inputs.impact(finding)
    decision, reasons = decide(finding, asset, level, level_known=level_known)
    weights = policy.weights
    parts = (
        (weights.likelihood, likelihood),
        (weights.impact, impact),
        (weights.exposure, inputs.exposure(finding, asset)),
        (weights.criticality, inputs.criticality(asset)),
        (weights.agreement, inputs.agreed(finding)),
        (weights.fix, inputs.mendable(finding)),
    )
    score, low, high = _weighed(parts)
    said = tuple(reason for _, part in parts for reason in part.reasons)
    direct = finding.component.direct if finding.component is not None else None
    if direct:
        said = (*said, Reason("direct", T("a direct dependency")))
    return replace(finding, priority=Priority(decision, score, low, high, (*said, *reasons)))


def _weighed(parts: Sequence[tuple[float, Input]]) -> tuple[float, float, float]:
    """The weighted mean of the inputs and its bounds, in points out of 100."""
    whole = value = low = high = 0.0
    for weight, part in parts:
        whole += weight
        value += weight * part.value
        low += weight * part.low
        high += weight * part.high
    points = 100 / (whole or 1.0)
    return round(points * value, 1), round(points * low, 1), round(points * high, 1)


def decide(
    finding: Finding, asset: Asset, level: Exploitation, *, level_known: bool
) -> tuple[Decision, tuple[Reason, ...]]:
    """The cell of the table, and the reasons that the inputs do not give themselves."""
    reasons: list[Reason] = []
    if finding.severity is Severity.NONE and level < Exploitation.LIKELY:
        return ACCEPT, (Reason("informational", T("informational only")),)
    band = finding.severity
    if band is Severity.UNKNOWN:
        band = Severity.HIGH if finding.kind is Kind.SECRET else Severity.MEDIUM
        reasons.append(
            Reason("impact-assumed", T("unknown severity is treated as {severity}",
                                       severity=T(band.value)))
        )  # fmt: skip
    elif band is Severity.NONE:
        band = Severity.LOW
    row = _BANDS.index(band)
    if asset.criticality is Criticality.HIGH:
        row = min(row + 1, 3)
    elif asset.criticality is Criticality.LOW:
        row = max(row - 1, 0)
    column = _COLUMN[asset.exposure]
    if finding.signals.reachable is False:
        column = 0
    decision = _TABLE[level][row][column]
    if not level_known and finding.kind is Kind.VULNERABILITY:
        reasons.append(
            Reason("exploitation-assumed", T("unknown exploitation is treated as possible"))
        )
    if asset.exposure is Exposure.UNKNOWN and len(set(_TABLE[level][row])) > 1:
        reasons.append(
            Reason("exposure-assumed", T("unknown exposure is treated as a controlled network"))
        )
    return decision, tuple(reasons)


def rank_key(finding: Finding) -> tuple[object, ...]:
    """Sort key: what counts first, then decision, score, severity; stable by fingerprint."""
    priority = finding.priority
    return (
        not finding.status.counts,
        -(priority.decision.rank if priority is not None else 0),
        -(priority.score if priority is not None else 0.0),
        -finding.severity.rank,
        finding.fingerprint,
    )
