"""Which rows of the columns a filter or a search leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from vigie.model.queries import Filter, Operator
from vigie.stores.relational.columnar.columns import (
    FLAGS,
    KEYS,
    NUMBERS,
    RANKS,
    TIMES,
    WORDS,
    Array,
    Columns,
    Mask,
    packed,
)
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import Field, Through, elsewhere, values_of
from vigie.stores.relational.listings.searched_words import PLACES, Texts
from vigie.stores.relational.remembering import remembered
from vigie.stores.relational.tables.findings import FINDINGS
from vigie.stores.relational.types import microseconds


def mask_of(work: Work, columns: Columns, field: Field, asked: Filter) -> Mask | None:
    """The rows that pass, None when the columns cannot tell. Raises UserError for a word that
    the field does not know."""
    if isinstance(field.condition, Through):
        return _through(work, columns, field, field.condition, asked)
    if field.condition is None and field.compare is None and field.column.table is FINDINGS:
        return _own(columns, field, asked)
    return None


def numeric(field: Field, value: Any) -> Any:
    """A value as the column holds it."""
    ranks = getattr(field.column.type, "order", None)
    if ranks is not None:
        return ranks.index(value)
    return microseconds(value) if isinstance(value, datetime) else value


def held_by(work: Work, columns: Columns, texts: Texts, words: Sequence[str]) -> Mask:
    """The rows whose rule, component or asset holds each of the words."""
    found = np.ones(len(columns), np.bool_)
    for word in words:
        found &= _holding(work, columns, texts, word)
    return found


def _holding(work: Work, columns: Columns, texts: Texts, word: str) -> Mask:
    found = np.zeros(len(columns), np.bool_)
    rows = remembered(work, ("word", word), lambda: [place.rows(word) for place in texts])
    for (column, _), place, some in zip(PLACES, texts, rows, strict=True):
        if len(some):
            codes = columns.vocabularies[column].codes_of(place.ids)
            found |= columns.vocabularies[column].among(codes[some]).take(columns.by_name[column])
    return found


def _through(
    work: Work, columns: Columns, field: Field, way: Through, asked: Filter
) -> Mask | None:
    """By the rows of another table that the filter finds there."""
    if way.key.table is not FINDINGS or way.key.name not in ("id", *KEYS):
        return None

    def look_up() -> Any:
        condition = elsewhere(asked.field, field, asked)
        ids = work.run(way.rows(work.tenant, condition)).scalars()
        return _packed(columns, ids) if way.key.name == "id" else frozenset(ids)

    ids = remembered(work, ("through", asked), look_up)
    if way.key.name == "id":
        found: Mask = np.isin(columns.ids, ids)
    else:
        found = columns.vocabularies[way.key.name].chosen(ids).take(columns.by_name[way.key.name])
    return ~found if asked.operator is Operator.NOT else found


def _own(columns: Columns, field: Field, asked: Filter) -> Mask | None:
    name = field.column.name
    values = values_of(asked.field, field, asked)
    if asked.operator in (Operator.IS, Operator.NOT):
        found = _among(columns, name, field, values)
        return found if found is None or asked.operator is Operator.IS else ~found
    if name not in (*RANKS, *NUMBERS, *TIMES):
        return None  # texts are compared in the database's own order
    return _ordered(columns.by_name[name], asked.operator, numeric(field, values[0]))


def _packed(columns: Columns, ids: Iterable[str]) -> Array:
    return np.array([packed(one) for one in ids], columns.ids.dtype)


def _among(columns: Columns, name: str, field: Field, values: Sequence[Any]) -> Mask | None:
    if name == "id":
        found: Mask = np.isin(columns.ids, _packed(columns, values))
        return found
    if name not in columns.by_name:
        return None
    column = columns.by_name[name]
    if name in (*WORDS, *KEYS):
        texts = (getattr(value, "value", value) for value in values)
        return columns.vocabularies[name].chosen(texts).take(column)
    wanted = [numeric(field, value) for value in values]
    if name in (*FLAGS, *RANKS):
        table = np.zeros(128, np.bool_)  # of every number that the column may hold
        table[[int(value) for value in wanted]] = True
        return table.take(column)
    if any(isinstance(value, float) and math.isnan(value) for value in wanted):
        return None
    found = column == wanted[0]
    for value in wanted[1:]:
        found |= column == value
    return found


def _ordered(column: Any, operator: Operator, value: Any) -> Mask | None:
    if isinstance(value, float) and math.isnan(value):
        return None
    match operator:
        case Operator.AFTER:
            found = column >= value
        case Operator.UNTIL:
            found = column <= value
        case Operator.MORE:
            found = column > value
        case Operator.LESS:
            found = column < value
        case _:
            return None
    mask: Mask = found
    return mask
