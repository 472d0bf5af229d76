"""What a list can be asked, and a question to one turned into conditions on its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.queries import Facet, Filter, Operator, Query
from vigie.model.text import T
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import DOCUMENT, FLAG, TEXT, Field, condition_of, contains
from vigie.stores.relational.tables.schema import is_tenants

FACET_VALUES = 100
_MOST_WORDS = 8
_ORDERED = (Operator.AFTER, Operator.UNTIL, Operator.MORE, Operator.LESS)

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Joined:
    """A row of another table, told with each row of the list that names it by the field `key`.
    The first of `columns` is never NULL."""

    key: str
    table: sa.Table
    columns: Sequence[str]

    def named(self, name: str) -> sa.FromClause:
        """The table under this name; made once, for it costs more than the rest of a statement."""
        return _alias(self.table, name)


@cache
def _alias(table: sa.Table, name: str) -> sa.FromClause:
    return table.alias(name)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a question has, and the values of the fields whose facets it asks for.
    `few` says that its search alone leaves so few that they are best gathered and then sorted."""

    total: int
    exact: bool
    facets: Mapping[str, tuple[Facet, ...]]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """How many rows a question has, and the ids of those from its cursor on, in its order."""

    counted: Counted
    ids: Sequence[str]


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
    that shows them. `count` is a quicker way to count than to walk the rows. `pick` knows, for
    most questions, the count and the ids of so many rows without asking the database.
    """

    name: str
    table: sa.Table
    fields: Mapping[str, Field]
    sort: str = "-id"
    search: Sequence[Any] | Callable[[Work, Sequence[str]], Found] = ()
    where: Callable[[Work], Sequence[Condition]] | None = None
    joined: Mapping[str, Joined] = field(default_factory=dict)
    count: Callable[[Listing, Work, Query, Asked], Counted] | None = None
    pick: Callable[[Listing, Work, Query, int], Picked | None] | None = None
    shown: tuple[str, ...] = field(init=False)  # the fields that a row may have
    asked: tuple[str, ...] = field(init=False)  # the fields that may be filtered by

    def __post_init__(self) -> None:
        shown = (*(name for name, f in self.fields.items() if f.shown), *self.joined)
        asked = tuple(name for name, f in self.fields.items() if f.type is not DOCUMENT)
        object.__setattr__(self, "shown", shown)
        object.__setattr__(self, "asked", asked)


def asked_of(work: Work, listing: Listing, query: Query) -> Asked:
    """Every condition of the question. Raises UserError for what the list does not know."""
    always: list[Condition] = []
    if is_tenants(listing.table):
        always.append(work.mine(listing.table))
    if listing.where is not None:
        always += listing.where(work)
    filters = tuple(
        (one.field, condition_of(one.field, field_of(listing, one), one, work.scope.tenant))
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


def names_of(listing: Listing, query: Query) -> tuple[str, ...]:
    names = query.fields or listing.shown
    unknown = [name for name in names if name not in listing.shown]
    if unknown:
        raise UserError(
            T("there is no field {name}", name=unknown[0][:100]),
            T("Choose from: {names}", names=listing.shown),
        )
    return tuple(dict.fromkeys(("id", *names)))


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
    return tuple(sorted(found, key=lambda f: (-f.count, f.value))[:FACET_VALUES])


def word_of(value: Any) -> str:
    """A value as it is typed in a filter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _search(work: Work, listing: Listing, words: Sequence[str]) -> Found:
    if callable(listing.search):
        return listing.search(work, words)
    if not listing.search:
        raise UserError(T("{list} cannot be searched by words", list=listing.name))
    columns = listing.search
    each = (sa.or_(*(contains(column, word) for column in columns)) for word in words)
    return Found(sa.and_(*each))
