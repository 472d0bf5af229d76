"""Answers questions to lists: one way for every noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.queries import Facet, Filter, Operator, Page, Query
from vigie.model.text import T
from vigie.stores.relational import cursors
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import DOCUMENT, FLAG, TEXT, Field, condition_of, contains
from vigie.stores.relational.tables.schema import is_tenants

MOST = 500  # rows a page
COUNTED = 10_000  # beyond, a list only says 'at least'
_FACET_VALUES = 100
_MOST_WORDS = 8
_ORDERED = (Operator.AFTER, Operator.UNTIL, Operator.MORE, Operator.LESS)
_SORTED = "_sorted_by"

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Joined:
    """A row of another table, told with each row of the list that names it by the field `key`.
    The first of `columns` is never NULL."""

    key: str
    table: sa.Table
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a question has, and the values of the fields whose facets it asks for.
    `few` says that its search alone leaves so few that they are best gathered and then sorted."""

    total: int
    exact: bool
    facets: Mapping[str, tuple[Facet, ...]]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for words came to. `ways` are conditions that no row meets two of and that
    together are `condition`: each can use an index of its own, which an OR of them could not.
    `hits` is for the list's own `count`."""

    condition: Condition
    ways: Sequence[Condition] = ()
    hits: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions of a question: what always holds, and each filter with its field's name.
    `found` is what its search came to, None when it has none."""

    always: tuple[Condition, ...]
    filters: tuple[tuple[str, Condition], ...]
    found: Found | None = None

    def all(self, without: str = "") -> list[Condition]:
        """Every condition but those on the field `without`."""
        searched = [self.found.condition] if self.found else []
        filters = (one for name, one in self.filters if name != without)
        return [*self.always, *searched, *filters]

    def each_way(self, filters: Sequence[Condition]) -> list[list[Condition]]:
        """The conditions of each way to the rows, with these filters."""
        if self.found is None:
            return [[*self.always, *filters]]
        ways = self.found.ways or (self.found.condition,)
        return [[*self.always, way, *filters] for way in ways]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one noun's list can be asked.

    `sort` is its own order. `search` gives the condition that all these words are found, or
    names the columns that each may stand in. `joined` are rows of other tables, by the field
    that shows them. `count` is a quicker way to count than to walk the rows.
    """

    name: str
    table: sa.Table
    fields: Mapping[str, Field]
    sort: str = "-id"
    search: Sequence[Any] | Callable[[Work, Sequence[str]], Found] = ()
    where: Callable[[Work], Sequence[Condition]] | None = None
    joined: Mapping[str, Joined] = field(default_factory=dict)
    count: Callable[[Listing, Work, Query, Asked], Counted] | None = None
    shown: tuple[str, ...] = field(init=False)  # the fields that a row may have
    asked: tuple[str, ...] = field(init=False)  # the fields that may be filtered by

    def __post_init__(self) -> None:
        shown = (*(name for name, f in self.fields.items() if f.shown), *self.joined)
        asked = tuple(name for name, f in self.fields.items() if f.type is not DOCUMENT)
        object.__setattr__(self, "shown", shown)
        object.__setattr__(self, "asked", asked)


def page_of(work: Work, listing: Listing, query: Query) -> Page:
    """One page of the list. Raises UserError for a field, value, cursor or limit that cannot be."""
    asked = asked_of(work, listing, query)
    counted = (listing.count or _count)(listing, work, query, asked)
    limit = min(max(query.limit, 1), MOST)
    empty = counted.exact and not counted.total
    rows = [] if empty else rows_of(work, listing, query, asked, limit + 1, few=counted.few)
    last = rows[limit - 1] if len(rows) > limit else None
    name = sort_of(listing, query)[0]
    following = cursors.write(name, last[_SORTED], last["id"]) if last is not None else ""
    return Page(
        items=items_of(rows[:limit], listing, query),
        next=following,
        total=counted.total,
        exact=counted.exact,
        facets=counted.facets,
    )


def asked_of(work: Work, listing: Listing, query: Query) -> Asked:
    """Every condition of the question. Raises UserError for what the list does not know."""
    always: list[Condition] = []
    if is_tenants(listing.table):
        always.append(work.mine(listing.table))
    if listing.where is not None:
        always += listing.where(work)
    filters = tuple(
        (one.field, condition_of(one.field, field_of(listing, one), one, work.tenant))
        for one in query.filters
    )
    words = words_of(query)
    found = _search(work, listing, words) if words else None
    return Asked(tuple(always), filters, found)


def words_of(query: Query) -> list[str]:
    """The words that are searched for, in small letters. Raises UserError for what is no text."""
    words = [word[:200].lower() for word in query.search.split()[:_MOST_WORDS]]
    try:
        return [str(TEXT.parse(word)) for word in words]
    except ValueError:
        raise UserError(T("this is no text that could be searched for")) from None


