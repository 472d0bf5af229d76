"""Answers questions to lists: one way for every noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.queries import Facet, Page, Query
from vigie.stores.relational import cursors
from vigie.stores.relational.database import Work
from vigie.stores.relational.page_rows import (
    SORTED,
    Write,
    columns_of,
    items_of,
    joined,
    others_of,
    rows_of_ids,
    written,
)
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

__all__ = [
    "COUNTED", "MOST", "Asked", "Condition", "Counted", "Found", "Joined", "Listing",
    "check_facets", "count_rows", "every_row", "page_of", "ranked", "rows_of",
]  # fmt: skip

MOST = 500  # rows a page
COUNTED = 10_000  # beyond, a list only says 'at least'
_PORTION = 500  # rows of an export that are in memory


def page_of(work: Work, listing: Listing, query: Query, write: Write = dict) -> Page:
    """One page of the list. Raises UserError for a field, value, cursor or limit that cannot be.

    `write` makes of a row what the page shows of it. A long list remembers what it made.
    """
    limit = min(max(query.limit, 1), MOST)
    picked = listing.pick(listing, work, query, limit + 1) if listing.pick is not None else None
    if picked is not None:
        counted, rows = picked.counted, rows_of_ids(work, listing, query, picked.ids, write)
    else:
        asked = asked_of(work, listing, query)
        counted = (listing.count or _count)(listing, work, query, asked)
        empty = counted.exact and not counted.total
        found = [] if empty else rows_of(work, listing, query, asked, limit + 1, few=counted.few)
        rows = written(found, listing, query, write)
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
    columns = columns_of(listing, query)
    shown = [column.label(name) for name, column in columns.items()]
    picked = _picked(listing, query, asked, few=few)
    _, order, descending = sort_of(listing, query)
    key = listing.table.c.id
    if picked is None:
        wanted = (*asked.all(), *_after(listing, query))
        statement = sa.select(*shown, order.label(SORTED)).where(*wanted)
        return statement.order_by(*_by(order, key, descending=descending)).limit(limit)
    rows = picked.limit(limit).subquery("picked")
    source = joined(work, listing, query, rows.join(listing.table, key == rows.c.id))
    return (
        sa.select(*shown, *others_of(listing, query).values(), rows.c[SORTED])
        .select_from(source)
        .where(work.mine(listing.table))
        .order_by(*_by(rows.c[SORTED], rows.c.id, descending=descending))
    )


def _picked(listing: Listing, query: Query, asked: Asked, *, few: bool) -> sa.Select[Any] | None:
    """The ids of the rows, and what they are sorted by, in order: the rest is only looked up for
    those that the page shows. None when there is nothing to look up elsewhere."""
    if not few and not any(name in names_of(listing, query) for name in listing.joined):
        return None
    _, order, descending = sort_of(listing, query)
    key = listing.table.c.id
    columns = (key.label("id"), order.label(SORTED))
    filters = [*(one for _, one in asked.filters), *_after(listing, query)]
    if not few:
        wanted = [*asked.always, *([asked.found.condition] if asked.found else []), *filters]
        by = _by(order, key, descending=descending)
        return sa.select(*columns).where(*wanted).order_by(*by)
    # All of them first, each by its own way, then in order.
    ways = [sa.select(*columns).where(*way) for way in asked.each_way(filters)]
    rows = (sa.union_all(*ways) if len(ways) > 1 else ways[0]).subquery("gathered")
    by = _by(_unindexed(rows.c[SORTED]), rows.c.id, descending=descending)
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
