"""The outlook: how many findings count now, and how many will once the plan is carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from vigie.model.findings import Decision, Finding
from vigie.model.results import Counts, Outlook, Step
from vigie.model.severity import Severity


def outlook(counting: Sequence[Finding], steps: Iterable[Step]) -> Outlook:
    """What is known of a new version already is still there after it, its severity unknown."""
    steps = list(steps)
    cleared = {fingerprint for step in steps for fingerprint in step.clears}
    left = [finding for finding in counting if finding.fingerprint not in cleared]
    names = {name for f in left for name in (f.rule.id, *f.rule.aliases)}
    fresh = sum(len([i for i in step.still_known if i not in names]) for step in steps)
    return Outlook(count(counting), count(left, fresh))


def count(findings: Iterable[Finding], unknown: int = 0) -> Counts:
    """Counts of what counts, and of `unknown` more that nobody has rated yet."""
    counting = [finding for finding in findings if finding.status.counts]
    severities = Counter(finding.severity for finding in counting)
    severities[Severity.UNKNOWN] += unknown
    decisions = Counter(f.priority.decision for f in counting if f.priority is not None)
    return Counts(
        total=len(counting) + unknown,
        by_severity={severity: severities[severity] for severity in Severity},
        by_decision={decision: decisions[decision] for decision in Decision},
    )
