"""Hearing: what the runs of one import say of one asset, gone through once and set down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import msgspec

from vigie.model.components import Component
from vigie.model.observations import Kind, Observation, Rule, Verdict
from vigie.model.plain import plain_writer
from vigie.model.runs import Run
from vigie.model.text import T
from vigie.services.failures import TooLarge
from vigie.services.recording.holding import Listed, Package, component_key, tells_more
from vigie.services.recording.spilling import Spilled, Spills
from vigie.stores.scratch.keyed import Keyed
from vigie.triage.forgetting import forget
from vigie.triage.neighbours import meeting_keys
from vigie.triage.packages import package_key, source_key

MOST = 200_000  # findings' observations of one asset in one import
MOST_UNDECIDED = 1000  # of one tool at one asset
MOST_SOURCES = 50_000

_write = plain_writer(Observation)
_encode = msgspec.json.Encoder().encode
_INVENTORY = Rule("")
_TOLD = -1
_AT_ONCE = 5000  # observations after which names are forgotten


@dataclass(frozen=True, slots=True)
class New:
    """One thing that was said: its `number` in `Heard.said` and `Heard.documents`, and its keys
    for `triage.neighbours`."""

    number: int
    verdict: Verdict
    keys: tuple[int, ...]


@dataclass(slots=True)
class Heard:
    """All that the runs told. `new` is by tool and digest (`saying_key`), `packages` by
    `component_key`; `tools` are those that said something, `runs` each tool's."""

    said: Spilled[Observation]
    documents: Spilled[bytes]
    new: Keyed[New]
    packages: Keyed[Package]
    tools: set[str] = field(default_factory=set)
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def keep(self, observation: Observation) -> None:
        """Set down one thing that is to be believed, unless it was said in the same words."""
        document = _write(observation)
        record = _encode(document.pop("record"))
        body = _encode(document)
        key = saying_key(observation.tool, hashlib.sha256(body).hexdigest()[:32])
        if key in self.new:
            return
        self.tools.add(observation.tool)
        number = self.said.append(observation)
        self.documents.append(b'%b,"record":%b}' % (body[:-1], record))
        self.new.put(key, New(number, observation.verdict, meeting_keys(observation)))

    def name(self, observation: Observation) -> None:
        """Note the package that it names. Of several spellings that is kept which tells most."""
        component = observation.component
        if component is None or not component.name:
            return
        key = component_key(component)
        known = self.packages.get(key)
        listed = known.listed if known is not None else Listed()
        listed.add(observation)
        if known is not None and not tells_more(component, known.component):
            component = known.component
        self.packages.put(key, Package(component, listed))


def saying_key(tool: str, digest: str) -> str:
    """By which things that are said are in the order of their tools, then of their digests."""
    return f"{tool}\0{digest}"


@dataclass(slots=True)
class _Counts:
    """What was heard of one tool."""

    failing: int = 0
    undecided: int = 0
    sources: int = 0


class _Inventory:
    """From which source each package was built, where no finding says so. By tool and package."""

    def __init__(self, spills: Spills) -> None:
        self._observations: Spilled[Observation] = spills.of(Observation)
        # The number of the observation that says so; that of none when a finding does.
        self._known: Keyed[int] = spills.keyed(int)

    def found(self, built: str) -> None:
        """A finding says it."""
        self._known.put(built, _TOLD)

    def listed(self, built: str, observation: Observation) -> None:
        """Nothing but a list has said it as yet."""
        self._known.put(built, self._observations.append(_inventory_of(observation)))

    def __contains__(self, built: str) -> bool:
        return built in self._known

    def __iter__(self) -> Iterator[Observation]:
        for _, number in self._known:
            if number != _TOLD:
                yield self._observations[number]


def hear(told: Iterable[tuple[Run, Iterable[Observation]]], spills: Spills) -> Heard:
    """Go through it all. Raises TooLarge."""
    heard = Heard(spills.of(Observation), spills.of(bytes), spills.keyed(New),
                  spills.keyed(Package))  # fmt: skip
    inventory = _Inventory(spills)
    counts: dict[str, _Counts] = {}
    for run, observations in told:
        heard.runs.setdefault(run.tool, []).append(run)
        for number, observation in enumerate(observations):
            heard.name(observation)
            tool = observation.tool
            if tool != run.tool and run not in heard.runs.setdefault(tool, []):
                heard.runs[tool].append(run)  # one report that passes several tools' words
            _hear(heard, counts.setdefault(tool, _Counts()), observation, inventory)
            if number % _AT_ONCE == _AT_ONCE - 1:
                forget()
    for observation in inventory:
        heard.keep(observation)
    return heard


def _hear(heard: Heard, counts: _Counts, observation: Observation, inventory: _Inventory) -> None:
    """One observation: kept, or noted as the inventory's, or of no further use."""
    built = _built_from(observation)
    if observation.verdict is Verdict.FAIL:
        counts.failing += 1
        if counts.failing > MOST:
            raise TooLarge(
                T("this says more than {most} things of one asset", most=MOST),
                T("Send it in parts."),
            )
        if built:
            inventory.found(built)
        heard.keep(observation)
    elif observation.verdict is Verdict.UNKNOWN:
        counts.undecided += 1
        if counts.undecided <= MOST_UNDECIDED:
            heard.keep(observation)
    elif built and counts.sources < MOST_SOURCES and built not in inventory:
        counts.sources += 1
        inventory.listed(built, observation)


def _built_from(observation: Observation) -> str:
    """The tool, the package, its version and its source, where that says more than the package
    itself; else ""."""
    component = observation.component
    source = source_key(component) if component is not None else None
    if component is None or source is None:
        return ""
    own = package_key(component)
    if own == source:
        return ""
    return "\0".join(
        (observation.tool, own.type, own.name, component.version, source.type, source.name)
    )


def _inventory_of(observation: Observation) -> Observation:
    """Nothing but the package, so that the same package is the same whatever else is said."""
    component = observation.component or Component("")
    return Observation(
        observation.tool, Kind.VULNERABILITY, _INVENTORY, "", Verdict.NOT_APPLICABLE,
        component=replace(component, licences=(), direct=None),
    )  # fmt: skip
