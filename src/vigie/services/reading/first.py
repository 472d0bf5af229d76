"""What to do first: findings that one step would clear, told as one need, the weightiest ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from vigie.model.queries import Filter, Operator, Query
from vigie.stores.relational.database import Work
from vigie.stores.relational.listing import rows_of
from vigie.stores.relational.listings import findings as listed
from vigie.stores.relational.page_rows import items_of
from vigie.stores.relational.questions import asked_of
from vigie.stores.relational.tables.findings import FINDINGS

NEEDS = 5
_LOOKED_AT = 200  # of the weightiest findings: many may lie in one package
_FIELDS = ("severity", "decision", "score", "kind", "fixable", "fix_version", "kev", "first_seen",
           "asset_id", "rule_id", "component_id", "asset", "rule", "component")  # fmt: skip
_KEYS = ("component_id", "rule_id")
_SENTENCE = ("en", "template", "plural", "params")


def first(work: Work, most: int) -> list[dict[str, Any]]:
    """The weightiest findings of what is somebody's work."""
    query = Query((Filter("counts", Operator.IS, ("true",)),), sort="-score", fields=_FIELDS)
    rows = rows_of(work, listed.LISTING, query, asked_of(work, listed.LISTING, query), most)
    return list(items_of(rows, listed.LISTING, query))


def needs(work: Work) -> list[dict[str, Any]]:
    """The weightiest finding of each package version, or of each rule where there is no package,
    with its reasons (sentences as data) and how far it reaches."""
    leads: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in first(work, _LOOKED_AT):
        key = _KEYS[0] if finding["component_id"] else _KEYS[1]
        leads.setdefault((key, finding[key]), finding)
        if len(leads) == NEEDS:
            break
    reach = {key: _reach(work, key, [name for by, name in leads if by == key]) for key in _KEYS}
    reasons = _reasons(work, [finding["id"] for finding in leads.values()])
    return [
        {
            "finding": finding,
            "by": key,
            "reasons": reasons.get(finding["id"], []),
            **reach[key].get(name, {"findings": 1, "assets": 1}),
        }
        for (key, name), finding in leads.items()
    ]


def _reach(work: Work, key: str, names: Sequence[str]) -> Mapping[str, dict[str, int]]:
    """How many findings count, in how many assets, for each component or rule."""
    if not names:
        return {}
    table, column = FINDINGS, FINDINGS.c[key]
    assets = sa.func.count(sa.distinct(table.c.asset_id))
    query = (
        sa.select(column, sa.func.count(), assets)
        .where(work.mine(table), column.in_(names), table.c.counts.is_(True))
        .group_by(column)
    )
    rows: Sequence[Any] = work.run(query).all()
    return {name: {"findings": findings, "assets": held} for name, findings, held in rows}


def _reasons(work: Work, ids: Sequence[str]) -> dict[str, list[Any]]:
    """Why each was put where it is: {"code", "text"}, the sentences as data."""
    table = FINDINGS
    query = sa.select(table.c.id, table.c.document).where(work.mine(table), table.c.id.in_(ids))
    found = {}
    for row in work.run(query).all():
        priority = (row.document or {}).get("priority") or {}
        found[row.id] = [_reason(one) for one in priority.get("reasons", ())]
    return found


def _reason(one: Mapping[str, Any]) -> dict[str, Any]:
    """A reason as a result writes it: its sentence stands beside its code."""
    return {
        "code": one["code"],
        "text": {name: value for name, value in one.items() if name in _SENTENCE},
    }
