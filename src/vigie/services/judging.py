"""Judges a saved result: compares it with a baseline, ranks it as the policy weighs, decides."""

from __future__ import annotations

from dataclasses import replace

from vigie.model.policy import DEFAULT_PRIORITY, Policy
from vigie.model.results import Result
from vigie.triage.baseline import compare_with
from vigie.triage.gate import judge
from vigie.triage.priority import prioritise, rank_key
from vigie.triage.summary import summarise


def judge_result(
    result: Result, policy: Policy, today: str, baseline: Result | None = None
) -> Result:
    """The result with the gate's verdict in it. `today` is an ISO date.

    What a baseline and the policy's own weights change in findings is changed first, so that
    the verdict is about what is shown.
    """
    findings = list(result.findings)
    if baseline is not None:
        findings = compare_with(findings, baseline)
    if policy.priority != DEFAULT_PRIORITY:
        assets = {target.id: target.asset for target in result.assets}
        findings = sorted(
            (prioritise(f, assets[f.asset], policy.priority) for f in findings), key=rank_key
        )
    changed = replace(
        result,
        findings=tuple(findings),
        summary=summarise(findings, result.runs, len(result.not_assessed)),
    )
    return replace(changed, gate=judge(changed, policy, today))
