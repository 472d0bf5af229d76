"""The plan: which upgrades clear which findings, the most useful first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind
from vigie.model.results import Plan, Step
from vigie.triage.packages import PackageKey, package_key
from vigie.triage.versions import jump, order


def plan(findings: Sequence[Finding]) -> Plan:
    """One step for each package of each asset that has a fix: up to the lowest version that
    clears everything that can be cleared there."""
    packages: dict[tuple[str, PackageKey], list[Finding]] = defaultdict(list)
    left: list[str] = []
    for finding in findings:
        if not finding.status.counts:
            continue
        component = finding.component
        mendable = finding.fix.state is FixState.FIXED and finding.fix.versions
        if finding.kind is Kind.VULNERABILITY and component is not None and mendable:
            packages[finding.asset, package_key(component)].append(finding)
        else:
            left.append(finding.fingerprint)
    steps = [_step(asset, key, group) for (asset, key), group in packages.items()]
    worth = {step.component: _worth(packages[step.asset, package_key(step.component)])
             for step in steps}  # fmt: skip
    steps.sort(key=lambda s: (*(-n for n in worth[s.component]), s.component.name, s.asset))
    return Plan(tuple(steps), tuple(left))


def _step(asset: str, key: PackageKey, group: list[Finding]) -> Step:
    component = next(f.component for f in group if f.component is not None)
    version = order(key.type, (f.fix.versions[0] for f in group))[-1]
    return Step(
        component=component,
        asset=asset,
        version=version,
        clears=tuple(finding.fingerprint for finding in group),
        jump=jump(key.type, component.version, version),
    )


def _worth(group: list[Finding]) -> tuple[int, float, int]:
    decisions = max((f.priority.decision.rank for f in group if f.priority), default=0)
    return decisions, sum(f.priority.score for f in group if f.priority), len(group)
