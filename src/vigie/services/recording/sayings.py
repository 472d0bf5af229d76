"""Sayings: what every tool says of one asset now, and what an import changes of that.

What a tool said holds until a *complete* run of that tool over the asset no longer says it. Of
what is no finding only this is kept: checks that could not be decided (a bounded number, for
people to see), and what tells which source package a binary was built from, since findings of
other tools are joined by it. Passed checks are counted in their run; packages of an inventory
are kept as what the asset holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from vigie.model.components import Component
from vigie.model.observations import Kind, Observation, Rule, Verdict
from vigie.model.plain import plain_reader, plain_writer
from vigie.model.runs import Outcome, Run
from vigie.model.text import T
from vigie.services.failures import TooLarge
from vigie.triage.packages import PackageKey, package_key, source_key

MOST = 200_000  # findings' observations of one asset in one import
MOST_UNDECIDED = 1000  # of one tool at one asset
MOST_SOURCES = 50_000

_write = plain_writer(Observation)
_read = plain_reader(Observation)
_INVENTORY = Rule("")


@dataclass(frozen=True, slots=True)
class Saying:
    """One observation under its digest, by which it is recognised. `row` is its id in the
    store, "" when it is new; `finding` the finding it belonged to."""

    tool: str
    digest: str
    observation: Observation
    row: str = ""
    finding: str = ""
    first_seen: Any = None


@dataclass(slots=True)
class Sayings:
    """`current` is everything that holds after the import, in an order that no import has a
    say in. `seen` are rows said again, `gone` rows no longer believed; `spoken` the digests by
    tool that this import said; `whole` the tools of which every run was complete."""

    current: list[Saying] = field(default_factory=list)
    seen: dict[str, list[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    spoken: dict[str, set[str]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()


def document_of(observation: Observation) -> dict[str, Any]:
    """How the store keeps it."""
    document: dict[str, Any] = _write(observation)
    return document


def digest_of(document: Mapping[str, Any]) -> str:
    """What makes it the same: everything it says but the number of its record."""
    body = {key: value for key, value in document.items() if key != "record"}
    return hashlib.sha256(msgspec.json.encode(body)).hexdigest()[:32]


def observation_of(document: Mapping[str, Any]) -> Observation:
    """The observation that the store keeps."""
    observation: Observation = _read(document)
    return observation


def kept(observations: Iterable[Observation]) -> list[Observation]:
    """Those that the store keeps as observations. Raises TooLarge."""
    failing: list[Observation] = []
    undecided: list[Observation] = []
    sources: dict[tuple[PackageKey, str, PackageKey], Observation] = {}
    for observation in observations:
        if observation.verdict is Verdict.FAIL:
            failing.append(observation)
        elif observation.verdict is Verdict.UNKNOWN:
            undecided.append(observation)
        elif (built := _built_from(observation)) is not None and len(sources) < MOST_SOURCES:
            sources.setdefault(built, observation)
    if len(failing) > MOST:
        raise TooLarge(
            T("this says more than {most} things of one asset", most=MOST),
            T("Send it in parts."),
        )
    told = {_built_from(observation) for observation in failing}
    inventory = [_inventory_of(o) for built, o in sources.items() if built not in told]
    return [*failing, *undecided[:MOST_UNDECIDED], *inventory]


def say(rows: Sequence[Any], told: Sequence[tuple[Run, Sequence[Observation]]]) -> Sayings:
    """What holds when to the rows of the store comes what these runs told."""
    stored: dict[str, dict[str, Any]] = {}
    for row in rows:
        stored.setdefault(row.tool, {})[row.digest] = row
    new, runs = _by_tool(told)
    sayings = Sayings(
        whole=frozenset(t for t, own in runs.items() if own and all(map(_is_whole, own)))
    )
    for tool in sorted({*stored, *new, *runs}):
        old, said = stored.get(tool, {}), new.get(tool, {})
        gone = _gone(old, said, runs.get(tool, ()), whole=tool in sayings.whole)
        sayings.gone += [old[digest].id for digest in sorted(gone)]
        sayings.spoken[tool] = set(said)
        for digest in sorted({*old, *said} - gone):
            row = old.get(digest)
            sayings.current.append(_saying(tool, digest, row, said.get(digest)))
            if row is not None and digest in said:
                sayings.seen.setdefault(tool, []).append(row.id)
    return sayings


def _by_tool(
    told: Sequence[tuple[Run, Sequence[Observation]]],
) -> tuple[dict[str, dict[str, Observation]], dict[str, list[Run]]]:
    new: dict[str, dict[str, Observation]] = {}
    runs: dict[str, list[Run]] = {}
    said: dict[str, list[Observation]] = {}
    for run, observations in told:
        runs.setdefault(run.tool, []).append(run)
        for observation in observations:
            said.setdefault(observation.tool, []).append(observation)
            if observation.tool != run.tool and run not in runs.setdefault(observation.tool, []):
                runs[observation.tool].append(run)  # one report that passes several tools' words
    for tool, observations in said.items():
        of_tool = new[tool] = {}
        for observation in kept(observations):
            of_tool.setdefault(digest_of(document_of(observation)), observation)
    return new, runs


def _saying(tool: str, digest: str, row: Any, said: Observation | None) -> Saying:
    observation = said if said is not None else observation_of(row.document)
    if row is None:
        return Saying(tool, digest, observation)
    return Saying(tool, digest, observation, row.id, row.finding_id or "", row.first_seen)


def _is_whole(run: Run) -> bool:
    return run.outcome is Outcome.COMPLETE


def _gone(
    old: Mapping[str, Any], said: Mapping[str, Observation], runs: Sequence[Run], *, whole: bool
) -> set[str]:
    """The digests that hold no longer.

    A run that was not complete takes nothing back, but where it says a thing in other words
    (another severity, another fix), these hold.
    """
    missing = set(old) - set(said)
    if not missing or not (whole or said):
        return set()
    if whole:
        kinds = _kinds(runs)
        return {d for d in missing if kinds is None or old[d].document["kind"] in kinds}
    anew = {_subject(document_of(o)) for d, o in said.items() if d not in old}
    return {d for d in missing if _subject(old[d].document) in anew}


def _kinds(runs: Sequence[Run]) -> frozenset[str] | None:
    """The kinds of findings that these runs can see; None when one does not say."""
    kinds: set[str] = set()
    for run in runs:
        if run.coverage is None:
            return None
        kinds.update(kind.value for kind in run.coverage.kinds)
    return frozenset(kinds)


def _subject(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """What an observation is about, however it is worded."""
    component = document.get("component") or {}
    places = tuple(
        tuple(place.get(name) for name in ("path", "start_line", "url", "resource", "anchor"))
        for place in document.get("locations", ())
    )
    return (
        document["kind"], document["rule"]["id"], document.get("verdict"),
        component.get("type"), component.get("name"), component.get("version"), places,
    )  # fmt: skip


def _built_from(observation: Observation) -> tuple[PackageKey, str, PackageKey] | None:
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
