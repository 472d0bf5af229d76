"""Change: the rows that an import writes of one asset, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vigie.model.findings import Status
from vigie.services.recording.belief import Belief, Believed
from vigie.services.recording.catalogue import Catalogue, component_key, rule_key
from vigie.services.recording.recognition import Recognised, claim_identities, recognise
from vigie.services.recording.spilling import Rows, Spills
from vigie.services.recording.state import State, StoredFinding
from vigie.services.recording.suppressing import Suppressions, subject_of
from vigie.stores.relational.ids import new_id

Row = Mapping[str, Any]
_EVENT = ("id", "kind", "severity", "decision", "score", "counts")
# What of a change people want to see in the history, and by which column.
_TOLD = {"severity": "severity", "decision": "decision", "fix": "fix_version", "status": "status"}


@dataclass(slots=True)
class Change:
    """Rows of findings: `added`, `changed` with their document, `judged` without; `touched` are
    ids. `new` (those that count), `reopened` and `closed` are for the story. `renamed` are the
    ids of changed and judged ones that have another primary identity now. `homes` gives for each
    of `Sayings.current` the finding that it belongs to first, "" for none; a saying about
    several flaws belongs to several, as their documents tell."""

    added: Rows
    changed: Rows
    judged: Rows
    history: Rows
    touched: list[str] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    reopened: list[Row] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    absorbed: tuple[tuple[str, str], ...] = ()
    renamed: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    altered: int = 0  # findings whose history says that they changed
    seen: int = 0
    counting: int = 0


def work_out(
    state: State, belief: Belief, catalogue: Catalogue, at: datetime, run: str, spills: Spills
) -> Change:
    """What is to be written so that the store says what is believed. `run` is the id of the
    run that the history names."""
    change = Change(spills.rows(), spills.rows(), spills.rows(), spills.rows())
    current = belief.sayings.current
    change.homes = [""] * len(current)
    recognised = recognise(belief.names, state.findings, state.identities)
    change.absorbed = recognised.absorbed
    decisions = Suppressions(state.suppressions)
    teller = _Teller(change, at, run)
    ids: list[str] = []
    for believed, names in zip(belief.findings, belief.names, strict=True):
        known = recognised.known.get(names.fingerprint)
        columns = _columns(believed, catalogue)
        columns |= _decided(believed, state.id, decisions)
        seen = any(current[n].heard is not None for n in believed.evidence)
        change.seen += seen
        change.counting += bool(columns["counts"])
        if known is None:
            times = [current[n].first_seen for n in believed.evidence]
            first = min((time for time in times if time is not None), default=at)
            ids.append(teller.found(believed, columns, state.id, first))
        else:
            row = state.whole[known.number]
            ids.append(teller.known(believed, columns, row, seen=seen))
        for number in believed.evidence:
            change.homes[number] = change.homes[number] or ids[-1]
    teller.closed(recognised, state.whole)
    change.given, change.moved = claim_identities(
        list(zip(ids, belief.names, strict=True)), state.identities
    )
    return change


@dataclass(slots=True)
class _Teller:
    """Fills the change, one finding at a time."""

    change: Change
    at: datetime
    run: str

    def found(
        self, believed: Believed, columns: dict[str, Any], asset: str, first: datetime
    ) -> str:
        """A finding that is new here; its id."""
        row = {
            "id": new_id(),
            "asset_id": asset,
            **columns,
            "first_seen": first,
            "last_seen": self.at,
            "digest": believed.digest,
            "document": believed.document,
        }
        self.change.added.append(row)
        if row["counts"]:  # nobody is told of what was set aside
            self.change.new.append(_told(row))
        self._tell(row["id"], "found", {"status": columns["status"]})
        return str(row["id"])

    def known(
        self, believed: Believed, columns: dict[str, Any], row: StoredFinding, *, seen: bool
    ) -> str:
        """A finding of the store: what is different of it now; its id."""
        own, back = row.id, row.closed_at is not None
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
            self.change.reopened.append(_told(update))
            self._tell(own, "reopened", {"status": columns["status"]})
            return own
        told = _differences(row, columns)
        if told:
            self.change.altered += 1
            self._tell(own, "changed", told)
        return own

    def closed(self, recognised: Recognised, whole: Sequence[StoredFinding]) -> None:
        """Findings that nobody says any more, and those that are part of another now."""
        for known in recognised.missing:
            row = whole[known.number]
            self.change.closed.append(
                {"id": row.id, "kind": row.kind, "severity": row.severity,
                 "decision": row.decision, "score": row.score, "revision": row.revision + 1,
                 "counts": row.counts}
            )  # fmt: skip
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


def _columns(believed: Believed, catalogue: Catalogue) -> dict[str, Any]:
    component = believed.component
    known = component is not None and component.name
    return {
        "rule_id": catalogue.rules[rule_key(believed)],
        "component_id": catalogue.components.get(component_key(component))
        if component is not None and known
        else None,
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
