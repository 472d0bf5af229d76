"""State: all that the store knows of one asset, read at one time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.findings import Decision
from vigie.model.plain import plain_reader
from vigie.model.runs import Run
from vigie.model.severity import Severity
from vigie.services.recording.recognition import StoredFindings
from vigie.services.recording.sayings import StoredSayings, stored_sayings
from vigie.services.recording.spilling import Spilled, Spills
from vigie.stores.relational import assets, findings, runs
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.scratch.keyed import Keyed

_KEYED = tuple(f"{kind.value}:" for kind in AssetKind)
_read_run = plain_reader(Run)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A row of findings, without its document."""

    id: str
    rule_id: str
    component_id: str | None
    fingerprint: str
    kind: str
    severity: Severity
    decision: Decision
    score: float
    status: str
    counts: bool
    fixable: bool
    fix_version: str
    kev: bool | None
    epss: float | None
    place: str
    sources: list[str]
    suppression_id: str | None
    first_seen: datetime
    last_seen: datetime
    closed_at: datetime | None
    reopened: int
    digest: str
    revision: int


_COLUMNS = tuple(field.name for field in fields(StoredFinding))


@dataclass(frozen=True, slots=True)
class State:
    """`row` is None for an asset that is new; `id` is then the one it is to have. `content`
    counts what was written to the asset, so that who read it can tell whether it still is so.
    """

    id: str
    said: StoredSayings
    findings: StoredFindings
    whole: Sequence[StoredFinding]  # by the number of each
    holdings: Keyed[dict[str, Any]]  # by component
    row: Mapping[str, Any] | None = None
    names: tuple[str, ...] = ()
    runs: tuple[tuple[str, str, Run], ...] = ()  # id, tool, run
    suppressions: Sequence[Any] = ()
    decided: tuple[Any, ...] = ()

    @property
    def content(self) -> int:
        return 0 if self.row is None else int(self.row["content"])

    @property
    def keys(self) -> tuple[str, ...]:
        """Those of its names that it may go by; the others are digests."""
        return tuple(name for name in self.names if name.startswith(_KEYED))


def load(work: Work, asset: str, at: datetime, spills: Spills) -> State:
    """The state of this asset; a new one when `asset` is ""."""
    row = assets.by_id(work, [asset]).get(asset) if asset else None
    known, whole = _findings(work, asset, spills)
    holdings = spills.keyed(dict[str, Any])
    for held in assets.holdings(work, asset) if asset else ():
        holdings.put(held.component_id, held._asdict())
    return State(
        asset or new_id(),
        stored_sayings(work, asset, spills),
        known,
        whole,
        holdings,
        row,
        names=assets.names_of(work, asset) if asset else (),
        runs=tuple((r.id, r.tool, _read_run(r.document)) for r in runs.latest(work, asset))
        if asset
        else (),
        suppressions=findings.suppressions(work, at, asset or None),
        decided=findings.decided(work),
    )


def _findings(
    work: Work, asset: str, spills: Spills
) -> tuple[StoredFindings, Sequence[StoredFinding]]:
    rows: Spilled[StoredFinding] = spills.of(StoredFinding)
    primary, ids = spills.keyed(int), spills.keyed(int)
    identities: Keyed[str] = spills.keyed(str)
    for row in findings.of_asset(work, asset) if asset else ():
        number = rows.append(StoredFinding(**{name: getattr(row, name) for name in _COLUMNS}))
        primary.put(row.fingerprint, number)
        ids.put(row.id, number)
    for name in findings.names(work, asset) if asset else ():
        identities.put(name.fingerprint, name.finding_id)
    return StoredFindings(rows, primary, ids, identities), rows


def asset_of(row: Mapping[str, Any]) -> Asset:
    """The asset as triage knows it."""
    return Asset(
        kind=AssetKind(row["kind"]),
        name=row["name"],
        digests=frozenset(row["digests"] or ()),
        tags=tuple(row["tags"] or ()),
        distro=row["distro"],
        exposure=Exposure(row["exposure"]),
        criticality=Criticality(row["criticality"]),
    )
