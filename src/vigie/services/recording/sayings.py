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
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from vigie.model.observations import Observation, Verdict
from vigie.model.plain import plain_reader
from vigie.model.runs import Outcome, Run
from vigie.services.recording.hearing import Heard, New, saying_key
from vigie.services.recording.spilling import Spilled, Spills
from vigie.stores.relational.database import Work
from vigie.stores.relational.runs import observations
from vigie.stores.scratch.keyed import Keyed, side_by_side
from vigie.triage.neighbours import meeting_keys

_read = plain_reader(Observation)
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of observations. Its document has this `number`."""

    id: str
    finding: str
    first_seen: datetime
    number: int


@dataclass(frozen=True, slots=True)
class StoredSayings:
    """What the store has of one asset, by `saying_key`; `documents` by number, `tools` whose
    words they are."""

    rows: Keyed[Stored]
    documents: Sequence[bytes]
    tools: frozenset[str] = frozenset()

    def document(self, row: Stored) -> dict[str, Any]:
        """What it says, as the store keeps it."""
        document: dict[str, Any] = _decode(self.documents[row.number])
        return document


@dataclass(frozen=True, slots=True)
class Saying:
    """One observation under its digest, by which it is recognised. `row` is its id in the
    store, "" when it is new; `finding` the finding it belonged to. `heard` is its number among
    what the import said, None when it did not say it; `number` that of the store's document.
    `verdict` and `keys` are of what was heard."""

    tool: str
    digest: str
    heard: int | None = None
    number: int | None = None
    row: str = ""
    finding: str = ""
    first_seen: datetime | None = None
    verdict: Verdict = Verdict.UNKNOWN
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sayings:
    """`current` is everything that holds after the import, in an order that no import has a
    say in. `seen` are rows said again, each after its tool, `gone` rows no longer believed;
    `whole` the tools of which every run was complete."""

    heard: Heard
    stored: StoredSayings
    current: Spilled[Saying]
    seen: Spilled[tuple[str, str]]
    gone: Spilled[str]
    whole: frozenset[str] = frozenset()

    def observation(self, saying: Saying) -> Observation:
        """What it says, made anew each time."""
        if saying.heard is not None:
            return self.heard.said[saying.heard]
        return observation_of(_decode(self.stored.documents[saying.number or 0]))

    def keys(self, saying: Saying) -> tuple[int, ...]:
        """Its keys for `triage.neighbours`."""
        if saying.heard is not None:
            return saying.keys
        return meeting_keys(self.observation(saying))


def stored_sayings(work: Work, asset: str, spills: Spills) -> StoredSayings:
    """Read what the store has of this asset."""
    documents: Spilled[bytes] = spills.of(bytes)
    rows: Keyed[Stored] = spills.keyed(Stored)
    tools = set()
    for row in observations(work, asset) if asset else ():
        number = documents.append(row.document.encode())
        own = Stored(row.id, row.finding_id or "", row.first_seen, number)
        rows.put(saying_key(row.tool, row.digest), own)
        tools.add(row.tool)
    return StoredSayings(rows, documents, frozenset(tools))


def observation_of(document: Mapping[str, Any]) -> Observation:
    """The observation that the store keeps."""
    observation: Observation = _read(document)
    return observation


def say(stored: StoredSayings, heard: Heard, spills: Spills) -> Sayings:
    """What holds when to the rows of the store comes what an import said."""
    whole = frozenset(t for t, own in heard.runs.items() if own and all(map(_is_whole, own)))
    sayings = Sayings(
        heard, stored, spills.of(Saying), spills.of(tuple[str, str]), spills.of(str), whole
    )
    goes = _Going(sayings, spills)
    for key, row, new in side_by_side(stored.rows, heard.new):
        tool, _, digest = key.partition("\0")
        if row is not None and new is None and goes.gone(tool, row):
            sayings.gone.append(row.id)
            continue
        if row is not None and new is not None:
            sayings.seen.append((tool, row.id))
        sayings.current.append(_saying(tool, digest, row, new))
    return sayings


def _saying(tool: str, digest: str, row: Stored | None, new: New | None) -> Saying:
    said = Saying(tool, digest)
    if row is not None:
        said = Saying(tool, digest, None, row.number, row.id, row.finding, row.first_seen)
    if new is not None:
        said = replace(said, heard=new.number, verdict=new.verdict, keys=new.keys)
    return said


def _is_whole(run: Run) -> bool:
    return run.outcome is Outcome.COMPLETE


class _Going:
    """Tells what of the store holds no longer, of what an import did not say again.

    A run that was not complete takes nothing back, but where it says a thing in other words
    (another severity, another fix), these hold.
    """

    def __init__(self, sayings: Sayings, spills: Spills) -> None:
        self._sayings = sayings
        heard, stored = sayings.heard, sayings.stored
        self._kinds = {tool: _kinds(heard.runs.get(tool, ())) for tool in sayings.whole}
        # What tools spoke of anew, of those that take nothing back.
        self._anew: Keyed[bool] = spills.keyed(bool)
        if stored.tools & heard.tools - sayings.whole:
            for key, row, new in side_by_side(stored.rows, heard.new):
                tool = key.partition("\0")[0]
                if new is not None and row is None and tool not in sayings.whole:
                    subject = _subject(_decode(heard.documents[new.number]))
                    self._anew.put(_about(tool, subject), True)

    def gone(self, tool: str, row: Stored) -> bool:
        """Whether this one goes."""
        stored = self._sayings.stored
        if tool in self._kinds:
            kinds = self._kinds[tool]
            return kinds is None or stored.document(row)["kind"] in kinds
        if tool not in self._sayings.heard.tools:
            return False
        return _about(tool, _subject(stored.document(row))) in self._anew


def _about(tool: str, subject: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr((tool, subject)).encode()).hexdigest()


def _kinds(runs: Iterable[Run]) -> frozenset[str] | None:
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
