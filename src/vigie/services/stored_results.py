"""What the store knows, as one result: for everything that is done with the result of a scan
(gates, documents, plans, explanations), done with all that was ever imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.findings import Finding, Status, Suppression
from vigie.model.observations import Observation, Verdict
from vigie.model.plain import plain_reader
from vigie.model.results import InventoryItem, Result
from vigie.model.runs import Run, TargetAsset
from vigie.model.text import T
from vigie.services.recording.sayings import observation_of
from vigie.services.recording.state import asset_of
from vigie.stores.relational.bulk import select_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import ASSET_COMPONENTS, ASSETS, COMPONENTS, RUNS
from vigie.stores.relational.tables.findings import FINDINGS, OBSERVATIONS, RULES, SUPPRESSIONS
from vigie.triage.plan import plan
from vigie.triage.priority import rank_key
from vigie.triage.summary import summarise

MOST = 200_000  # findings in one result
_read_finding = plain_reader(Finding)
_read_run = plain_reader(Run)
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the store. `assets` are ids, None for all; `conditions` are further ones on
    findings, as a listing makes them; `evidence` and `components` say whether to read those,
    which are most of the bytes."""

    assets: Collection[str] | None = None
    conditions: Sequence[Condition] = ()
    closed: bool = False
    evidence: bool = True
    components: bool = True


def stored_result(work: Work, wanted: Wanted, *, target: str, at: datetime) -> Result:
    """The result as of now. Findings that were closed are left out unless they are `wanted`.

    Raises UserError when there is more than one result can hold: ask for less.
    """
    assets = _assets(work, wanted.assets)
    rows = _findings(work, wanted)
    runs = _runs(work, assets)
    observations = _evidence(work, rows) if wanted.evidence else {}
    rules = _by_id(work, RULES, {row.rule_id for row in rows})
    decisions = _by_id(work, SUPPRESSIONS, {row.suppression_id for row in rows} - {None})
    findings = tuple(
        _finding(row, assets, rules[row.rule_id], decisions, observations) for row in rows
    )
    undecided = _undecided(work, assets) if wanted.evidence else ()
    ranked = tuple(sorted(findings, key=rank_key))
    return Result(
        target=target,
        created=at.isoformat(),
        assets=tuple(TargetAsset(row["key"], asset_of(row)) for row in assets.values()),
        runs=runs,
        findings=ranked,
        not_assessed=undecided,
        components=_components(work, assets) if wanted.components else (),
        summary=summarise(ranked, runs, len(undecided)),
        plan=plan(ranked),
    )


def _assets(work: Work, ids: Collection[str] | None) -> dict[str, Mapping[str, Any]]:
    if ids is not None:
        found = list(select_where(work, ASSETS, "id", sorted(ids)))
    else:
        query = sa.select(ASSETS).where(work.mine(ASSETS), ASSETS.c.archived_at.is_(None))
        found = list(work.run(query.order_by(ASSETS.c.id)))
    return {row.id: row._asdict() for row in found}


def _findings(work: Work, wanted: Wanted) -> list[sa.Row[Any]]:
    query = sa.select(FINDINGS).where(work.mine(FINDINGS), *wanted.conditions)
    if wanted.assets is not None:
        query = query.where(FINDINGS.c.asset_id.in_(sorted(wanted.assets)))
    if not wanted.closed:
        query = query.where(FINDINGS.c.closed_at.is_(None))
    rows = list(work.run(query.limit(MOST + 1)))
    if len(rows) > MOST:
        raise UserError(
            T("these are more than {most} findings", most=MOST),
            T("Ask for less: a filter, or some of the assets."),
        )
    return rows


def _by_id(work: Work, table: sa.Table, ids: Collection[Any]) -> dict[str, sa.Row[Any]]:
    return {row.id: row for row in select_where(work, table, "id", sorted(ids))}


def _evidence(work: Work, rows: Sequence[sa.Row[Any]]) -> dict[tuple[str, str], Observation]:
    """By asset and digest, for the assets that have one of these findings."""
    wanted = {
        (row.asset_id, join["record"])
        for row in rows
        for join in (row.document or {}).get("joins", ())
    }
    found: dict[tuple[str, str], Observation] = {}
    for row in select_where(work, OBSERVATIONS, "asset_id", sorted({asset for asset, _ in wanted})):
        if (row.asset_id, row.digest) in wanted:
            found[row.asset_id, row.digest] = observation_of(row.document)
    return found


def _finding(
    row: sa.Row[Any],
    assets: Mapping[str, Mapping[str, Any]],
    rule: sa.Row[Any],
    decisions: Mapping[str, sa.Row[Any]],
    observations: Mapping[tuple[str, str], Observation],
) -> Finding:
    document = dict(row.document)
    document["rule"] = {**document["rule"], **(rule.document or {})}
    document["asset"] = assets[row.asset_id]["key"]
    document["status"] = row.status
    document["first_seen"] = row.first_seen.isoformat()
    document["last_seen"] = row.last_seen.isoformat()
    evidence = [
        observations[key]
        for join in document.get("joins", ())
        if (key := (row.asset_id, join["record"])) in observations
    ]
    finding: Finding = _read_finding({**document, "observations": []})
    decision = decisions.get(row.suppression_id)
    changes: dict[str, Any] = {"evidence": tuple(evidence)}
    if decision is not None:
        changes["suppression"] = _suppression(decision)
    elif Status(row.status).counts:
        changes["suppression"] = None
    return replace(finding, **changes)


def _suppression(row: sa.Row[Any]) -> Suppression:
    return Suppression(
        status=Status(row.status),
        reason=row.justification or row.reason,
        source=row.source,
        owner=row.owner,
        expires=row.expires_at.date().isoformat() if row.expires_at else "",
        statement=row.reason,
    )


def _runs(work: Work, assets: Mapping[str, Any]) -> tuple[Run, ...]:
    rows = [r for r in select_where(work, RUNS, "asset_id", sorted(assets)) if r.latest]
    return tuple(_read_run(row.document) for row in sorted(rows, key=lambda r: (r.at, r.id)))


def _undecided(work: Work, assets: Mapping[str, Any]) -> tuple[Observation, ...]:
    query = sa.select(OBSERVATIONS.c.document, OBSERVATIONS.c.asset_id).where(
        work.mine(OBSERVATIONS), OBSERVATIONS.c.verdict == Verdict.UNKNOWN.value
    )
    rows = work.run(query.order_by(OBSERVATIONS.c.id))
    return tuple(observation_of(row.document) for row in rows if row.asset_id in assets)


def _components(work: Work, assets: Mapping[str, Any]) -> tuple[InventoryItem, ...]:
    held = list(select_where(work, ASSET_COMPONENTS, "asset_id", sorted(assets)))
    known = _by_id(work, COMPONENTS, {row.component_id for row in held})
    return tuple(
        InventoryItem(
            _component(known[row.component_id], row.direct),
            assets[row.asset_id]["key"],
            tuple(row.sources or ()),
            tuple(row.paths or ()),
        )
        for row in held
    )


def _component(row: sa.Row[Any], direct: bool | None) -> Component:
    return Component(
        name=row.name,
        version=row.version,
        type=row.type,
        purl=row.purl,
        licences=tuple(row.licences or ()),
        direct=direct,
    )
