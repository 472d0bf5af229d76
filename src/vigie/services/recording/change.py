"""Change: the rows that an import writes of one asset, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vigie.model.findings import Decision, Finding, Status
from vigie.model.observations import FixState, Kind
from vigie.services.recording.belief import Belief, Believed
from vigie.services.recording.catalogue import Catalogue, component_key, rule_key
from vigie.services.recording.recognition import Recognised, claim_identities, recognise
from vigie.services.recording.state import State
from vigie.services.recording.suppressing import Suppressions, subject_of
from vigie.stores.relational.ids import new_id

_LONGEST_PLACE = 500
# What of a change people want to see in the history, and by which column.
_TOLD = {"severity": "severity", "decision": "decision", "fix": "fix_version", "status": "status"}


@dataclass(slots=True)
class Change:
    """Rows of findings: `added`, `changed` with their document, `judged` without; `touched` and
    `reopened`/`closed` are for the story. `ids` gives each finding's id by its identity."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    judged: list[dict[str, Any]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    reopened: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    absorbed: tuple[tuple[str, str], ...] = ()
    history: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    altered: int = 0  # findings whose history says that they changed
    seen: int = 0
    counting: int = 0


def work_out(state: State, belief: Belief, catalogue: Catalogue, at: datetime, run: str) -> Change:
    """What is to be written so that the store says what is believed. `run` is the id of the
    run that the history names."""
    change = Change()
    found = [believed.finding for believed in belief.findings]
    recognised = recognise(found, state.findings, state.identities)
    change.absorbed = recognised.absorbed
    decisions = Suppressions(state.suppressions)
    spoken = set().union(*belief.sayings.spoken.values()) if belief.sayings.spoken else set()
    teller = _Teller(change, at, run)
    for believed in belief.findings:
        row = recognised.known.get(believed.finding.fingerprint)
        columns = _columns(believed, catalogue)
        columns |= _decided(believed, state.id, decisions)
        seen = any(saying.digest in spoken for saying in believed.evidence)
        change.seen += seen
        change.counting += bool(columns["counts"])
        if row is None:
            teller.found(believed, columns, state.id)
        else:
            teller.known(believed, columns, row, seen=seen)
    teller.closed(recognised)
    pairs = [(change.ids[finding.fingerprint], finding) for finding in found]
    change.given, change.moved = claim_identities(pairs, state.identities)
    return change


@dataclass(slots=True)
class _Teller:
    """Fills the change, one finding at a time."""

    change: Change
    at: datetime
    run: str

    def found(self, believed: Believed, columns: dict[str, Any], asset: str) -> None:
        """A finding that is new here; as old as what is said of it."""
        times = [saying.first_seen for saying in believed.evidence if saying.first_seen]
        row = {
            "id": new_id(),
            "asset_id": asset,
            **columns,
            "first_seen": min(times, default=self.at),
            "last_seen": self.at,
            "digest": believed.digest,
            "document": believed.document,
        }
        self.change.ids[believed.finding.fingerprint] = row["id"]
        self.change.added.append(row)
        self._tell(row["id"], "found", {"status": columns["status"]})

    def known(self, believed: Believed, columns: dict[str, Any], row: Any, *, seen: bool) -> None:
        """A finding of the store: what is different of it now."""
        self.change.ids[believed.finding.fingerprint] = row.id
        back = row.closed_at is not None
        last = self.at if seen or back else row.last_seen
        same = not back and row.digest == believed.digest
        if same and all(getattr(row, name) == value for name, value in columns.items()):
            if seen:
                self.change.touched.append(row.id)
            return
        update = {
            "id": row.id, **columns, "last_seen": last, "closed_at": None,
            "reopened": row.reopened + back, "revision": row.revision + 1,
        }  # fmt: skip
        if row.digest == believed.digest:
            self.change.judged.append(update)
        else:
            documents = {"digest": believed.digest, "document": believed.document}
            self.change.changed.append({**update, **documents})
        if back:
            self.change.reopened.append(update)
            self._tell(row.id, "reopened", {"status": columns["status"]})
            return
        told = _differences(row, columns)
        if told:
            self.change.altered += 1
            self._tell(row.id, "changed", told)

    def closed(self, recognised: Recognised) -> None:
        """Findings that nobody says any more, and those that are part of another now."""
        for row in recognised.missing:
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


def _columns(believed: Believed, catalogue: Catalogue) -> dict[str, Any]:
    finding = believed.finding
    priority = finding.priority
    component = finding.component
    known = component is not None and component.name
    return {
        "rule_id": catalogue.rules[rule_key(finding)],
        "component_id": catalogue.components.get(component_key(component))
        if component is not None and known
        else None,
        "fingerprint": finding.fingerprint,
        "kind": finding.kind.value,
        "severity": finding.severity,
        "decision": priority.decision if priority is not None else Decision.WATCH,
        "score": priority.score if priority is not None else 0.0,
        "fixable": finding.fix.state is FixState.FIXED,
        "fix_version": finding.fix.versions[0] if finding.fix.versions else "",
        "kev": finding.signals.kev,
        "epss": finding.signals.epss,
        "place": place_of(finding),
        "sources": sorted(finding.sources),
    }


def _decided(believed: Believed, asset: str, decisions: Suppressions) -> dict[str, Any]:
    """The status: a person's decision, else what the evidence and VEX statements say."""
    row = decisions.deciding(subject_of(believed.finding, asset))
    status = Status(row.status) if row is not None else believed.finding.status
    return {
        "status": status.value,
        "counts": status.counts,
        "suppression_id": row.id if row is not None else believed.statement or None,
    }


def _differences(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    told = {}
    for name, column in _TOLD.items():
        before, now = getattr(row, column), columns[column]
        if before != now:
            told[name] = {"from": before, "to": now}
    return told


def place_of(finding: Finding) -> str:
    """Where it is, in a few words."""
    for instance in finding.instances:
        place = instance.location
        if place is None:
            continue
        where = place.path or place.url or place.resource
        if place.path and place.start_line and finding.kind is not Kind.VULNERABILITY:
            where = f"{place.path}:{place.start_line}"
        if where:
            return where[:_LONGEST_PLACE]
    return ""


def told_of(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of the rows that are somebody's work: nobody is told of what was set aside."""
    return [row for row in rows if row["counts"]]
