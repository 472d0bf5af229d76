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
from vigie.stores.relational.fields import FLAG, TEXT, Field, condition_of, contains
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
    """A row of another table, told with each row of the list that names it by the field `key`."""

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

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields that a row may have."""
        return (*(name for name, f in self.fields.items() if f.shown), *self.joined)


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
        items=tuple(_item(row, listing, query) for row in rows[:limit]),
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
    _, order, descending = sort_of(listing, query)
    columns = _columns(listing, query)
    columns[_SORTED] = order
    filters = [one for _, one in asked.filters]
    if query.cursor:
        filters.append(_beyond(listing, query))
    if few and asked.found is not None:
        statement = _gathered(columns, asked.each_way(filters), limit, descending=descending)
    else:
        statement = (
            sa.select(*(column.label(name) for name, column in columns.items()))
            .where(*([asked.found.condition] if asked.found else []), *asked.always, *filters)
            .order_by(*_by(order, listing.table.c.id, descending=descending))
            .limit(limit)
        )
    if any(name in _names(listing, query) for name in listing.joined):
        statement = _with_joined(work, listing, query, statement, descending=descending)
    return [dict(row) for row in work.run(statement).mappings()]


def _gathered(
    columns: Mapping[str, Any], ways: Sequence[Sequence[Condition]], limit: int, *, descending: bool
) -> sa.Select[Any]:
    """All rows first, each by its own way, then the first of them in order."""
    labelled = [column.label(name) for name, column in columns.items()]
    rows = sa.union_all(*(sa.select(*labelled).where(*way) for way in ways)).subquery("gathered")
    order = _unindexed(rows.c[_SORTED])
    return sa.select(*rows.c).order_by(*_by(order, rows.c.id, descending=descending)).limit(limit)


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


def count_rows(work: Work, listing: Listing, wanted: Sequence[Condition]) -> tuple[int, bool]:
    """How many rows there are, counted no further than `COUNTED`."""
    some = sa.select(listing.table.c.id).where(*wanted).limit(COUNTED + 1).subquery()
    found: int = work.run(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return min(found, COUNTED), found <= COUNTED


def field_of(listing: Listing, asked: Filter) -> Field:
    """The field that a filter is on. Raises UserError for one that the list does not have, or
    that cannot be compared like that."""
    found = listing.fields.get(asked.field)
    if found is None:
        raise UserError(
            T("{list} have no field {name}", list=listing.name, name=asked.field[:100]),
            T("Choose from: {names}", names=tuple(listing.fields)),
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
    total, exact = count_rows(work, listing, asked.all())
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


def _with_joined(
    work: Work, listing: Listing, query: Query, page: sa.Select[Any], *, descending: bool
) -> sa.Select[Any]:
    """The page's rows, each with the rows of other tables that it names. The page is cut first,
    so that only its rows are looked up."""
    rows = page.subquery("page")
    source: Any = rows
    columns: list[Any] = list(rows.c)
    for name in _names(listing, query):
        joined = listing.joined.get(name)
        if joined is not None:
            other = joined.table.alias(name)
            mine = sa.and_(other.c.id == rows.c[joined.key], work.mine(other))
            source = source.outerjoin(other, mine)
            columns += [other.c[c].label(f"{name}.{c}") for c in joined.columns]
    direction = sa.desc if descending else sa.asc
    return (
        sa.select(*columns)
        .select_from(source)
        .order_by(direction(rows.c[_SORTED]), direction(rows.c.id))
    )


def _item(row: Mapping[str, Any], listing: Listing, query: Query) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for name in _names(listing, query):
        joined = listing.joined.get(name)
        if joined is None:
            item[name] = row[name]
        elif row[joined.key] is None or row[f"{name}.id"] is None:
            item[name] = None
        else:
            item[name] = {column: row[f"{name}.{column}"] for column in joined.columns}
    return item


def _search(work: Work, listing: Listing, words: Sequence[str]) -> Found:
    if callable(listing.search):
        return listing.search(work, words)
    if not listing.search:
        raise UserError(T("{list} cannot be searched by words", list=listing.name))
    columns = listing.search
    each = (sa.or_(*(contains(column, word) for column in columns)) for word in words)
    return Found(sa.and_(*each))


def _beyond(listing: Listing, query: Query) -> Condition:
    """The rows after the cursor's. Raises UserError for a cursor that no page of this list gave."""
    name, order, descending = sort_of(listing, query)
    value, last = cursors.read(query.cursor, name, listing.fields[name].type)
    key: Any = listing.table.c.id
    if order is key:
        found: Condition = key < last if descending else key > last
        return found
    here = sa.tuple_(order, key)
    there = sa.tuple_(
        sa.bindparam(None, value, type_=order.type), sa.bindparam(None, last, type_=key.type)
    )
    found = here < there if descending else here > there
    return found
