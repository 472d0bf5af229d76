"""Sayings: what every tool says of one asset now, and what an import changes of that.

What a tool said holds until a *complete* run of that tool over the asset no longer says it. Of
what is no finding only this is kept: checks that could not be decided (a bounded number, for
people to see), and what tells which source package a binary was built from, since findings of
other tools are joined by it. Passed checks are counted in their run; packages of an inventory
are kept as what the asset holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from vigie.model.observations import Observation
from vigie.model.plain import plain_reader
from vigie.model.runs import Outcome, Run
from vigie.services.recording.hearing import Heard
from vigie.services.recording.spilling import Spilled, Spills
from vigie.stores.relational.database import Work
from vigie.stores.relational.runs import observations
from vigie.triage.neighbours import meeting_keys

_read = plain_reader(Observation)
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of observations. Its document has this `number`."""

    id: str
    tool: str
    digest: str
    finding: str
    first_seen: datetime
    number: int


@dataclass(frozen=True, slots=True)
class StoredSayings:
    """What the store has of one asset, by tool and digest; `documents` by number."""

    rows: Sequence[Stored]
    documents: Sequence[bytes]

    def document(self, row: Stored) -> dict[str, Any]:
        """What it says, as the store keeps it."""
        document: dict[str, Any] = _decode(self.documents[row.number])
        return document


@dataclass(frozen=True, slots=True)
class Saying:
    """One observation under its digest, by which it is recognised. `row` is its id in the
    store, "" when it is new; `finding` the finding it belonged to. `heard` is its number among
    what the import said, None when it did not say it; `number` that of the store's document."""

    tool: str
    digest: str
    heard: int | None = None
    number: int | None = None
    row: str = ""
    finding: str = ""
    first_seen: datetime | None = None


@dataclass(slots=True)
class Sayings:
    """`current` is everything that holds after the import, in an order that no import has a
    say in. `seen` are rows said again, `gone` rows no longer believed; `whole` the tools of
    which every run was complete."""

    heard: Heard
    stored: StoredSayings
    current: list[Saying] = field(default_factory=list)
    seen: dict[str, list[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    whole: frozenset[str] = frozenset()

    def observation(self, saying: Saying) -> Observation:
        """What it says, made anew each time."""
        if saying.heard is not None:
            return self.heard.said[saying.heard]
        return observation_of(_decode(self.stored.documents[saying.number or 0]))

    def keys(self, saying: Saying) -> Sequence[int]:
        """Its keys for `triage.neighbours`."""
        if saying.heard is not None:
            return self.heard.keys[saying.heard]
        return meeting_keys(self.observation(saying))


def stored_sayings(work: Work, asset: str, spills: Spills) -> StoredSayings:
    """Read what the store has of this asset."""
    documents: Spilled[bytes] = spills.of(bytes)
    rows = [
        Stored(r.id, r.tool, r.digest, r.finding_id or "", r.first_seen,
               documents.append(r.document.encode()))
        for r in observations(work, asset)
    ]  # fmt: skip
    return StoredSayings(rows, documents)


def observation_of(document: Mapping[str, Any]) -> Observation:
    """The observation that the store keeps."""
    observation: Observation = _read(document)
    return observation


def say(stored: StoredSayings, heard: Heard) -> Sayings:
    """What holds when to the rows of the store comes what an import said."""
    by_tool: dict[str, dict[str, Stored]] = {}
    for row in stored.rows:
        by_tool.setdefault(row.tool, {})[row.digest] = row
    sayings = Sayings(
        heard,
        stored,
        whole=frozenset(t for t, own in heard.runs.items() if own and all(map(_is_whole, own))),
    )
    for tool in sorted({*by_tool, *heard.new, *heard.runs}):
        old, said = by_tool.get(tool, {}), heard.new.get(tool, {})
        gone = _gone(sayings, tool, old, said)
        sayings.gone += [old[digest].id for digest in sorted(gone)]
        for digest in sorted({*old, *said} - gone):
            known = old.get(digest)
            sayings.current.append(_saying(tool, digest, known, said.get(digest)))
            if known is not None and digest in said:
                sayings.seen.setdefault(tool, []).append(known.id)
    return sayings


def _saying(tool: str, digest: str, row: Stored | None, heard: int | None) -> Saying:
    if row is None:
        return Saying(tool, digest, heard)
    return Saying(tool, digest, heard, row.number, row.id, row.finding, row.first_seen)


def _is_whole(run: Run) -> bool:
    return run.outcome is Outcome.COMPLETE


def _gone(
    sayings: Sayings, tool: str, old: Mapping[str, Stored], said: Collection[str]
) -> set[str]:
    """The digests of this tool that hold no longer.

    A run that was not complete takes nothing back, but where it says a thing in other words
    (another severity, another fix), these hold.
    """
    missing = {digest for digest in old if digest not in said}
    whole = tool in sayings.whole
    if not missing or not (whole or said):
        return set()
    stored, heard = sayings.stored, sayings.heard
    if whole:
        kinds = _kinds(heard.runs.get(tool, ()))
        if kinds is None:
            return missing
        return {d for d in missing if stored.document(old[d])["kind"] in kinds}
    anew = {
        _subject(_decode(heard.documents[number]))
        for digest, number in heard.new[tool].items()
        if digest not in old
    }
    return {d for d in missing if _subject(stored.document(old[d])) in anew}


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
