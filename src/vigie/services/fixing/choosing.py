"""What has been decided so that Python packages fit together, and the plan that follows from it.

The planner is asked again with fewer versions to choose from, so that what a step clears, and
with it the prediction, is always that of the version that is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from packaging.version import InvalidVersion, Version

from vigie.model.components import Component
from vigie.model.results import Plan, Step
from vigie.model.text import Text
from vigie.ports.patches import Upgrade
from vigie.services.fixing.clashes import Clash
from vigie.services.fixing.patching import upgrades_of
from vigie.sources.registries.fitting import Demand, PipFit, plain_name
from vigie.triage.mending import is_prerelease
from vigie.triage.upgrades import Available, PlanOptions
from vigie.triage.versions import jump, order

Planning = Callable[[Available], Plan]
_MOST_TRIED = 40


@dataclass(frozen=True, slots=True)
class Companion:
    """A pin that no finding is about and that has to go along with the step of `owner`."""

    upgrade: Upgrade
    owner: str
    because: Clash


@dataclass(frozen=True, slots=True)
class Floor:
    """A package that goes at least to `version`, for the sake of `target` at `at`."""

    version: str
    target: str
    at: str


@dataclass(slots=True)
class Choices:
    """Decisions by the plain name of a package. `needs` are what others ask of it, `floors` how
    far it goes at least, `left` why its upgrade is left out of the patch."""

    planning: Planning
    listed: Available
    pip: PipFit
    options: PlanOptions
    elsewhere: frozenset[str] = frozenset()
    needs: dict[str, tuple[Demand, ...]] = field(default_factory=dict)
    floors: dict[str, Floor] = field(default_factory=dict)
    companions: dict[str, Companion] = field(default_factory=dict)
    left: dict[str, Text] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    def again(self) -> None:
        """The plan as these decisions make it."""
        self.plan = self.planning(self._available)

    def steps(self, name: str) -> list[Step]:
        """The steps of a package, left out or not."""
        return [step for step in self.plan.steps if is_python(step, name)]

    def clears(self, name: str) -> frozenset[str]:
        """Every finding that they clear."""
        return frozenset(fp for step in self.steps(name) for fp in step.clears)

    def moving(self, name: str) -> str:
        """The package whose step moves it: its own, or one that takes it along; "" for none."""
        if name in self.companions:
            return self.companions[name].owner
        return name if name not in self.left and self.steps(name) else ""

    def pairs(self) -> list[tuple[Step, list[Upgrade]]]:
        """Every step with its upgrades, and those that it takes along."""
        found = []
        told: set[str] = set()
        for step in self.plan.steps:
            group = upgrades_of(step, elsewhere=step.asset in self.elsewhere)
            name = plain_name(step.component.name) if step.component.type == "pypi" else ""
            if name and name not in told:
                told.add(name)
                group += [c.upgrade for c in self.companions.values() if c.owner == name]
            found.append((step, group))
        return found

    def leave_out(self, name: str, why: Text) -> None:
        """Forget its upgrade, and all that was decided for its sake."""
        self.left[name] = why
        gone = {name} | {n for n, c in self.companions.items() if c.owner == name}
        self.companions = {n: c for n, c in self.companions.items() if n not in gone}
        self.floors = {n: f for n, f in self.floors.items() if n not in gone | {name}
                       and f.target not in gone}  # fmt: skip
        kept = {
            n: tuple(d for d in demands if plain_name(d.name) not in gone)
            for n, demands in self.needs.items()
            if n not in gone
        }
        self.needs = {n: demands for n, demands in kept.items() if demands}
        self.again()

    def fitting(self, name: str, needs: Iterable[Demand]) -> list[str]:
        """The versions of a package that pip could install and that suit, the lowest first."""
        known = self.pip.installable(name)
        specifiers = [demand.asked.specifier for demand in needs]
        return order("pypi", (
            v for v in known or ()
            if not is_prerelease("pypi", v) and _is_version(v)
            and all(s.contains(v, prereleases=True) for s in specifiers)
        ))  # fmt: skip

    def unharmed(self, name: str, old: str, versions: Sequence[str]) -> list[str]:
        """Of these versions those that no advisory is known to hold for and that may be offered."""
        asked = self.options.still_affected
        component = Component(name, old, "pypi")
        return [
            version
            for version in versions[:_MOST_TRIED]
            if (not old or self.options.allows(jump("pypi", old, version)))
            and not (asked is not None and asked(component, version))
        ]

    def _available(self, component: Component) -> Sequence[str] | None:
        name = plain_name(component.name)
        if component.type != "pypi" or not (name in self.needs or name in self.floors):
            return self.listed(component)
        found = self.fitting(name, self.needs.get(name, ()))
        floor = self.floors.get(name)
        return found if floor is None else [v for v in found if not is_below(v, floor.version)]


def is_python(step: Step, name: str) -> bool:
    """True for a step of this Python package."""
    return step.component.type == "pypi" and plain_name(step.component.name) == name


def is_below(version: str, other: str) -> bool:
    """True when a version is known to be the lower one."""
    return _is_version(version) and _is_version(other) and Version(version) < Version(other)


def _is_version(version: str) -> bool:
    try:
        Version(version)
    except InvalidVersion:
        return False
    return True
