"""Hearing: what the runs of one import say of one asset, gone through once and set down."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from vigie.model.components import Component
from vigie.model.observations import Kind, Observation, Rule, Verdict
from vigie.model.plain import plain_writer
from vigie.model.runs import Run
from vigie.model.text import T
from vigie.services.failures import TooLarge
from vigie.services.recording.catalogue import component_key, tells_more
from vigie.services.recording.holding import Listed
from vigie.services.recording.spilling import Spilled, Spills
from vigie.triage.neighbours import meeting_keys
from vigie.triage.packages import PackageKey, package_key, source_key

MOST = 200_000  # findings' observations of one asset in one import
MOST_UNDECIDED = 1000  # of one tool at one asset
MOST_SOURCES = 50_000

_write = plain_writer(Observation)
_encode = msgspec.json.Encoder().encode
_INVENTORY = Rule("")
_Built = tuple[PackageKey, str, PackageKey]


@dataclass(slots=True)
class Heard:
    """All that the runs told. `new` gives for each tool, by its digest, the number in `said`,
    `documents`, `keys` and `verdicts` of what it said; `runs` are each tool's. `listed` and
    `named` are the packages that were named at all, by key."""

    said: Spilled[Observation]
    documents: Spilled[bytes]
    keys: Numbers
    verdicts: list[Verdict] = field(default_factory=list)
    new: dict[str, dict[str, int]] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    named: dict[str, Component] = field(default_factory=dict)

    def keep(self, observation: Observation) -> None:
        """Set down one thing that is to be believed, unless it was said in the same words."""
        document = _write(observation)
        record = _encode(document.pop("record"))
        body = _encode(document)
        digest = hashlib.sha256(body).hexdigest()[:32]
        new = self.new.setdefault(observation.tool, {})
        if digest in new:
            return
        new[digest] = self.said.append(observation)
        self.documents.append(b'%b,"record":%b}' % (body[:-1], record))
        self.keys.append(meeting_keys(observation))
        self.verdicts.append(observation.verdict)

    def name(self, observation: Observation) -> None:
        """Note the package that it names. Of several spellings that is kept which tells most."""
        component = observation.component
        if component is None or not component.name:
            return
        key = component_key(component)
        self.listed.setdefault(key, Listed()).add(observation)
        known = self.named.get(key)
        if known is None or tells_more(component, known):
            self.named[key] = component


class Numbers:
    """A few numbers for each of many things, in little memory."""

    def __init__(self) -> None:
        self._all = array("q")
        self._ends = array("Q", [0])

    def append(self, numbers: Iterable[int]) -> None:
        """Those of the next thing."""
        self._all.extend(numbers)
        self._ends.append(len(self._all))

    def __getitem__(self, number: int) -> Sequence[int]:
        return self._all[self._ends[number] : self._ends[number + 1]]


@dataclass(slots=True)
class _Counts:
    """What was heard of one tool."""

    failing: int = 0
    undecided: int = 0
    told: set[_Built] = field(default_factory=set)
    sources: dict[_Built, int] = field(default_factory=dict)


def hear(told: Iterable[tuple[Run, Iterable[Observation]]], spills: Spills) -> Heard:
    """Go through it all. Raises TooLarge."""
    heard = Heard(spills.of(Observation), spills.of(bytes), Numbers())
    inventory: Spilled[Observation] = spills.of(Observation)
    counts: dict[str, _Counts] = {}
    for run, observations in told:
        heard.runs.setdefault(run.tool, []).append(run)
        for observation in observations:
            heard.name(observation)
            tool = observation.tool
            if tool != run.tool and run not in heard.runs.setdefault(tool, []):
                heard.runs[tool].append(run)  # one report that passes several tools' words
            _hear(heard, counts.setdefault(tool, _Counts()), observation, inventory)
    for one in counts.values():
        for built, number in one.sources.items():
            if built not in one.told:
                heard.keep(inventory[number])
    return heard


def _hear(
    heard: Heard, counts: _Counts, observation: Observation, inventory: Spilled[Observation]
) -> None:
    """One observation: kept, or noted as the inventory's, or of no further use."""
    built = _built_from(observation)
    if observation.verdict is Verdict.FAIL:
        counts.failing += 1
        if counts.failing > MOST:
            raise TooLarge(
                T("this says more than {most} things of one asset", most=MOST),
                T("Send it in parts."),
            )
        counts.told.update(() if built is None else (built,))
        heard.keep(observation)
    elif observation.verdict is Verdict.UNKNOWN:
        counts.undecided += 1
        if counts.undecided <= MOST_UNDECIDED:
            heard.keep(observation)
    elif built is not None and built not in counts.sources and len(counts.sources) < MOST_SOURCES:
        counts.sources[built] = inventory.append(_inventory_of(observation))


def _built_from(observation: Observation) -> _Built | None:
    """The package, its version and its source, where that says more than the package itself."""
    component = observation.component
    source = source_key(component) if component is not None else None
    if component is None or source is None:
        return None
    own = package_key(component)
    return None if own == source else (own, component.version, source)


def _inventory_of(observation: Observation) -> Observation:
    """Nothing but the package, so that the same package is the same whatever else is said."""
    component = observation.component or Component("")
    return Observation(
        observation.tool, Kind.VULNERABILITY, _INVENTORY, "", Verdict.NOT_APPLICABLE,
        component=replace(component, licences=(), direct=None),
    )  # fmt: skip
