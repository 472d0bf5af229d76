"""Judges a saved result: compares it with a baseline, ranks it as the policy weighs, decides."""

from __future__ import annotations

from dataclasses import replace

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.policy import Policy
from vigie.model.results import Result
from vigie.model.text import T
from vigie.triage.baseline import compare_with, mismatch
from vigie.triage.gate import judge
from vigie.triage.priority import prioritise, rank_key
from vigie.triage.summary import summarise

_NOBODY = Asset(AssetKind.UNKNOWN, "")


def judge_result(
    result: Result, policy: Policy, today: str, baseline: Result | None = None
) -> Result:
    """The result with the gate's verdict in it. `today` is an ISO date.

    What a baseline and the policy's own weights change in findings is changed first, so that
    the verdict is about what is shown. Raises UserError for a result whose findings are not
    those that its own summary counts.
    """
    _check(result)
    findings = list(result.findings)
    problems = result.problems
    if baseline is not None:
        findings = compare_with(findings, baseline)
        strange = mismatch(result, baseline)
        problems = problems if strange is None else (*problems, strange)
    # Always anew: the decisions that it was saved with may be another policy's.
    assets = {target.id: target.asset for target in result.assets}
    ranked = sorted(
        (prioritise(f, assets.get(f.asset, _NOBODY), policy.priority) for f in findings),
        key=rank_key,
    )
    changed = replace(
        result,
        findings=tuple(ranked),
        problems=problems,
        summary=summarise(ranked, result.runs, len(result.not_assessed)),
    )
    return replace(changed, gate=judge(changed, policy, today))


def _check(result: Result) -> None:
    """Fingerprints are no seal, but a list that somebody cut short is seen."""
    counting = sum(finding.status.counts for finding in result.findings)
    quiet = len(result.findings) - counting
    if (counting, quiet) != (result.summary.total, result.summary.suppressed):
        raise UserError(
            T("this result was changed: it holds {count} findings and its summary says {said}",
              count=len(result.findings), said=result.summary.total + result.summary.suppressed),
            T("Write it again with --format json=FILE and do not change it by hand."),
        )  # fmt: skip
