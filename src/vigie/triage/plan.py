"""The plan: the smallest set of upgrades that clears the most, and what is left of it.

Each package of an asset is one step, however many versions and copies of it there are; for a
distribution a source package is. docs/guides/fix.md says how the version is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.model.results import Move, Plan, Remainder, Step
from vigie.model.text import T, Text
from vigie.triage.outlook import outlook
from vigie.triage.packages import PackageKey, package_key, source_key
from vigie.triage.parents import through_parents
from vigie.triage.remainders import remainder
from vigie.triage.upgrades import (
    JUMPS,
    Case,
    PlanOptions,
    best_moves,
    case_of,
    choices,
)
from vigie.triage.versions import order

DEFAULT = PlanOptions()


def plan(findings: Sequence[Finding], options: PlanOptions = DEFAULT) -> Plan:
    """One step for each package of each asset that has a version that clears something."""
    packages: dict[tuple[str, PackageKey], list[Finding]] = defaultdict(list)
    counting = [finding for finding in findings if finding.status.counts]
    for finding in counting:
        if finding.kind is Kind.VULNERABILITY and finding.component is not None:
            key = source_key(finding.component) or package_key(finding.component)
            packages[finding.asset, key].append(finding)
    cases = {place: [case_of(f) for f in group] for place, group in packages.items()}
    steps = [
        step
        for (asset, key), group in cases.items()
        if (step := _step(asset, key, group, options)) is not None
    ]
    steps = through_parents(steps, [case for group in cases.values() for case in group], options)
    cleared = {fingerprint for step in steps for fingerprint in step.clears}
    reached = {(s.asset, fp): s for s in steps for fp in _of_package(s, cases)}
    remains = tuple(
        remainder(finding, reached.get((finding.asset, finding.fingerprint)), options)
        for finding in counting
        if finding.fingerprint not in cleared
    )
    left = {one.finding: one for one in remains}
    steps = [_with_what_stays(step, left, cases) for step in steps]
    weighed = {finding.fingerprint: finding for finding in counting}
    steps.sort(key=lambda s: (*(-n for n in _worth(s, weighed)), s.component.name, s.asset))
    return Plan(
        steps=tuple(steps),
        left=tuple(one.finding for one in remains),
        remains=remains,
        outlook=outlook(counting, steps),
    )


def _step(asset: str, key: PackageKey, cases: Sequence[Case], options: PlanOptions) -> Step | None:
    component = _component(key, cases)
    moves = best_moves(key, component, cases, options)
    cleared = tuple(
        case.finding.fingerprint
        for case in cases
        if all(
            version in moves and case.finding.fingerprint in moves[version].clears
            for version in case.said
        )
    )
    if not cleared:
        return None
    # A copy whose move clears nothing as a whole stays where it is.
    useful = {v for case in cases if case.finding.fingerprint in cleared for v in case.said}
    moves = {version: move for version, move in moves.items() if version in useful}
    ordered = order(key.type, moves)
    first = ordered[0]
    highest = order(key.type, (move.version for move in moves.values()))[-1]
    packages = _packages(key, cases)
    told = tuple(Move(v, moves[v].version, _paths(cases, v)) for v in ordered)
    single = len({move.version for move in moves.values()}) == 1
    step = Step(
        component=replace(component, version=first),
        asset=asset,
        version=highest,
        clears=cleared,
        jump=max((move.jump for move in moves.values()), key=JUMPS.index),
        moves=told,
        packages=packages,
        source=_source(cases, cleared),
        still_known=tuple(sorted({i for move in moves.values() for i in move.still_known})),
    )
    if single:
        others = choices(key.type, component, first, moves[first], cases, options)
        step = replace(step, choices=others)
    return replace(step, action=_action(step, key))


def _component(key: PackageKey, cases: Sequence[Case]) -> Component:
    """The package itself; for a source package that several binaries come from, the source."""
    found = [case.finding.component for case in cases if case.finding.component is not None]
    same = [component for component in found if package_key(component) == key]
    chosen = (same or found)[0]
    names = {package_key(component).name for component in found}
    if not same and len(names) > 1:
        return Component(key.name, chosen.source_version or chosen.version, key.type,
                         distro=chosen.distro)  # fmt: skip
    return chosen


def _packages(key: PackageKey, cases: Sequence[Case]) -> tuple[str, ...]:
    if not key.is_system:
        return ()
    names = {
        instance.name for case in cases for instance in case.finding.instances if instance.name
    }
    return tuple(sorted(names))


def _paths(cases: Sequence[Case], version: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for case in cases for path in case.paths.get(version, ())))


def _source(cases: Sequence[Case], cleared: Sequence[str]) -> str:
    """The tool without whose advice none of it would be cleared."""
    sources = {case.source for case in cases if case.finding.fingerprint in cleared}
    return sources.pop() if len(sources) == 1 else ""


def _action(step: Step, key: PackageKey) -> Text:
    name = step.component.name
    targets = {move.version for move in step.moves}
    if key.is_system and len(step.packages) > 1:
        return T("Upgrade the packages of {source} to {new}: {names}", source=name,
                 new=step.version, names=step.packages)  # fmt: skip
    if len(targets) > 1:
        moves = tuple(f"{move.installed or '?'} → {move.version}" for move in step.moves)
        return T("Upgrade {package}: {moves}", package=name, moves=moves)
    old = tuple(move.installed for move in step.moves if move.installed)
    if not old:
        return T("Upgrade {package} to {version}", package=name, version=step.version)
    return T("Upgrade {package} from {old} to {new}", package=name, old=old, new=step.version)


def _of_package(
    step: Step, cases: Mapping[tuple[str, PackageKey], Sequence[Case]]
) -> tuple[str, ...]:
    key = source_key(step.component) or package_key(step.component)
    return tuple(case.finding.fingerprint for case in cases.get((step.asset, key), ()))


def _with_what_stays(
    step: Step,
    left: Mapping[str, Remainder],
    cases: Mapping[tuple[str, PackageKey], Sequence[Case]],
) -> Step:
    own = dict.fromkeys(_of_package(step, cases))
    return replace(step, stays=tuple(left[name] for name in own if name in left))


def _worth(step: Step, findings: Mapping[str, Finding]) -> tuple[int, float, int]:
    group = [findings[fingerprint] for fingerprint in step.clears]
    decisions = max((f.priority.decision.rank for f in group if f.priority), default=0)
    return decisions, sum(f.priority.score for f in group if f.priority), len(group)
