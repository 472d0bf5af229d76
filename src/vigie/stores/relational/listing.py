"""Answers questions to lists: one way for every noun."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from vigie.model.queries import Facet, Page, Query
from vigie.stores.relational import cursors
from vigie.stores.relational.database import Work
from vigie.stores.relational.questions import (
    FACET_VALUES,
    Asked,
    Condition,
    Counted,
    Found,
    Joined,
    Listing,
    asked_of,
    check_facets,
    names_of,
    ranked,
    sort_of,
    word_of,
)
from vigie.stores.relational.remembering import remembered_rows

__all__ = [
    "COUNTED", "MOST", "Asked", "Condition", "Counted", "Found", "Joined", "Listing",
    "check_facets", "count_rows", "every_row", "page_of", "ranked", "rows_of",
]  # fmt: skip

MOST = 500  # rows a page
COUNTED = 10_000  # beyond, a list only says 'at least'
_PORTION = 500  # rows of an export that are in memory
_SORTED = "_sorted_by"


def page_of(
    work: Work, listing: Listing, query: Query, write: Callable[[Mapping[str, Any]], Any] = dict
) -> Page:
    """One page of the list. Raises UserError for a field, value, cursor or limit that cannot be.

    `write` makes of a row what the page shows of it. A long list remembers what it made.
    """
    limit = min(max(query.limit, 1), MOST)
    picked = listing.pick(listing, work, query, limit + 1) if listing.pick is not None else None
    if picked is not None:
        counted, rows = picked.counted, _rows_of_ids(work, listing, query, picked.ids, write)
    else:
        asked = asked_of(work, listing, query)
        counted = (listing.count or _count)(listing, work, query, asked)
        empty = counted.exact and not counted.total
        found = [] if empty else rows_of(work, listing, query, asked, limit + 1, few=counted.few)
        rows = _written(found, listing, query, write)
    last = rows[limit - 1] if len(rows) > limit else None
    name = sort_of(listing, query)[0]
    following = cursors.write(name, last.sorted_by, last.id) if last is not None else ""
    return Page(
        items=tuple(row.item for row in rows[:limit]),
        next=following,
        total=counted.total,
        exact=counted.exact,
        facets=counted.facets,
    )


def every_row(work: Work, listing: Listing, query: Query) -> Iterator[Mapping[str, Any]]:
    """Every row of the list, read from the database as it is taken: memory stays flat. Raises
    UserError as `page_of` does, before the first row."""
    asked = asked_of(work, listing, query)
    statement = _statement(work, listing, query, asked)
    rows = work.run(statement.execution_options(stream_results=True, yield_per=_PORTION))
    return (
        item
        for some in rows.mappings().partitions(_PORTION)
        for item in items_of(some, listing, query)
    )


def rows_of(
    work: Work, listing: Listing, query: Query, asked: Asked, limit: int, *, few: bool = False
) -> list[Mapping[str, Any]]:
    """The rows after the cursor, in the order asked for."""
    statement = _statement(work, listing, query, asked, limit, few=few)
    return [dict(row) for row in work.run(statement).mappings().all()]


def _statement(
    work: Work, listing: Listing, query: Query, asked: Asked, limit: int | None = None,
    *, few: bool = False,
) -> sa.Select[Any]:  # fmt: skip
    columns = _columns(listing, query)
    shown = [column.label(name) for name, column in columns.items()]
    picked = _picked(listing, query, asked, few=few)
    _, order, descending = sort_of(listing, query)
    key = listing.table.c.id
    if picked is None:
        wanted = (*asked.all(), *_after(listing, query))
        statement = sa.select(*shown, order.label(_SORTED)).where(*wanted)
        return statement.order_by(*_by(order, key, descending=descending)).limit(limit)
    rows = picked.limit(limit).subquery("picked")
    source = _joined(work, listing, query, rows.join(listing.table, key == rows.c.id))
    return (
        sa.select(*shown, *_others(listing, query).values(), rows.c[_SORTED])
        .select_from(source)
        .where(work.mine(listing.table))
        .order_by(*_by(rows.c[_SORTED], rows.c.id, descending=descending))
    )


class _Row(NamedTuple):
    """What a page shows of a row, and what the next page's cursor needs to know of it."""

    id: str
    sorted_by: Any
    item: Any


def _rows_of_ids(
    work: Work,
    listing: Listing,
    query: Query,
    ids: Sequence[str],
    write: Callable[[Mapping[str, Any]], Any],
) -> list[_Row]:
    """The rows of these ids, in their order."""
    shown = _shown(listing, query)

    def look_up(missing: Sequence[str]) -> dict[str, _Row]:
        source = _joined(work, listing, query, _each(work, listing.table, missing))
        found = work.run(sa.select(*shown.values()).select_from(source)).all()
        rows = [dict(zip(shown, row, strict=True)) for row in found]
        return {row.id: row for row in _written(rows, listing, query, write)}

    shape = (listing.name, tuple(shown), sort_of(listing, query)[0], write)
    return remembered_rows(work, shape, ids, look_up) if ids else []


def _written(
    rows: Sequence[Mapping[str, Any]],
    listing: Listing,
    query: Query,
    write: Callable[[Mapping[str, Any]], Any],
) -> list[_Row]:
    items = items_of(rows, listing, query)
    return [
        _Row(row["id"], row[_SORTED], write(item)) for row, item in zip(rows, items, strict=True)
    ]


