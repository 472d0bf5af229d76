"""Answers questions to lists: one way for every noun."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.queries import Facet, Filter, Operator, Page, Query
from vigie.model.text import T
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import TEXT, Field, condition_of, contains
from vigie.stores.relational.tables.schema import is_tenants

MOST = 500  # rows a page
COUNTED = 10_000  # beyond, a list only says 'at least'
_FACET_VALUES = 100
_ORDERED = (Operator.AFTER, Operator.UNTIL, Operator.MORE, Operator.LESS)


@dataclass(frozen=True, slots=True)
class Listing:
    """What one noun's list can be asked. `sort` is its own order; `search` gives the condition
    that one word is found, or names the columns it may stand in."""

    name: str
    table: sa.Table
    fields: Mapping[str, Field]
    sort: str = "-id"
    search: Sequence[Any] | Callable[[Work, str], sa.ColumnElement[bool]] = ()
    where: Callable[[Work], Sequence[sa.ColumnElement[bool]]] | None = None
    hidden: frozenset[str] = field(default_factory=frozenset)


def page_of(work: Work, listing: Listing, query: Query) -> Page:
    """One page of the list. Raises UserError for a field, value, cursor or limit that cannot be."""
    wanted = conditions(work, listing, query)
    column, descending, name = _order(listing, query.sort)
    limit = min(max(query.limit, 1), MOST)
    key = listing.table.c.id
    statement = sa.select(*_columns(listing, query)).where(*wanted)
    if query.cursor:
        statement = statement.where(_beyond(listing, query, column, descending, name))
    direction = sa.desc if descending else sa.asc
    order = [direction(column)] if column is key else [direction(column), direction(key)]
    rows = work.run(statement.order_by(*order).limit(limit + 1)).mappings().all()
    more = len(rows) > limit
    rows = rows[:limit]
    total, exact = count(work, listing, wanted)
    return Page(
        items=tuple(dict(row) for row in rows),
        next=_cursor(rows[-1], name) if more and rows else "",
        total=total,
        exact=exact,
        facets=facets(work, listing, query),
    )


def conditions(
    work: Work, listing: Listing, query: Query, *, without: str = ""
) -> list[sa.ColumnElement[bool]]:
    """Every condition of the query, or all but those on the field `without`."""
    found: list[sa.ColumnElement[bool]] = []
    if is_tenants(listing.table):
        found.append(work.mine(listing.table))
    if listing.where is not None:
        found += listing.where(work)
    for asked in query.filters:
        if asked.field != without:
            found.append(condition_of(asked.field, _field(listing, asked), asked, work.tenant))
    for word in query.search.split()[:8]:
        found.append(_search(work, listing, word[:200]))
    return found


def count(
    work: Work, listing: Listing, wanted: Sequence[sa.ColumnElement[bool]]
) -> tuple[int, bool]:
    """How many rows there are, counted no further than `COUNTED`."""
    some = sa.select(listing.table.c.id).where(*wanted).limit(COUNTED + 1).subquery()
    found: int = work.run(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return min(found, COUNTED), found <= COUNTED


def facets(work: Work, listing: Listing, query: Query) -> dict[str, tuple[Facet, ...]]:
    """For each field asked: its values under all other filters, the most frequent first."""
    found = {}
    for name in query.facets:
        field_ = listing.fields.get(name)
        if field_ is None or not field_.facet:
            names = tuple(n for n, f in listing.fields.items() if f.facet)
            raise UserError(
                T("{name} cannot be counted", name=name), T("Choose from: {names}", names=names)
            )
        number = sa.func.count().label("number")
        statement = (
            sa.select(field_.column.label("value"), number)
            .where(*conditions(work, listing, query, without=name))
            .group_by(field_.column)
            .order_by(number.desc(), field_.column)
            .limit(_FACET_VALUES)
        )
        rows = work.run(statement).all()
        found[name] = tuple(Facet(word_of(row.value), row.number) for row in rows)
    return found


def word_of(value: Any) -> str:
    """A value as it is typed in a filter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _columns(listing: Listing, query: Query) -> list[Any]:
    names = query.fields or tuple(n for n, f in listing.fields.items() if f.shown)
    unknown = [n for n in names if n not in listing.fields or not listing.fields[n].shown]
    if unknown:
        raise UserError(
            T("there is no field {name}", name=unknown[0]),
            T("Choose from: {names}", names=tuple(n for n, f in listing.fields.items() if f.shown)),
        )
    _, _, sort = _order(listing, query.sort)
    wanted = dict.fromkeys(("id", *names, sort))
    return [listing.fields[n].column.label(n) for n in wanted if n in listing.fields]


def _field(listing: Listing, asked: Filter) -> Field:
    field_ = listing.fields.get(asked.field)
    if field_ is None:
        raise UserError(
            T("{list} have no field {name}", list=listing.name, name=asked.field[:100]),
            T("Choose from: {names}", names=tuple(listing.fields)),
        )
    textual = field_.type is TEXT
    if asked.operator is Operator.HAS and not textual:
        raise UserError(
            T("{name} is no text that could be searched", name=asked.field),
            T("Compare it: {name}=…, {name}.not=…", name=asked.field),
        )
    if not asked.values or (asked.operator in _ORDERED and len(asked.values) != 1):
        raise UserError(T("{name} takes one value", name=asked.field))
    return field_


def _search(work: Work, listing: Listing, word: str) -> sa.ColumnElement[bool]:
    if callable(listing.search):
        return listing.search(work, word)
    if not listing.search:
        raise UserError(T("{list} cannot be searched by words", list=listing.name))
    return sa.or_(*(contains(column, word) for column in listing.search))


def _order(listing: Listing, sort: str) -> tuple[Any, bool, str]:
    asked = sort or listing.sort
    name = asked.removeprefix("-")
    field_ = listing.fields.get(name)
    if field_ is None or not (field_.sort or name == "id"):
        names = tuple(n for n, f in listing.fields.items() if f.sort)
        raise UserError(
            T("{list} cannot be sorted by {name}", list=listing.name, name=name[:100]),
            T("Choose from: {names}", names=names),
        )
    return field_.column, asked.startswith("-"), name


def _cursor(row: Mapping[Any, Any], name: str) -> str:
    value = row[name]
    plain = word_of(value) if not isinstance(value, (int, float, str)) else value
    packed = msgspec.json.encode([name, plain, row["id"]])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _beyond(
    listing: Listing, query: Query, column: Any, descending: bool, name: str
) -> sa.ColumnElement[bool]:
    """The rows after the cursor's. Raises UserError for a cursor that no page of this list gave."""
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        sorted_by, value, last = msgspec.json.decode(
            base64.urlsafe_b64decode(padded.encode()), type=tuple[str, str | int | float, str]
        )
        if sorted_by != name:
            raise ValueError(sorted_by)
        field_ = listing.fields[name]
        typed = field_.type.parse(str(value)) if isinstance(value, str) else value
        last = listing.fields["id"].type.parse(last)
    except (ValueError, KeyError, binascii.Error, UnicodeError, msgspec.MsgspecError):
        raise UserError(
            T("this cursor is not of this list and order"), T("Begin again without `cursor`.")
        ) from None
    key: Any = listing.table.c.id
    here: Any = key
    there: Any = sa.bindparam(None, last, type_=key.type)
    if column is not key:
        there = sa.tuple_(sa.bindparam(None, typed, type_=column.type), there)
        here = sa.tuple_(column, key)
    found: sa.ColumnElement[bool] = here < there if descending else here > there
    return found
