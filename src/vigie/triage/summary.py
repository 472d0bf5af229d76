"""Summary: counts that a person reads first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vigie.model.findings import Decision, Finding
from vigie.model.observations import FixState, Kind
from vigie.model.results import Summary
from vigie.model.runs import Outcome, Run
from vigie.model.severity import Severity


def summarise(findings: Sequence[Finding], runs: Sequence[Run], not_assessed: int) -> Summary:
    """Counts over what counts; every severity, decision and kind is present, also with zero."""
    open_ones = [f for f in findings if f.status.counts]
    severities = Counter(f.severity for f in open_ones)
    decisions = Counter(f.priority.decision for f in open_ones if f.priority is not None)
    kinds = Counter(f.kind for f in open_ones)
    return Summary(
        total=len(open_ones),
        by_severity={severity: severities[severity] for severity in Severity},
        by_decision={decision: decisions[decision] for decision in Decision},
        by_kind={kind: kinds[kind] for kind in Kind},
        fixable=sum(f.fix.state is FixState.FIXED for f in open_ones),
        suppressed=len(findings) - len(open_ones),
        not_assessed=not_assessed,
        observations=sum(run.observations for run in runs),
        complete=all(run.outcome is Outcome.COMPLETE for run in runs),
    )