def _each(work: Work, table: sa.Table, ids: Sequence[str]) -> Any:
    """The table's rows of these ids. An outer join keeps SQLite from any other way than id by
    id: before it has seen how large a tenant is it would rather walk all that the tenant has."""
    if work.dialect == "sqlite":
        listed = msgspec.json.encode([one.replace("-", "") for one in ids]).decode()
        each: Any = sa.func.json_each(listed).table_valued("value")
    else:
        array = sa.bindparam(None, list(ids), type_=sa.ARRAY(table.c.id.type))
        column = sa.column("value", table.c.id.type)
        each = sa.func.unnest(array).table_valued(column).render_derived()
    return each.outerjoin(table, sa.and_(table.c.id == each.c.value, work.mine(table)))


def _joined(work: Work, listing: Listing, query: Query, source: Any) -> Any:
    """The source with the tables that the question shows rows of."""
    for name in names_of(listing, query):
        joined = listing.joined.get(name)
        if joined is not None:
            other = joined.named(name)
            named = listing.fields[joined.key].column
            source = source.outerjoin(other, sa.and_(other.c.id == named, work.mine(other)))
    return source


def _others(listing: Listing, query: Query) -> dict[str, Any]:
    """The columns of other tables that the question shows."""
    return {
        f"{name}.{column}": listing.joined[name].named(name).c[column].label(f"{name}.{column}")
        for name in names_of(listing, query)
        if name in listing.joined
        for column in listing.joined[name].columns
    }


_SHOWN: dict[tuple[str, tuple[str, ...], str], dict[str, Any]] = {}
_MOST_SHOWN = 500


def _shown(listing: Listing, query: Query) -> dict[str, Any]:
    """Every column of a page by its label. Made once a choice of fields and order: making them
    takes as long as reading the rows."""
    sort, order, _ = sort_of(listing, query)
    key = (listing.name, query.fields, sort)
    found = _SHOWN.get(key)
    if found is None:
        columns = {**_columns(listing, query), _SORTED: order}
        found = {name: column.label(name) for name, column in columns.items()}
        found |= _others(listing, query)
        if len(_SHOWN) >= _MOST_SHOWN:
            _SHOWN.clear()
        _SHOWN[key] = found
    return found


def _picked(listing: Listing, query: Query, asked: Asked, *, few: bool) -> sa.Select[Any] | None:
    """The ids of the rows, and what they are sorted by, in order: the rest is only looked up for
    those that the page shows. None when there is nothing to look up elsewhere."""
    if not few and not any(name in names_of(listing, query) for name in listing.joined):
        return None
    _, order, descending = sort_of(listing, query)
    key = listing.table.c.id
    columns = (key.label("id"), order.label(_SORTED))
    filters = [*(one for _, one in asked.filters), *_after(listing, query)]
    if not few:
        wanted = [*asked.always, *([asked.found.condition] if asked.found else []), *filters]
        by = _by(order, key, descending=descending)
        return sa.select(*columns).where(*wanted).order_by(*by)
    # All of them first, each by its own way, then in order.
    ways = [sa.select(*columns).where(*way) for way in asked.each_way(filters)]
    rows = (sa.union_all(*ways) if len(ways) > 1 else ways[0]).subquery("gathered")
    by = _by(_unindexed(rows.c[_SORTED]), rows.c.id, descending=descending)
    return sa.select(*rows.c).order_by(*by)


def _unindexed(column: Any) -> Any:
    """The same value, not recognised as what an index is sorted by: walking one in order to
    come across the few rows that are wanted costs more than sorting these."""
    return sa.func.coalesce(column, column)


def _by(order: Any, key: Any, *, descending: bool) -> list[Any]:
    direction = sa.desc if descending else sa.asc
    return [direction(order)] if order is key else [direction(order), direction(key)]


def count_rows(work: Work, listing: Listing, asked: Asked) -> tuple[int, bool]:
    """How many rows there are, counted no further than `COUNTED`."""
    ways = asked.each_way([one for _, one in asked.filters])
    parts = [sa.select(listing.table.c.id).where(*way) for way in ways]
    rows = (sa.union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    some = sa.select(rows.c.id).limit(COUNTED + 1).subquery()
    found: int = work.run(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return min(found, COUNTED), found <= COUNTED


def _count(listing: Listing, work: Work, query: Query, asked: Asked) -> Counted:
    """By walking the rows: for lists that are not long."""
    check_facets(listing, query)
    facets = {}
    for name in query.facets:
        column = listing.fields[name].column
        number = sa.func.count().label("number")
        statement = (
            sa.select(column.label("value"), number)
            .where(*asked.all(name))
            .group_by(column)
            .order_by(number.desc(), column)
            .limit(FACET_VALUES)
        )
        rows = work.run(statement).all()
        facets[name] = tuple(Facet(word_of(row.value), row.number) for row in rows)
    total, exact = count_rows(work, listing, asked)
    return Counted(total, exact, facets)


def _columns(listing: Listing, query: Query) -> dict[str, Any]:
    names = names_of(listing, query)
    keys = [listing.joined[name].key for name in names if name in listing.joined]
    plain = dict.fromkeys((*(name for name in names if name not in listing.joined), *keys))
    return {name: listing.fields[name].column for name in plain}


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


def _after(listing: Listing, query: Query) -> list[Any]:
    """The condition of the rows after the cursor's, if there is one. Raises UserError for a
    cursor that no page of this list gave."""
    if not query.cursor:
        return []
    name, order, descending = sort_of(listing, query)
    value, last = cursors.read(query.cursor, name, listing.fields[name].type)
    key: Any = listing.table.c.id
    if order is key:
        return [key < last if descending else key > last]
    here = sa.tuple_(order, key)
    there = sa.tuple_(
        sa.bindparam(None, value, type_=order.type), sa.bindparam(None, last, type_=key.type)
    )
    return [here < there if descending else here > there]
