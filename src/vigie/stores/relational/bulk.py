"""Many rows at a time: in portions that keep statements and memory small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from vigie.stores.relational.database import Work

Item = TypeVar("Item")
PORTION = 500  # rows, or values in one IN
_KEY = "the_"  # before the names of what is compared, which columns to set may also be called


def portions(items: Iterable[Item], size: int = PORTION) -> Iterator[list[Item]]:
    """The items in lists of that size."""
    source = iter(items)
    while some := list(islice(source, size)):
        yield some


def insert_all(work: Work, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows that are surely new."""
    for some in portions(rows):
        work.insert(table, some)


def insert_new(work: Work, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add those that no unique constraint refuses; how many were added."""
    insert: Any = insert_sqlite if work.dialect == "sqlite" else insert_postgresql
    statement = insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return sum(
        work.run(statement, [{"tenant_id": work.tenant, **row} for row in some]).rowcount
        for some in portions(rows)
    )


def update_each(
    work: Work, table: sa.Table, rows: Iterable[Mapping[str, Any]], key: Sequence[str] = ("id",)
) -> None:
    """Set in each row, found by the columns of `key`, the others that are given. Every row
    names the same columns."""
    statement: Any = None
    for some in portions(rows):
        if statement is None:
            statement = _update(work, table, list(some[0]), key)
        work.run(
            statement,
            [{(_KEY + n if n in key else n): value for n, value in row.items()} for row in some],
        )


def _update(work: Work, table: sa.Table, columns: Sequence[str], key: Sequence[str]) -> sa.Update:
    names = [name for name in columns if name not in key]
    found = [table.c[name] == sa.bindparam(_KEY + name, type_=table.c[name].type) for name in key]
    return (
        sa.update(table)
        .where(work.mine(table), *found)
        .values({name: sa.bindparam(name, type_=table.c[name].type) for name in names})
    )


def update_where(
    work: Work, table: sa.Table, column: str, among: Iterable[Any], values: Mapping[str, Any]
) -> int:
    """Set these values in every row whose `column` is among these; how many rows."""
    changed = 0
    for some in portions(among):
        statement = sa.update(table).where(work.mine(table), table.c[column].in_(some))
        changed += work.run(statement.values(**values)).rowcount
    return changed


def delete_where(work: Work, table: sa.Table, column: str, among: Iterable[Any]) -> int:
    """Remove every row whose `column` is among these; how many rows."""
    removed = 0
    for some in portions(among):
        statement = sa.delete(table).where(work.mine(table), table.c[column].in_(some))
        removed += work.run(statement).rowcount
    return removed


def select_where(
    work: Work, table: sa.Table, column: str, among: Iterable[Any], *columns: Any
) -> Iterator[sa.Row[Any]]:
    """The columns (all when none is named) of every row whose `column` is among these."""
    for some in portions(among):
        query = sa.select(*(columns or (table,)))
        yield from work.run(query.where(work.mine(table), table.c[column].in_(some)))


def in_order(work: Work, query: sa.Select[Any], *key: sa.Column[Any]) -> Iterator[sa.Row[Any]]:
    """The rows of a query, a portion at a time, in the order of these columns, which it gives and
    which no two of its rows share."""
    following = query.order_by(*key).limit(PORTION)
    while True:
        found = work.run(following).all()
        yield from found
        if len(found) < PORTION:
            return
        last = [sa.literal(getattr(found[-1], c.name), c.type) for c in key]
        following = query.where(sa.tuple_(*key) > sa.tuple_(*last)).order_by(*key).limit(PORTION)
