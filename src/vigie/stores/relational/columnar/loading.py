"""Reads a tenant's findings into columns, and again of those assets that have changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa

from vigie.stores.relational.columnar.columns import (
    KEYS,
    NAMES,
    NUMBERS,
    TIMES,
    WORDS,
    Columns,
    Vocabulary,
    from_rows,
    renewed,
    vocabularies,
)
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import FINDINGS, TALLIES

_FEW = 300  # assets that are read one by one, as a condition on them

Contents = Mapping[str, int]  # of each asset, what counts up when its findings change


def contents_of(work: Work) -> Contents:
    """Of each asset of the tenant the number that counts the changes of its findings."""
    rows = work.run(sa.select(ASSETS.c.id, ASSETS.c.content).where(work.mine(ASSETS)))
    return {row.id: row.content for row in rows}


def load(work: Work, most: int) -> Columns | None:
    """All of the tenant's findings, None when there are more than `most`."""
    number = work.run(sa.select(sa.func.sum(TALLIES.c.count)).where(work.mine(TALLIES))).scalar()
    if number is not None and number > most:
        return None
    return _read(work, vocabularies(), most)


def renew(
    work: Work, columns: Columns, before: Contents, now: Contents, most: int
) -> Columns | None:
    """The columns after a change of some assets, None when that is more than `most`."""
    changed = {asset for asset, content in now.items() if before.get(asset) != content}
    removed = before.keys() - now.keys()
    if not changed and not removed:
        return columns
    assets = columns.vocabularies["asset_id"]
    if len(changed) > _FEW or len(assets.values) > 2 * len(now) + _FEW:
        return load(work, most)
    gone = assets.chosen(changed | removed)[columns.by_name["asset_id"]]
    left = most - int(len(columns) - np.count_nonzero(gone))
    added = _read(work, columns.vocabularies, left, changed)
    return None if added is None else renewed(columns, gone, added)


def _read(
    work: Work,
    known: Mapping[str, Vocabulary],
    most: int,
    assets: Collection[str] | None = None,
) -> Columns | None:
    query = sa.select(*(_raw(work, name) for name in NAMES)).where(work.mine(FINDINGS))
    if assets is not None:
        query = query.where(FINDINGS.c.asset_id.in_(sorted(assets)))
    with work.run(query.limit(most + 1)) as result:
        # As the driver gives them, for there is nothing to be made of them row by row.
        rows = result.cursor.fetchall() if result.cursor is not None else []
    return None if len(rows) > most else from_rows(rows, known)


def _raw(work: Work, name: str) -> Any:
    """The column as the engine keeps it: no value is made into an object only to be undone."""
    column = FINDINGS.c[name]
    if name in TIMES and work.dialect == "postgresql":
        return sa.cast(sa.extract("epoch", column) * 1_000_000, sa.BigInteger).label(name)
    plain: Any = sa.Text if name in (*KEYS, "id") else sa.Integer
    return sa.type_coerce(column, plain).label(name) if name not in (*WORDS, *NUMBERS) else column
