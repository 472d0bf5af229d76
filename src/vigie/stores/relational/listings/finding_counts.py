"""Counts findings: from the tallies wherever they know enough, else in one pass over the rows.

The tallies hold how many findings of each sort an asset has, so a count over fifty thousand
findings reads a few thousand of them. They know nothing of rules, components and times: a
question about those is counted from the findings it is left with, `PASSED` of them at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from vigie.model.assets import AssetKind, Criticality, Exposure
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.queries import Operator, Query
from vigie.model.severity import Severity
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import (
    FLAG,
    ID,
    TEXT,
    Field,
    Through,
    condition_of,
    contains,
    passing,
    words_of,
)
from vigie.stores.relational.listing import (
    Asked,
    Condition,
    Counted,
    Listing,
    check_facets,
    count_rows,
    ranked,
)
from vigie.stores.relational.listings import searching
from vigie.stores.relational.questions import words_of as words_in
from vigie.stores.relational.remembering import remembered
from vigie.stores.relational.tables.assets import ASSET_LABELS, ASSETS
from vigie.stores.relational.tables.findings import FINDINGS, TALLIES

PASSED = 20_000  # findings that one count reads at most
FEW = 2_000  # rows that are sorted rather than come across
KEYED = frozenset({
    "rule", "rule_id", "component", "component_id", "purl", "new_in", "reopened_in", "closed_in",
})  # fmt: skip
_INDEXED = {"kind": 0, "severity": 1, "status": 2, "decision": 3, "fixable": 4}
_COUNTING = tuple(status.value for status in Status if status.counts)


def labelled(operator: Operator, values: Sequence[str]) -> Condition:
    """`key:value`, or `key` whatever its value."""
    columns = ASSET_LABELS.c
    found: list[Condition] = []
    for word in values:
        key, colon, value = word.partition(":")
        if operator is Operator.HAS:
            found.append(sa.or_(contains(columns.key, word), contains(columns.value, word)))
        elif colon:
            found.append(sa.and_(columns.key == key, columns.value == value))
        else:
            found.append(columns.key == key)
    return sa.or_(*found)


def facts(table: sa.Table) -> dict[str, Field]:
    """The fields that findings and tallies both know."""
    columns = table.c
    asset = Through(columns.asset_id, ASSETS)
    label = Through(columns.asset_id, ASSET_LABELS, by="asset_id")
    counts = columns.counts if "counts" in columns else columns.status.in_(_COUNTING)
    return {
        "kind": Field(columns.kind, words_of(Kind), facet=True),
        "severity": Field(columns.severity, words_of(Severity), sort=True, facet=True),
        "decision": Field(columns.decision, words_of(Decision), sort=True, facet=True),
        "status": Field(columns.status, words_of(Status), facet=True),
        "counts": Field(counts, FLAG, facet=True),
        "fixable": Field(columns.fixable, FLAG, facet=True),
        "asset_id": Field(columns.asset_id, ID, facet=True),
        "asset": Field(ASSETS.c.name, facet=True, shown=False, condition=asset),
        "asset_kind": _of_asset(ASSETS.c.kind, asset, words_of(AssetKind)),
        "owner": _of_asset(ASSETS.c.owner, asset),
        "criticality": _of_asset(ASSETS.c.criticality, asset, words_of(Criticality)),
        "exposure": _of_asset(ASSETS.c.exposure, asset, words_of(Exposure)),
        "label": Field(ASSET_LABELS.c.key, shown=False, condition=label, compare=labelled),
    }


def _of_asset(column: Any, condition: Any, kind: Any = TEXT) -> Field:
    return Field(column, kind, facet=True, shown=False, condition=condition)


_TALLIED = facts(TALLIES)


def counter(listing: Listing, work: Work, query: Query, asked: Asked) -> Counted:
    """The total and the facets, each under all filters but its own field's."""
    check_facets(listing, query)
    key = ("findings", query.filters, tuple(words_in(query)), query.facets)
    return remembered(work, key, lambda: _count(listing, work, query, asked))


