"""Upgrades: to which version one package should go, and what each choice would clear.

A finding is cleared by a version when a source says that it has the fix and none denies it on
the same branch; it is cleared as a whole only when every installed version of it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.results import Choice
from vigie.triage.advice import own_advice
from vigie.triage.identifiers import names_of, spell
from vigie.triage.mending import is_above, is_prerelease, mends
from vigie.triage.packages import PackageKey, plain_version
from vigie.triage.paths import plain_path
from vigie.triage.versions import compare, jump, normalise, order

StillAffected = Callable[[Component, str], Collection[str]]
"""The ids of the advisories that hold for a component at another version."""

Available = Callable[[Component], Sequence[str] | None]
"""The versions of a component that exist, None when nobody could be asked."""

JUMPS = ("patch", "minor", "major", "")  # shortest first; one that cannot be told is the longest
_MOST_TRIED = 300
_COMMIT = re.compile(r"[-.]\d{14}-[0-9a-f]{12}$")
Said = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """`longest` is the longest jump that may be offered. The functions are asked when given."""

    longest: str = "major"
    still_affected: StillAffected | None = None
    available: Available | None = None

    def allows(self, jump_: str) -> bool:
        """True when a jump is not longer than the longest; an unknown one counts as major."""
        longest = JUMPS.index(self.longest or "major")
        return min(JUMPS.index(jump_), JUMPS.index("major")) <= longest


@dataclass(frozen=True, slots=True)
class Case:
    """One finding of a package: for each installed version what each source calls fixed."""

    finding: Finding
    said: Mapping[str, Said]
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""  # whose advice the fixed version is, when no source names one

    @property
    def weight(self) -> float:
        """Every finding weighs something, a pressing one more."""
        return 1.0 + (self.finding.priority.score if self.finding.priority else 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where an installed version goes, what that clears of it, and what is known of it still."""

    version: str
    jump: str
    clears: frozenset[str]
    still_known: tuple[str, ...] = ()
    worth: float = 0.0


def case_of(finding: Finding) -> Case:
    """What its evidence says about each installed version."""
    said: dict[str, list[tuple[str, ...]]] = {}
    spelled: dict[str, str] = {}
    source = ""
    for observation in finding.evidence:
        component = observation.component
        if component is None:
            continue
        version = spelled.setdefault(plain_version(component.version), component.version)
        fixed = normalise(observation.fix.versions)
        advised = own_advice(observation)
        if not fixed and advised:
            fixed, source = (advised,), observation.tool
        said.setdefault(version, []).extend([fixed] if fixed else [])
    if not said:
        said = {finding.component.version if finding.component else "": []}
    every = tuple(f for fixed in said.values() for f in fixed) or tuple(
        (v,) for v in finding.fix.versions
    )
    # A source that names no fix for one copy does not deny what it said of another.
    whole = {version: tuple(fixed) or every for version, fixed in said.items()}
    return Case(finding, whole, _paths(finding, spelled), source)


