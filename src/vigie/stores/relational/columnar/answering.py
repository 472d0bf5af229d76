"""Answers a question to the list of findings: how many, of which sorts, and the page's ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa

from vigie.model.queries import Query
from vigie.stores.relational import cursors
from vigie.stores.relational.columnar.columns import (
    FLAGS,
    KEYS,
    RANKS,
    WORDS,
    Columns,
    Mask,
    packed,
)
from vigie.stores.relational.columnar.filtering import held_by, mask_of, numeric
from vigie.stores.relational.columnar.keeping import columns_of
from vigie.stores.relational.database import Work
from vigie.stores.relational.listings.searched_words import texts_of
from vigie.stores.relational.questions import (
    Counted,
    Listing,
    Picked,
    check_facets,
    field_of,
    names_of,
    ranked,
    sort_of,
    words_of,
)
from vigie.stores.relational.remembering import remembered
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.findings import FINDINGS

_SORTS = frozenset({"id", "severity", "decision", "score", "epss", "first_seen", "last_seen"})
_OF_ASSETS = ("name", "kind", "owner", "criticality", "exposure")


def pick(listing: Listing, work: Work, query: Query, most: int) -> Picked | None:
    """What the question has, with the ids of `most` rows from its cursor on. None when the
    columns cannot tell, or are not held. Raises UserError as the list itself does."""
    check_facets(listing, query)
    names_of(listing, query)
    name, _, descending = sort_of(listing, query)
    if name not in _SORTS or not all(_counts(listing, facet) for facet in query.facets):
        return None
    for one in query.filters:
        field_of(listing, one)
    words = words_of(query)
    columns = columns_of(work)
    if columns is None:
        return None
    masks = _masks(listing, work, columns, query)
    found = _searched(work, columns, words)
    if masks is None or found is None:
        return None
    passing = _all(found, [mask for _, mask in masks])
    facets = {
        facet: _facet(listing, work, columns, facet, _but(facet, passing, found, masks))
        for facet in query.facets
    }
    counted = Counted(int(np.count_nonzero(passing)), exact=True, facets=facets)
    places = _page(listing, columns, query, passing, name, descending=descending)[:most]
    return Picked(counted, columns.ids_at(places))


Masks = Sequence[tuple[str, Mask]]  # each with its field's name


def _masks(listing: Listing, work: Work, columns: Columns, query: Query) -> Masks | None:
    found = []
    for one in query.filters:
        mask = mask_of(work, columns, listing.fields[one.field], one)
        if mask is None:
            return None
        found.append((one.field, mask))
    return found


def _searched(work: Work, columns: Columns, words: Sequence[str]) -> Mask | None:
    if not words:
        return np.ones(len(columns), np.bool_)
    texts = texts_of(work)
    return None if texts is None else held_by(work, columns, texts, words)


def _all(first: Mask, masks: Sequence[Mask]) -> Mask:
    found = first.copy()
    for mask in masks:
        found &= mask
    return found


def _but(facet: str, passing: Mask, found: Mask, masks: Masks) -> Mask:
    """The rows that pass all filters but those on the facet's own field."""
    if all(name != facet for name, _ in masks):
        return passing
    return _all(found, [mask for name, mask in masks if name != facet])


def _counts(listing: Listing, facet: str) -> bool:
    """The columns know the values of this field."""
    column = listing.fields[facet].column
    if column.table is ASSETS:
        return column.name in _OF_ASSETS
    return column.table is FINDINGS and column.name in (*WORDS, *RANKS, *FLAGS, "asset_id")


def _facet(listing: Listing, work: Work, columns: Columns, facet: str, passing: Mask) -> Any:
    column = listing.fields[facet].column
    if column.table is not ASSETS:
        numbers = _numbers(columns.by_name[column.name][passing])
        return ranked(_worded(columns, column, numbers))
    assets = columns.vocabularies["asset_id"].values
    said = remembered(work, "assets' facets", lambda: _of_assets(work))
    counts: Counter[str] = Counter()
    for code, number in _numbers(columns.by_name["asset_id"][passing]).items():
        counts[said[assets[code]][column.name]] += number
    return ranked(counts)


def _numbers(codes: Any) -> dict[int, int]:
    """How often each number occurs; -1 is the lowest there is."""
    counts = np.bincount(codes.astype(np.intp) + 1)
    return {int(code) - 1: int(counts[code]) for code in np.flatnonzero(counts)}


def _worded(columns: Columns, column: Any, numbers: Mapping[int, int]) -> dict[Any, int]:
    if column.name in (*WORDS, *KEYS):
        values: Any = columns.vocabularies[column.name].values
    elif column.name in RANKS:
        values = column.type.order
    else:
        values = (False, True)
    return {values[code] if code >= 0 else None: number for code, number in numbers.items()}


def _of_assets(work: Work) -> dict[str, dict[str, str]]:
    query = sa.select(ASSETS.c.id, *(ASSETS.c[name] for name in _OF_ASSETS))
    return {row["id"]: dict(row) for row in work.run(query.where(work.mine(ASSETS))).mappings()}


def _page(
    listing: Listing, columns: Columns, query: Query, passing: Mask, name: str, *, descending: bool
) -> Any:
    """Places of the rows after the cursor that pass, in the order asked for."""
    order = columns.sorted_by(name)
    if query.cursor:
        value, last = cursors.read(query.cursor, name, listing.fields[name].type)
        key = packed(value) if name == "id" else numeric(listing.fields[name], value)
        at = _position(columns, order, name, key, packed(last), descending=descending)
        order = order[:at] if descending else order[at:]
    if descending:
        order = order[::-1]
    return order[passing[order]]


def _position(
    columns: Columns, order: Any, name: str, key: Any, last: bytes, *, descending: bool
) -> int:
    """How many rows of the order come before the cursor's row, which counts itself only when
    they are walked upward."""
    side: Literal["left", "right"] = "left" if descending else "right"
    place = int(np.searchsorted(columns.ids, np.array(last, columns.ids.dtype), side))
    if name == "id":
        return place
    keys = columns.sort_key(name)[order]
    first, end = int(np.searchsorted(keys, key, "left")), int(np.searchsorted(keys, key, "right"))
    return first + int(np.searchsorted(order[first:end], place, "left"))
