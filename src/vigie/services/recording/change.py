"""Change: the rows that an import writes of one asset, worked out before anything is written."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.model.findings import Status
from vigie.services.recording.belief import Belief, Believed
from vigie.services.recording.catalogue import Catalogue
from vigie.services.recording.recognition import NOBODY, Recognised, claim_identities, recognise
from vigie.services.recording.spilling import Rows, Spilled, Spills
from vigie.services.recording.state import State, StoredFinding
from vigie.services.recording.suppressing import Suppressions, subject_of
from vigie.stores.relational.ids import new_id
from vigie.triage.forgetting import forget

Row = Mapping[str, Any]
_AT_ONCE = 5000  # findings after which names are forgotten
_EVENT = ("id", "kind", "severity", "decision", "score", "counts")
# What of a change people want to see in the history, and by which column.
_TOLD = {"severity": "severity", "decision": "decision", "fix": "fix_version", "status": "status"}


@dataclass(slots=True)
class Change:
    """Rows of findings: `added`, `changed` with their document, `judged` without, `closed`;
    `touched` are ids. `renamed` are the ids of changed and judged ones that have another primary
    identity now. `new`, `again` and `over` are for the story: of those that are added, reopened
    and closed the ones that are somebody's work.

    `ids` are the findings of what is believed, in its order. `homes` gives for each of
    `Sayings.current` the place in `ids`, counted from 1, of the finding that it belongs to
    first, 0 for none; a saying about several flaws belongs to several, as their documents tell.
    `given` and `moved` are identities, each with the id that it means now."""

    added: Rows
    changed: Rows
    judged: Rows
    closed: Rows
    history: Rows
    new: Rows
    again: Rows
    over: Rows
    touched: Spilled[str]
    renamed: Spilled[str]
    ids: Spilled[str]
    given: Spilled[tuple[str, str]]
    moved: Spilled[tuple[str, str]]
    homes: array[int]
    absorbed: tuple[tuple[str, str], ...] = ()
    reopened: int = 0
    altered: int = 0  # findings whose history says that they changed
    seen: int = 0
    counting: int = 0

    def home(self, number: int) -> str:
        """The finding that this one of `Sayings.current` belongs to first, "" for none."""
        place = self.homes[number]
        return self.ids[place - 1] if place else ""


def _nothing(count: int, spills: Spills) -> Change:
    return Change(
        added=spills.rows(),
        changed=spills.rows(),
        judged=spills.rows(),
        closed=spills.rows(),
        history=spills.rows(),
        new=spills.rows(),
        again=spills.rows(),
        over=spills.rows(),
        touched=spills.of(str),
        renamed=spills.of(str),
        ids=spills.of(str),
        given=spills.of(tuple[str, str]),
        moved=spills.of(tuple[str, str]),
        homes=array("I", [0]) * count,
    )


def work_out(
    state: State, belief: Belief, catalogue: Catalogue, at: datetime, run: str, spills: Spills
) -> Change:
    """What is to be written so that the store says what is believed. `run` is the id of the
    run that the history names."""
    change = _nothing(len(belief.sayings.current), spills)
    recognised = recognise(belief.named, state.findings)
    change.absorbed = recognised.absorbed
    decisions = Suppressions(state.suppressions)
    teller = _Teller(change, at, run)
    for number, (believed, ids) in enumerate(zip(belief.findings, catalogue.ids, strict=True)):
        known = recognised.known[number]
        columns = _columns(believed, ids)
        columns |= _decided(believed, state.id, decisions)
        change.seen += believed.seen
        change.counting += bool(columns["counts"])
        own = (
            teller.found(believed, columns, state.id)
            if known == NOBODY
            else teller.known(believed, columns, state.whole[known])
        )
        change.ids.append(own)
        for place in believed.evidence:
            change.homes[place] = change.homes[place] or number + 1
        if number % _AT_ONCE == _AT_ONCE - 1:
            forget()
    teller.closed(recognised, state.whole)
    claims = claim_identities(
        belief.named, change.ids, state.findings.identities, spills.keyed(bool)
    )
    for name, own, moves in claims:
        (change.moved if moves else change.given).append((name, own))
    return change


@dataclass(slots=True)
class _Teller:
    """Fills the change, one finding at a time."""

    change: Change
    at: datetime
    run: str

    def found(self, believed: Believed, columns: dict[str, Any], asset: str) -> str:
        """A finding that is new here; its id."""
        row = {
            "id": new_id(),
            "asset_id": asset,
            **columns,
            "first_seen": believed.known or self.at,
            "last_seen": self.at,
            "digest": believed.digest,
            "document": believed.document,
        }
        self.change.added.append(row)
        if row["counts"]:  # nobody is told of what was set aside
            self.change.new.append(_told(row))
        self._tell(row["id"], "found", {"status": columns["status"]})
        return str(row["id"])

    def known(self, believed: Believed, columns: dict[str, Any], row: StoredFinding) -> str:
        """A finding of the store: what is different of it now; its id."""
        own, back, seen = row.id, row.closed_at is not None, believed.seen
        last = self.at if seen or back else row.last_seen
        same = not back and row.digest == believed.digest
        if same and all(getattr(row, name) == value for name, value in columns.items()):
            if seen:
                self.change.touched.append(own)
            return own
        update = {
            "id": row.id, **columns, "last_seen": last, "closed_at": None,
            "reopened": row.reopened + back, "revision": row.revision + 1,
        }  # fmt: skip
        if row.fingerprint != columns["fingerprint"]:
            self.change.renamed.append(own)
        if row.digest == believed.digest:
            self.change.judged.append(update)
        else:
            documents = {"digest": believed.digest, "document": believed.document}
            self.change.changed.append({**update, **documents})
        if back:
            self.change.reopened += 1
            if update["counts"]:
                self.change.again.append(_told(update))
            self._tell(own, "reopened", {"status": columns["status"]})
            return own
        told = _differences(row, columns)
        if told:
            self.change.altered += 1
            self._tell(own, "changed", told)
        return own

    def closed(self, recognised: Recognised, rows: Sequence[StoredFinding]) -> None:
        """Findings that nobody says any more, and those that are part of another now."""
        for number in recognised.missing:
            row = rows[number]
            self.change.closed.append(
                {"id": row.id, "status": "fixed", "counts": False, "closed_at": self.at,
                 "revision": row.revision + 1}
            )  # fmt: skip
            if row.counts:
                self.change.over.append({name: getattr(row, name) for name in _EVENT})
            self._tell(row.id, "closed", {"status": {"from": row.status, "to": "fixed"}})
        for one, other in recognised.absorbed:
            self._tell(other, "joined", {"finding": one})

    def _tell(self, finding: str, what: str, document: Mapping[str, Any]) -> None:
        self.change.history.append(
            {"finding_id": finding, "what": what, "actor": "import", "actor_id": "",
             "document": dict(document), "run_id": self.run or None, "at": self.at}
        )  # fmt: skip


def _told(row: Mapping[str, Any]) -> Row:
    """As much of it as is told of."""
    return {name: row[name] for name in _EVENT}


def _columns(believed: Believed, ids: tuple[str, str | None]) -> dict[str, Any]:
    return {
        "rule_id": ids[0],
        "component_id": ids[1],
        "fingerprint": believed.fingerprint,
        "kind": believed.kind.value,
        "severity": believed.severity,
        "decision": believed.decision,
        "score": believed.score,
        "fixable": believed.fixable,
        "fix_version": believed.fix_version,
        "kev": believed.kev,
        "epss": believed.epss,
        "place": believed.place,
        "sources": list(believed.sources),
    }


def _decided(believed: Believed, asset: str, decisions: Suppressions) -> dict[str, Any]:
    """The status: a person's decision, else what the evidence and VEX statements say."""
    row = decisions.deciding(subject_of(believed, asset))
    status = Status(row.status) if row is not None else believed.status
    return {
        "status": status.value,
        "counts": status.counts,
        "suppression_id": row.id if row is not None else believed.statement or None,
    }


def _differences(row: StoredFinding, columns: Mapping[str, Any]) -> dict[str, Any]:
    told = {}
    for name, column in _TOLD.items():
        before, now = getattr(row, column), columns[column]
        if before != now:
            told[name] = {"from": before, "to": now}
    return told
