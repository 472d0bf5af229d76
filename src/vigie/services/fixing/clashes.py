"""Where the Python packages of a folder do not fit together, as their metadata and pip say it."""

from __future__ import annotations

from dataclasses import dataclass, field

from packaging.requirements import Requirement

from vigie.services.fixing.asked import Asked
from vigie.sources.registries.fitting import Demand, PipFit, plain_name

_MOST_DROPPED = 8


@dataclass(frozen=True, slots=True)
class Clash:
    """`demand` is what a package asks for, `at` the version of it that is asked for in `path`
    ("" for a range). `manifest` is what a person would install."""

    demand: Demand
    at: str
    path: str
    manifest: str

    @property
    def by(self) -> str:
        """The package that asks."""
        return plain_name(self.demand.name)

    @property
    def target(self) -> str:
        """The package that is asked for."""
        return plain_name(self.demand.asked.name)


@dataclass(slots=True)
class Examination:
    """What came of one look at a set: `fits` is None when nobody could tell. `group` are the
    packages of a conflict that lies deeper than what is asked for here."""

    fits: bool | None
    clashes: tuple[Clash, ...] = ()
    group: tuple[Demand, ...] = ()
    without_wheel: frozenset[str] = frozenset()


@dataclass(slots=True)
class Examiner:
    """Looks at sets, each only once however often it comes back."""

    pip: PipFit
    _known: dict[tuple[str, str], Examination] = field(default_factory=dict)

    def look(self, asked: Asked) -> Examination:
        """First what the pinned versions ask of each other, then pip's word on all of it."""
        key = (asked.manifest, asked.spelled())
        if key not in self._known:
            self._known[key] = self._look(asked)
        return self._known[key]

    def _look(self, asked: Asked) -> Examination:
        if not self.pip.here():
            return Examination(None)
        pins = asked.pins(self.pip.holds)
        demands = self.pip.demands({n: v for n, v in pins.items() if n in asked.names})
        if demands is None:
            return Examination(None)
        without = frozenset(name for name, said in demands.items() if said is None)
        clashes = [
            Clash(demand, pins[name], asked.places[name], asked.manifest)
            for said in demands.values()
            for demand in said or ()
            if (name := plain_name(demand.asked.name)) in pins
            and not demand.asked.specifier.contains(pins[name], prereleases=True)
        ]
        if clashes:
            return Examination(False, tuple(clashes), without_wheel=without)
        return self._resolved(asked, pins, without)

    def _resolved(self, asked: Asked, pins: dict[str, str], without: frozenset[str]) -> Examination:
        for _ in range(_MOST_DROPPED):
            wanted = [one for one in asked.wanted if plain_name(one.name) not in without]
            verdict = self.pip.resolve(wanted, asked.limits)
            more = frozenset(verdict.without_wheel)
            if not more:
                break
            if not more & asked.names - without:
                return Examination(None, without_wheel=without | more)
            without |= more
        if verdict.fits is not False:
            return Examination(verdict.fits, without_wheel=without)
        clashes = tuple(
            Clash(demand, pins.get(name, ""), asked.places[name], asked.manifest)
            for demand in verdict.demands
            if (name := plain_name(demand.asked.name)) in asked.places
            and not (name in pins and demand.asked.specifier.contains(pins[name], True))
        )
        group = verdict.demands or tuple(_said_by_nobody(one) for one in verdict.requested)
        return Examination(False, clashes, () if clashes else group, without)


def _said_by_nobody(asked: Requirement) -> Demand:
    """What the files themselves ask for, in the form of a demand."""
    return Demand(asked.name, "", asked)
