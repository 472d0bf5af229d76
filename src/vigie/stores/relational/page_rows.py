"""What a page of a list shows of its rows, and how rows are read whose ids are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from vigie.model.queries import Query
from vigie.stores.relational.database import Work
from vigie.stores.relational.questions import Listing, names_of, sort_of
from vigie.stores.relational.remembering import remembered_rows

SORTED = "_sorted_by"
Write = Callable[[Mapping[str, Any]], Any]  # makes of a row what a page shows of it


class Row(NamedTuple):
    """What a page shows of a row, and what the next page's cursor needs to know of it."""

    id: str
    sorted_by: Any
    item: Any


def rows_of_ids(
    work: Work, listing: Listing, query: Query, ids: Sequence[str], write: Write
) -> list[Row]:
    """The rows of these ids, in their order."""
    sort, _, _ = sort_of(listing, query)

    def look_up(missing: Sequence[str]) -> dict[str, Row]:
        statement, names = _by_ids(work, listing, query)
        found = work.run(statement, {"ids": _as_one_value(work, missing)}).all()
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return {row.id: row for row in written(rows, listing, query, write)}

    shape = (listing.name, query.fields, sort, write)
    return remembered_rows(work, shape, ids, look_up) if ids else []


def written(
    rows: Sequence[Mapping[str, Any]], listing: Listing, query: Query, write: Write
) -> list[Row]:
    """Rows that have a column `SORTED`, each as `write` makes it."""
    items = items_of(rows, listing, query)
    return [Row(row["id"], row[SORTED], write(item)) for row, item in zip(rows, items, strict=True)]


def items_of(rows: Sequence[Any], listing: Listing, query: Query) -> tuple[dict[str, Any], ...]:
    """The rows with just the fields that were asked for, other tables' rows as one value."""
    names = names_of(listing, query)
    plain = [name for name in names if name not in listing.joined]
    others = [
        (name, [(column, f"{name}.{column}") for column in listing.joined[name].columns])
        for name in names
        if name in listing.joined
    ]
    items = []
    for row in rows:
        item: dict[str, Any] = {name: row[name] for name in plain}
        for name, columns in others:
            there = row[columns[0][1]] is not None
            item[name] = {column: row[label] for column, label in columns} if there else None
        items.append(item)
    return tuple(items)


def columns_of(listing: Listing, query: Query) -> dict[str, Any]:
    """The list's own columns that the question shows, and the keys of the others."""
    names = names_of(listing, query)
    keys = [listing.joined[name].key for name in names if name in listing.joined]
    plain = dict.fromkeys((*(name for name in names if name not in listing.joined), *keys))
    return {name: listing.fields[name].column for name in plain}


def others_of(listing: Listing, query: Query) -> dict[str, Any]:
    """The columns of other tables that the question shows."""
    return {
        f"{name}.{column}": listing.joined[name].named(name).c[column].label(f"{name}.{column}")
        for name in names_of(listing, query)
        if name in listing.joined
        for column in listing.joined[name].columns
    }


def joined(work: Work, listing: Listing, query: Query, source: Any) -> Any:
    """The source with the tables that the question shows rows of."""
    for name in names_of(listing, query):
        other = listing.joined.get(name)
        if other is not None:
            table = other.named(name)
            named = listing.fields[other.key].column
            source = source.outerjoin(table, sa.and_(table.c.id == named, work.mine(table)))
    return source


Prepared = tuple[sa.Select[Any], tuple[str, ...]]  # with the names of its columns
_PREPARED: dict[tuple[str, str, str, tuple[str, ...], str], Prepared] = {}
_MOST_PREPARED = 500


def _by_ids(work: Work, listing: Listing, query: Query) -> Prepared:
    """The statement that reads rows by a parameter `ids`. Made once a tenant, choice of fields and
    order: making it takes as long as reading the rows."""
    sort, order, _ = sort_of(listing, query)
    key = (work.dialect, work.tenant, listing.name, query.fields, sort)
    found = _PREPARED.get(key)
    if found is None:
        columns = {**columns_of(listing, query), SORTED: order}
        shown = {name: column.label(name) for name, column in columns.items()}
        shown |= others_of(listing, query)
        source = joined(work, listing, query, _each(work, listing.table))
        found = sa.select(*shown.values()).select_from(source), tuple(shown)
        if len(_PREPARED) >= _MOST_PREPARED:
            _PREPARED.clear()
        _PREPARED[key] = found
    return found


def _each(work: Work, table: sa.Table) -> Any:
    """The table's rows of the parameter `ids`. An outer join keeps SQLite from any other way than
    id by id: before it has seen how large a tenant is it would rather walk all that it has."""
    if work.dialect == "sqlite":
        each: Any = sa.func.json_each(sa.bindparam("ids", type_=sa.Text)).table_valued("value")
    else:
        array = sa.bindparam("ids", type_=sa.ARRAY(table.c.id.type))
        column = sa.column("value", table.c.id.type)
        each = sa.func.unnest(array).table_valued(column).render_derived()
    return each.outerjoin(table, sa.and_(table.c.id == each.c.value, work.mine(table)))


def _as_one_value(work: Work, ids: Sequence[str]) -> Any:
    if work.dialect == "sqlite":
        return msgspec.json.encode([one.replace("-", "") for one in ids]).decode()
    return list(ids)
