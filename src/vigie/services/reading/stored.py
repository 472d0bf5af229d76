"""Findings as triage knows them, from the rows that an import left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from vigie.model.findings import Finding, Join, Status
from vigie.model.observations import Observation
from vigie.model.plain import plain_reader
from vigie.model.runs import Run
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import RUNS
from vigie.stores.relational.tables.findings import OBSERVATIONS

_read_finding = plain_reader(Finding)
_read_observation = plain_reader(Observation)
_read_run = plain_reader(Run)
_MOST_EVIDENCE = 1000  # observations of one finding


@dataclass(frozen=True, slots=True)
class Said:
    """One observation of a finding: its row, and why it belongs to it."""

    row: Mapping[str, Any]
    observation: Observation


def finding_of(row: Mapping[str, Any], rule: Mapping[str, Any]) -> Finding:
    """The finding of a row and of its rule's row, without its evidence.

    A decision that came after the import holds: the status is the row's.
    """
    document = dict(row["document"])
    known = rule["document"] or {}
    document["rule"] = {
        **document["rule"],
        "description": known.get("description") or None,
        "references": known.get("references") or [],
    }
    document["observations"] = []
    finding: Finding = _read_finding(document)
    return replace(
        finding,
        status=Status(row["status"]),
        first_seen=row["first_seen"].isoformat(),
        last_seen=row["last_seen"].isoformat(),
    )


def evidence_of(work: Work, row: Mapping[str, Any]) -> list[Said]:
    """Every observation that the finding rests on, in the order of its joins."""
    digests = [join["record"] for join in row["document"].get("joins", ())][:_MOST_EVIDENCE]
    if not digests:
        return []
    table = OBSERVATIONS
    query = sa.select(table).where(
        work.mine(table), table.c.asset_id == row["asset_id"], table.c.digest.in_(set(digests))
    )
    found: dict[str, list[Said]] = {}
    for one in work.run(query.order_by(table.c.tool, table.c.id)).mappings():
        said = Said(dict(one), _read_observation(one["document"]))
        found.setdefault(one["digest"], []).append(said)
    return [said for digest in dict.fromkeys(digests) for said in found.get(digest, ())]


def runs_of(work: Work, ids: Iterable[str]) -> dict[str, Run]:
    """The runs of these ids."""
    wanted = sorted(set(ids))
    query = sa.select(RUNS.c.id, RUNS.c.document).where(work.mine(RUNS), RUNS.c.id.in_(wanted))
    return {
        row.id: _read_run({k: v for k, v in row.document.items() if k != "recorded"})
        for row in work.run(query)
    }


def with_evidence(finding: Finding, said: Sequence[Said], runs: Mapping[str, int]) -> Finding:
    """The finding with its observations, each joined by the number of its run in `runs`."""
    reasons = {join.record: join.reason for join in finding.joins}
    joins = tuple(
        Join(
            f"{runs.get(one.row['run_id'], '')}:{one.observation.record}",
            reasons[one.row["digest"]],
        )
        for one in said
    )
    return replace(finding, joins=joins, evidence=tuple(one.observation for one in said))
