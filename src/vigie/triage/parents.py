"""Parents: packages whose upgrade brings a fixed version of what they depend on.

Only a tool that resolved the dependencies can know that (Snyk's `upgradePath`), so such a step
carries its name. It is taken where it spares other steps or clears what nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vigie.model.components import Component
from vigie.model.results import Move, Step
from vigie.model.text import T
from vigie.triage.advice import Advice, advice_of
from vigie.triage.mending import is_above
from vigie.triage.packages import PackageKey, package_key, purl_package
from vigie.triage.upgrades import Case, PlanOptions
from vigie.triage.versions import jump, order


@dataclass(slots=True)
class _Parent:
    """A package that a tool says to raise, and what that clears."""

    advice: Advice
    asset: str
    key: PackageKey
    version: str
    paths: dict[str, None] = field(default_factory=dict)
    clears: list[str] = field(default_factory=list)


def through_parents(
    steps: Sequence[Step], cases: Sequence[Case], options: PlanOptions
) -> list[Step]:
    """The steps, with those that a parent's upgrade makes needless replaced by it."""
    kept = list(steps)
    for parent in _parents(cases):
        own = next((s for s in kept if (s.asset, package_key(s.component)) ==
                    (parent.asset, parent.key)), None)  # fmt: skip
        if own is not None:
            kept = _with_children(kept, own, parent)
            continue
        kept = _replaced(kept, parent, options)
    return kept


def _parents(cases: Sequence[Case]) -> list[_Parent]:
    parents: dict[tuple[str, PackageKey, str], _Parent] = {}
    for case in cases:
        found = [a for o in case.finding.evidence if (a := advice_of(o)) is not None]
        if not found or len({(a.tool, a.name, a.old) for a in found}) != 1:
            continue  # it comes with several packages: raising one of them leaves the others
        component = case.finding.component
        key = purl_package("", found[0].type, found[0].name)
        if component is None or key == package_key(component):
            continue
        needed = order(key.type, (advice.new for advice in found))[-1]
        place = (case.finding.asset, key, found[0].old)
        parent = parents.setdefault(place, _Parent(found[0], place[0], key, needed))
        if is_above(key.type, needed, parent.version):
            parent.version = needed
        parent.clears.append(case.finding.fingerprint)
        parent.paths |= dict.fromkeys(p for paths in case.paths.values() for p in paths)
    return sorted(parents.values(), key=lambda p: (-len(p.clears), p.key.name, p.advice.old))


def _with_children(kept: list[Step], own: Step, parent: _Parent) -> list[Step]:
    """A step that is taken anyway clears its children too, when it goes far enough."""
    reached = [m for m in own.moves if m.installed == parent.advice.old]
    if not reached or is_above(parent.key.type, parent.version, reached[0].version):
        return kept
    clears = tuple(dict.fromkeys((*own.clears, *parent.clears)))
    needed = [s for s in kept if s is own or not set(s.clears) <= set(parent.clears)]
    return [replace(s, clears=clears) if s is own else s for s in needed]


def _replaced(kept: list[Step], parent: _Parent, options: PlanOptions) -> list[Step]:
    length = jump(parent.key.type, parent.advice.old, parent.version)
    if not options.allows(length):
        return kept
    spared = [s for s in kept if s.asset == parent.asset and set(s.clears) <= set(parent.clears)]
    covered = {fingerprint for step in kept for fingerprint in step.clears}
    alone = any(fingerprint not in covered for fingerprint in parent.clears)
    if len(spared) < 2 and not alone:
        return kept
    return [*(s for s in kept if s not in spared), _step(parent, length)]


def _step(parent: _Parent, length: str) -> Step:
    advice = parent.advice
    return Step(
        component=Component(advice.name, advice.old, advice.type, direct=True),
        asset=parent.asset,
        version=parent.version,
        clears=tuple(parent.clears),
        jump=length,
        action=T("Upgrade {package} from {old} to {new}, which brings fixed dependencies",
                 package=advice.name, old=advice.old, new=parent.version),
        moves=(Move(advice.old, parent.version, tuple(parent.paths)),),
        source=advice.tool,
    )  # fmt: skip