def rows_of(
    work: Work, listing: Listing, query: Query, asked: Asked, limit: int, *, few: bool = False
) -> list[Mapping[str, Any]]:
    """The rows after the cursor, in the order asked for."""
    columns = _columns(listing, query)
    picked = _picked(listing, query, asked, few=few)
    key, order = listing.table.c.id, sort_of(listing, query)[1]
    descending = sort_of(listing, query)[2]
    if picked is None:
        shown = [column.label(name) for name, column in columns.items()]
        statement = sa.select(*shown, order.label(_SORTED)).where(
            *asked.all(), *_after(listing, query)
        )
        return _read(work, statement.order_by(*_by(order, key, descending=descending)).limit(limit))
    rows = picked.limit(limit).subquery("picked")
    source: Any = rows.join(listing.table, key == rows.c.id)
    shown = [column.label(name) for name, column in columns.items()]
    for name in _names(listing, query):
        joined = listing.joined.get(name)
        if joined is not None:
            other = joined.table.alias(name)
            named = listing.fields[joined.key].column
            source = source.outerjoin(other, sa.and_(other.c.id == named, work.mine(other)))
            shown += [other.c[column].label(f"{name}.{column}") for column in joined.columns]
    statement = (
        sa.select(*shown, rows.c[_SORTED])
        .select_from(source)
        .where(work.mine(listing.table))
        .order_by(*_by(rows.c[_SORTED], rows.c.id, descending=descending))
    )
    return _read(work, statement)


def _read(work: Work, statement: sa.Select[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in work.run(statement).mappings()]


def _picked(listing: Listing, query: Query, asked: Asked, *, few: bool) -> sa.Select[Any] | None:
    """The ids of the rows, and what they are sorted by, in order: the rest is only looked up for
    those that the page shows. None when there is nothing to look up elsewhere."""
    if not few and not any(name in _names(listing, query) for name in listing.joined):
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


def sort_of(listing: Listing, query: Query) -> tuple[str, Any, bool]:
    """The field that is sorted by, what that is in SQL, and whether the highest comes first."""
    asked = query.sort or listing.sort
    name = asked.removeprefix("-")
    found = listing.fields.get(name)
    if found is None or not (found.sort or name == "id"):
        names = tuple(n for n, f in listing.fields.items() if f.sort)
        raise UserError(
            T("{list} cannot be sorted by {name}", list=listing.name, name=name[:100]),
            T("Choose from: {names}", names=names),
        )
    return name, found.order, asked.startswith("-")


def check_facets(listing: Listing, query: Query) -> None:
    """Raises UserError for a field that cannot be counted."""
    for name in query.facets:
        found = listing.fields.get(name)
        if found is None or not found.facet:
            names = tuple(n for n, f in listing.fields.items() if f.facet)
            raise UserError(
                T("{name} cannot be counted", name=name[:100]),
                T("Choose from: {names}", names=names),
            )


def ranked(counts: Mapping[Any, int]) -> tuple[Facet, ...]:
    """The values, the most frequent first."""
    found = [Facet(word_of(value), count) for value, count in counts.items()]
    return tuple(sorted(found, key=lambda f: (-f.count, f.value))[:_FACET_VALUES])


def word_of(value: Any) -> str:
    """A value as it is typed in a filter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def count_rows(work: Work, listing: Listing, asked: Asked) -> tuple[int, bool]:
    """How many rows there are, counted no further than `COUNTED`."""
    ways = asked.each_way([one for _, one in asked.filters])
    parts = [sa.select(listing.table.c.id).where(*way) for way in ways]
    rows = (sa.union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    some = sa.select(rows.c.id).limit(COUNTED + 1).subquery()
    found: int = work.run(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return min(found, COUNTED), found <= COUNTED


def field_of(listing: Listing, asked: Filter) -> Field:
    """The field that a filter is on. Raises UserError for one that the list does not have, or
    that cannot be compared like that."""
    found = listing.fields.get(asked.field)
    if found is None or found.type is DOCUMENT:
        raise UserError(
            T("{list} have no field {name}", list=listing.name, name=asked.field[:100]),
            T("Choose from: {names}", names=listing.asked),
        )
    if asked.operator is Operator.HAS and found.type is not TEXT:
        raise UserError(
            T("{name} is no text that could be searched", name=asked.field),
            T("Compare it: {name}=…, {name}.not=…", name=asked.field),
        )
    ordered = asked.operator in _ORDERED
    if not asked.values or (ordered and len(asked.values) != 1):
        raise UserError(T("{name} takes one value", name=asked.field))
    if ordered and (found.type is FLAG or found.compare is not None):
        raise UserError(T("{name} has no order", name=asked.field))
    return found


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
            .limit(_FACET_VALUES)
        )
        rows = work.run(statement).all()
        facets[name] = tuple(Facet(word_of(row.value), row.number) for row in rows)
    total, exact = count_rows(work, listing, asked)
    return Counted(total, exact, facets)


def _names(listing: Listing, query: Query) -> tuple[str, ...]:
    names = query.fields or listing.shown
    unknown = [name for name in names if name not in listing.shown]
    if unknown:
        raise UserError(
            T("there is no field {name}", name=unknown[0][:100]),
            T("Choose from: {names}", names=listing.shown),
        )
    return tuple(dict.fromkeys(("id", *names)))


def _columns(listing: Listing, query: Query) -> dict[str, Any]:
    names = _names(listing, query)
    keys = [listing.joined[name].key for name in names if name in listing.joined]
    plain = dict.fromkeys((*(name for name in names if name not in listing.joined), *keys))
    return {name: listing.fields[name].column for name in plain}


def items_of(
    rows: Sequence[Mapping[str, Any]], listing: Listing, query: Query
) -> tuple[dict[str, Any], ...]:
    """The rows with just the fields that were asked for, other tables' rows as one value."""
    names = _names(listing, query)
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


def _search(work: Work, listing: Listing, words: Sequence[str]) -> Found:
    if callable(listing.search):
        return listing.search(work, words)
    if not listing.search:
        raise UserError(T("{list} cannot be searched by words", list=listing.name))
    columns = listing.search
    each = (sa.or_(*(contains(column, word) for column in columns)) for word in words)
    return Found(sa.and_(*each))


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