def _paths(finding: Finding, spelled: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for instance in finding.instances:
        if instance.location is not None and instance.location.path:
            version = spelled.get(plain_version(instance.version), instance.version)
            found.setdefault(version, {})[plain_path(instance.location.path)] = None
    return {version: tuple(paths) for version, paths in found.items()}


def best_moves(
    key: PackageKey, component: Component, cases: Sequence[Case], options: PlanOptions
) -> dict[str, Candidate]:
    """For each installed version the lowest allowed version that clears the most weight."""
    installed = dict.fromkeys(version for case in cases for version in case.said)
    chosen = {
        version: move
        for version in installed
        if (move := _best(key.type, component, version, cases, options)) is not None
    }
    return _together(key.type, component, chosen, cases, options)


def choices(
    kind: str, component: Component, installed: str, taken: Candidate, cases: Sequence[Case],
    options: PlanOptions,
) -> tuple[Choice, ...]:  # fmt: skip
    """The best version of every other length of jump, where it is worth naming."""
    every = _moves(kind, component, installed, cases, replace(options, longest="major"))
    found = []
    for length in JUMPS[:3]:
        group = [move for move in every if move.jump == length]
        if length == taken.jump or not group:
            continue
        best = _first_of_the_best(kind, group)
        longer = JUMPS.index(length) > JUMPS.index(taken.jump)
        if best.clears and (len(best.clears) > len(taken.clears) if longer else True):
            found.append(Choice(best.version, length, len(best.clears)))
    return tuple(found)


def _best(
    kind: str, component: Component, installed: str, cases: Sequence[Case], options: PlanOptions
) -> Candidate | None:
    moves = [move for move in _moves(kind, component, installed, cases, options) if move.clears]
    return _first_of_the_best(kind, moves) if moves else None


def _first_of_the_best(kind: str, moves: Sequence[Candidate]) -> Candidate:
    # Of those worth as much, those that clear more; of those again the lowest version.
    most = max((round(move.worth, 6), len(move.clears)) for move in moves)
    best = {m.version: m for m in moves if (round(m.worth, 6), len(m.clears)) == most}
    return best[order(kind, best)[0]]


def _moves(
    kind: str, component: Component, installed: str, cases: Sequence[Case], options: PlanOptions
) -> list[Candidate]:
    named = {
        fixed
        for case in cases
        for source in case.said.get(installed, ())
        for fixed in source
        if is_above(kind, fixed, installed)
    }
    existing = _existing(kind, component, options)
    tried = _that_exist(kind, named, existing)
    moves = [_move(kind, component, installed, v, cases, options) for v in tried]
    most = max((len(move.clears) for move in moves), default=0)
    best = [move for move in moves if len(move.clears) == most]
    # Of versions that all have advisories of their own, or bring nothing, a later one may be rid.
    if moves and existing and (not most or all(move.still_known for move in best)):
        floor = order(kind, tried)[0]
        further = [v for v in existing if is_above(kind, v, floor) and v not in tried]
        moves += [
            _move(kind, component, installed, v, cases, options) for v in further[:_MOST_TRIED]
        ]
    return [move for move in moves if options.allows(move.jump)]


def _existing(kind: str, component: Component, options: PlanOptions) -> list[str] | None:
    known = options.available(component) if options.available is not None else None
    if known is None:
        return None
    return order(kind, (v for v in known if not is_prerelease(kind, v)))


def _that_exist(kind: str, named: Iterable[str], existing: list[str] | None) -> list[str]:
    """Each version itself, or the next one that exists: a fix is not always released."""
    if existing is None:
        return order(kind, named)
    found: set[str] = set()
    for version in named:
        if _COMMIT.search(version):  # Go's pseudo-versions are in no list
            found.add(version)
            continue
        at_least = (v for v in existing if (compare(kind, v, version) or 0) >= 0
                    and compare(kind, v, version) is not None)  # fmt: skip
        following = next(at_least, None)
        if following is not None:
            # Spelled as the source says it, with or without a "v".
            found.add(version if compare(kind, following, version) == 0 else following)
    return order(kind, found)


def _move(
    kind: str, component: Component, installed: str, version: str, cases: Sequence[Case],
    options: PlanOptions,
) -> Candidate:  # fmt: skip
    asked = options.still_affected
    known = frozenset(map(spell, asked(replace(component, version=installed), version) if asked
                          else ()))  # fmt: skip
    names = {name for case in cases for name in names_of(case.finding.rule)} if known else set()
    cleared, worth = [], 0.0
    for case in cases:
        said = case.said.get(installed)
        if said is None or not mends(kind, installed, version, said):
            continue
        if known.isdisjoint(names_of(case.finding.rule) if known else ()):
            cleared.append(case.finding.fingerprint)
            worth += case.weight
    if known - names:
        # What is new to us at that version weighs as much as what we have on the average.
        worth -= len(known - names) * sum(case.weight for case in cases) / len(cases)
    return Candidate(version, jump(kind, installed, version), frozenset(cleared),
                tuple(sorted(known - names)), worth)  # fmt: skip


def _together(
    kind: str, component: Component, chosen: Mapping[str, Candidate], cases: Sequence[Case],
    options: PlanOptions,
) -> dict[str, Candidate]:  # fmt: skip
    """Installed versions of one major line go to one version where that costs nothing."""
    united = dict(chosen)
    for installed, move in chosen.items():
        for other in chosen.values():
            further = is_above(kind, other.version, united[installed].version)
            if not further or jump(kind, move.version, other.version) == "major":
                continue
            tried = _move(kind, component, installed, other.version, cases, options)
            if options.allows(tried.jump) and tried.worth >= united[installed].worth:
                united[installed] = tried
    return united
