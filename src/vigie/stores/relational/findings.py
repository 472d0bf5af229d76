"""Findings, their identities, history and counts, as an import and a decision write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from vigie.stores.relational.bulk import (
    delete_where,
    in_order,
    insert_all,
    insert_new,
    select_where,
    update_each,
    update_where,
)
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.findings import (
    COMMENTS,
    FINDING_NAMES,
    FINDINGS,
    HISTORY,
    RULES,
    SUPPRESSIONS,
    TALLIES,
)
from vigie.stores.relational.tables.telling import FINDING_TICKETS

Row = Mapping[str, Any]
_COUNTED = (FINDINGS.c.kind, FINDINGS.c.severity, FINDINGS.c.decision, FINDINGS.c.status,
            FINDINGS.c.fixable)  # fmt: skip
_BELIEVED = tuple(column for column in FINDINGS.c if column.name != "document")


def rules(work: Work, keys: Collection[str]) -> dict[str, sa.Row[Any]]:
    """The rules that are known by these keys."""
    return {row.key: row for row in select_where(work, RULES, "key", sorted(keys))}


def rule_ids(work: Work, keys: Collection[str]) -> dict[str, str]:
    """The id of each rule that is known by its key."""
    rows = select_where(work, RULES, "key", sorted(keys), RULES.c.key, RULES.c.id)
    return {row.key: row.id for row in rows}


def put_rules(work: Work, added: Sequence[Row], changed: Sequence[Row]) -> None:
    """Add what is not there yet, change what is; in one order for everybody."""
    ordered = sorted(added, key=lambda row: str(row["key"]))
    insert_new(work, RULES, [{"id": new_id(), **row} for row in ordered])
    update_each(work, RULES, sorted(changed, key=lambda row: str(row["id"])))


def of_asset(work: Work, asset: str) -> Iterator[sa.Row[Any]]:
    """Every finding of the asset, also what is closed, without its document, by its primary
    identity. They are read a portion at a time."""
    query = sa.select(*_BELIEVED).where(work.mine(FINDINGS), FINDINGS.c.asset_id == asset)
    return in_order(work, query, FINDINGS.c.fingerprint)


def names(work: Work, asset: str) -> Iterator[sa.Row[Any]]:
    """The finding that each identity means: `fingerprint`, `finding_id`. They are read a portion
    at a time."""
    table = FINDING_NAMES
    query = sa.select(table.c.fingerprint, table.c.finding_id)
    query = query.where(work.mine(table), table.c.asset_id == asset)
    return in_order(work, query, table.c.fingerprint)


def add(work: Work, rows: Iterable[Row]) -> None:
    """New findings."""
    insert_all(work, FINDINGS, rows)


def update(work: Work, rows: Iterable[Row]) -> None:
    """Set the columns given of each, found by its id; every row names the same columns."""
    update_each(work, FINDINGS, rows)


def touch(work: Work, ids: Iterable[str], at: datetime) -> None:
    """They were seen."""
    update_where(work, FINDINGS, "id", ids, {"last_seen": at})


def put_names(
    work: Work, asset: str, given: Iterable[tuple[str, str]], moved: Iterable[tuple[str, str]]
) -> None:
    """New identities, each with its finding, and those that mean another finding now."""
    columns = ("asset_id", "fingerprint", "finding_id")
    new, changed = (
        (dict(zip(columns, (asset, *pair), strict=True)) for pair in names)
        for names in (given, moved)
    )
    insert_all(work, FINDING_NAMES, new)
    update_each(work, FINDING_NAMES, changed, ("asset_id", "fingerprint"))


def absorb(work: Work, pairs: Sequence[tuple[str, str]]) -> None:
    """Of each pair (one, other) the first is part of the other from now on: what people said
    of it, its history and tickets go over, and the row is removed."""
    for one, other in pairs:
        for table in (HISTORY, COMMENTS, FINDING_NAMES):
            update_where(work, table, "finding_id", [one], {"finding_id": other})
        rows = select_where(work, FINDING_TICKETS, "finding_id", [one])
        tickets = [{"finding_id": other, "ticket_id": row.ticket_id} for row in rows]
        insert_new(work, FINDING_TICKETS, tickets)
    delete_where(work, FINDINGS, "id", [one for one, _ in pairs])


def add_history(work: Work, rows: Iterable[Row]) -> None:
    """What happened to findings."""
    insert_all(work, HISTORY, ({"id": new_id(), **row} for row in rows))


def count_anew(work: Work, assets: Collection[str]) -> None:
    """Write the tallies of these assets from their findings."""
    delete_where(work, TALLIES, "asset_id", sorted(assets))
    number = sa.func.count().label("count")
    for asset in sorted(assets):
        query = sa.select(*_COUNTED, number).where(
            work.mine(FINDINGS), FINDINGS.c.asset_id == asset
        )
        rows = work.run(query.group_by(*_COUNTED)).mappings()
        insert_all(work, TALLIES, [{"asset_id": asset, **row} for row in rows])


def suppressions(work: Work, at: datetime, asset: str | None = None) -> list[sa.Row[Any]]:
    """The decisions that hold at this time, oldest first; of `asset` and of none in particular."""
    table = SUPPRESSIONS
    query = sa.select(table).where(
        work.mine(table),
        table.c.revoked_at.is_(None),
        sa.or_(table.c.expires_at.is_(None), table.c.expires_at > at),
    )
    if asset is not None:
        query = query.where(sa.or_(table.c.asset_id.is_(None), table.c.asset_id == asset))
    return list(work.run(query.order_by(table.c.created_at, table.c.id)))


def hold_decisions(work: Work, *, to_change: bool) -> None:
    """Until the end of the transaction no decision is made beside it; or, to change decisions,
    no import that goes by them is written. SQLite has one writer anyway."""
    if work.dialect != "postgresql":
        return
    key = sa.cast(UUID(work.tenant).int % 2**63, sa.BigInteger)
    lock = sa.func.pg_advisory_xact_lock if to_change else sa.func.pg_advisory_xact_lock_shared
    work.run(sa.select(sa.cast(lock(key), sa.Text)))


def decided(work: Work) -> tuple[Any, ...]:
    """Changes whenever a decision is made, changed or revoked."""
    table = SUPPRESSIONS
    query = sa.select(
        sa.func.count(), sa.func.sum(table.c.revision), sa.func.max(table.c.created_at)
    )
    return tuple(work.run(query.where(work.mine(table))).one())