def _count(listing: Listing, work: Work, query: Query, asked: Asked) -> Counted:
    named = {one.field for one in query.filters} | set(query.facets)
    hits = asked.found.hits if asked.found else ()
    # No hits are told of words that stand in too many rows to name.
    by_assets = asked.found is None or (hits is not None and all(h.only_assets for h in hits))
    if by_assets and named <= _TALLIED.keys():
        return _of_tallies(work, query, hits or ())
    return _of_rows(listing, work, query, asked)


def _of_tallies(work: Work, query: Query, hits: Sequence[searching.Hits]) -> Counted:
    asked = Asked(
        (work.mine(TALLIES), *searching.of_assets(work, TALLIES, hits)),
        tuple(
            (one.field, condition_of(one.field, _TALLIED[one.field], one, work.tenant))
            for one in query.filters
        ),
    )
    return _counted(_groups(work, _TALLIED, TALLIES, query, asked), query, _TALLIED)


def _of_rows(listing: Listing, work: Work, query: Query, asked: Asked) -> Counted:
    if not query.facets:
        total, exact = count_rows(work, listing, asked)
        return Counted(total, exact, {}, few=total <= FEW and _keyed(query, asked))
    groups = _groups(work, listing.fields, FINDINGS, query, asked, PASSED)
    passed = sum(number for _, number in groups)
    counted = _counted(groups, query, listing.fields, few=passed <= FEW and _keyed(query, asked))
    if passed < PASSED:
        return counted
    total, _ = count_rows(work, listing, asked)
    return Counted(total, False, counted.facets)


def _keyed(query: Query, asked: Asked) -> bool:
    """An index leads to the rows, other than the one that is sorted by."""
    return asked.found is not None or any(one.field in KEYED for one in query.filters)


Groups = Sequence[tuple[Sequence[Any], int]]


def _groups(
    work: Work, fields: Mapping[str, Field], table: sa.Table, query: Query, asked: Asked,
    most: int = 0,
) -> Groups:  # fmt: skip
    """How many rows there are of each combination of the facets' values. Filters on these
    fields are left out, for each facet must be counted without its own."""
    filters = [one for name, one in asked.filters if name not in query.facets]
    columns = [fields[name].column.label(f"value_{n}") for n, name in enumerate(query.facets)]
    number = table.c["count"] if table is TALLIES else sa.literal_column("1")
    parts = []
    for way in asked.each_way(filters):
        part = sa.select(number.label("number"), *columns).select_from(table).where(*way)
        if any(fields[name].column.table is ASSETS for name in _plain(fields, query)):
            mine = sa.and_(ASSETS.c.id == table.c.asset_id, work.mine(ASSETS))
            part = part.join(ASSETS, mine)
        parts.append(part)
    found: Any = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    rows = (found.limit(most) if most else found).subquery()
    by = [column for column in rows.c if column.name != "number"]
    # In the order of the index over the tallies, so that nothing is sorted.
    by.sort(key=lambda column: _INDEXED.get(query.facets[int(column.name[6:])], 9))
    total = sa.func.coalesce(sa.func.sum(rows.c.number), 0).label("number")
    groups = work.run(sa.select(total, *rows.c[1:]).group_by(*by)).all()
    return [(row[1:], int(row[0])) for row in groups]


def _plain(fields: Mapping[str, Field], query: Query) -> list[str]:
    return [name for name in query.facets if hasattr(fields[name].column, "table")]


def _counted(
    groups: Groups, query: Query, fields: Mapping[str, Field], *, few: bool = False
) -> Counted:
    """Each facet from the groups that pass all filters but those on its own field."""
    places = {name: place for place, name in enumerate(query.facets)}
    own = [
        (one.field, places[one.field], passing(fields[one.field], one))
        for one in query.filters
        if one.field in places
    ]
    total = 0
    counts: list[Counter[Any]] = [Counter() for _ in query.facets]
    for values, number in groups:
        failed = {name for name, place, passes in own if not passes(values[place])}
        if not failed:
            total += number
        for name, place in places.items():
            if failed <= {name}:
                counts[place][values[place]] += number
    found = {name: ranked(counts[place]) for name, place in places.items()}
    return Counted(total, True, found, few=few)
