"""One row at a time: get, add, change by its revision, remove. For the nouns that people edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id


class TakenError(Exception):
    """Another row has this name already."""


class StaleError(Exception):
    """The row's revision is another than the caller read."""


def get(work: Work, table: sa.Table, row_id: str) -> Mapping[str, Any] | None:
    """The tenant's row of this id; None when there is none, or it is another tenant's."""
    if not is_id(row_id):
        return None
    found = work.run(sa.select(table).where(work.mine(table), table.c.id == row_id))
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def add(work: Work, table: sa.Table, values: Mapping[str, Any]) -> str:
    """A new row of the tenant; its id. Raises TakenError when a name is taken."""
    row_id = str(values.get("id") or new_id())
    _run_unique(work, lambda: work.insert(table, [{**values, "id": row_id}]))
    return row_id


def insert_unique(work: Work, table: sa.Table, values: Mapping[str, Any]) -> None:
    """A new row of a table without ids. Raises TakenError when there is one like it."""
    _run_unique(work, lambda: work.insert(table, [values]))


def change(
    work: Work,
    table: sa.Table,
    row_id: str,
    values: Mapping[str, Any],
    expected: int | None = None,
) -> int | None:
    """Set these columns; the new revision, None when there is no such row.

    Raises StaleError when `expected` is given and is not the row's revision, TakenError when a
    name is taken.
    """
    if not is_id(row_id):
        return None
    statement = (
        sa.update(table)
        .where(work.mine(table), table.c.id == row_id)
        .values(**values, revision=table.c.revision + 1)
    )
    if expected is not None:
        statement = statement.where(table.c.revision == expected)
    changed = _run_unique(work, lambda: work.run(statement).rowcount)
    row = get(work, table, row_id)
    if row is None:
        return None
    if not changed:
        raise StaleError
    revision: int = row["revision"]
    return revision


def remove(work: Work, table: sa.Table, row_id: str, expected: int | None = None) -> bool:
    """Take the row away; False when there is none. Raises StaleError as `change` does."""
    row = get(work, table, row_id)
    if row is None:
        return False
    if expected is not None and row["revision"] != expected:
        raise StaleError
    work.run(sa.delete(table).where(work.mine(table), table.c.id == row_id))
    return True


def _run_unique(work: Work, call: Any) -> Any:
    # In a savepoint: PostgreSQL would refuse whatever follows an error in the transaction.
    try:
        with work.connection.begin_nested():
            return call()
    except IntegrityError as error:
        if "unique" in str(error.orig).lower():
            raise TakenError from None
        raise
