"""Finds findings by words: in the few rules, components and assets that they name.

Under row-level security PostgreSQL uses an index only with operators that leak nothing, and
looking into a text is none of them: words looked for in a million findings would read all of
them. So the words are looked for in what findings name, a few thousand rows a tenant, and the
findings are then reached by their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import contains
from vigie.stores.relational.listing import Found
from vigie.stores.relational.listings.searched_words import PLACES, texts_of
from vigie.stores.relational.tables.findings import FINDINGS

_MOST = 5_000  # rows that are named one by one


@dataclass(slots=True)
class Hits:
    """The rows that hold one word, by the column of the findings that names them."""

    everywhere: bool = False
    ids: dict[str, list[str]] = field(default_factory=lambda: {column: [] for column, _ in PLACES})

    @property
    def number(self) -> int:
        """How many rows hold it."""
        return sum(map(len, self.ids.values()))

    @property
    def only_assets(self) -> bool:
        """True when no rule and no component holds it."""
        return not self.ids["rule_id"] and not self.ids["component_id"]


def search(work: Work, words: Sequence[str]) -> Found:
    """The condition that each word stands in a finding's rule, component or asset."""
    hits = _hits(work, words)
    if hits is None:
        return Found(sa.and_(*(_anywhere(work, word) for word in words)))
    condition = sa.and_(sa.true(), *(_by_keys(work, FINDINGS, one) for one in hits))
    return Found(condition, _ways(work, hits), hits)


def _hits(work: Work, words: Sequence[str]) -> list[Hits] | None:
    """Where each word stands, None when it stands in too many rows to name them."""
    hits = [Hits() for _ in words]
    texts = texts_of(work)
    if texts is not None:
        for one, word in zip(hits, words, strict=True):
            for (column, _), place in zip(PLACES, texts, strict=True):
                one.ids[column] = place.holding(word)
                # Every finding has a rule and an asset: what all of them say asks nothing.
                if column != "component_id" and place and len(one.ids[column]) == len(place):
                    one.everywhere = True
        hits = [one for one in hits if not one.everywhere]
        return hits if all(one.number <= _MOST for one in hits) else None
    found = work.run(_statement(work, words)).all()
    if len(found) > _MOST:
        return None
    for row in found:
        for number, one in enumerate(hits):
            if row[2 + number]:
                one.ids[PLACES[row.place][0]].append(row.id)
    return hits


def _ways(work: Work, hits: Sequence[Hits]) -> list[sa.ColumnElement[bool]]:
    """By the rules of the word that fewest rows hold, by its components and not these rules, by
    its assets and none of both; the other words are looked up in what that gives."""
    if not hits:
        return [sa.true()]
    first, *others = sorted(hits, key=lambda one: one.number)
    rest = [_by_keys(work, FINDINGS, one) for one in others]
    found = []
    without: list[sa.ColumnElement[bool]] = []
    for column, ids in first.ids.items():
        if ids:
            way = among(work, FINDINGS.c[column], ids)
            found.append(sa.and_(way, *without, *rest))
            without.append(way.is_not(True))
    return found or [sa.false()]


def among(work: Work, column: Any, ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """The column holds one of these ids, which go to the database as one value: the statement
    is the same one for any number of them."""
    found: sa.ColumnElement[bool]
    if work.dialect == "sqlite":
        packed = msgspec.json.encode([one.replace("-", "") for one in ids]).decode()
        each = sa.func.json_each(packed).table_valued("value")
        found = column.in_(sa.select(each.c.value))
    else:
        found = column == sa.any_(sa.bindparam(None, list(ids), type_=sa.ARRAY(column.type)))
    return found


def of_assets(work: Work, table: sa.Table, hits: Sequence[Hits]) -> list[sa.ColumnElement[bool]]:
    """The same condition on another table that names assets; for words that stand in assets
    alone."""
    return [_by_keys(work, table, one) for one in hits]


def _by_keys(work: Work, table: sa.Table, hits: Hits) -> sa.ColumnElement[bool]:
    ways = [among(work, table.c[column], ids) for column, ids in hits.ids.items() if ids]
    return sa.or_(*ways) if ways else sa.false()


def _statement(work: Work, words: Sequence[str]) -> Any:
    """(id, place, whether it holds each word) of every row that holds any of them."""
    parts = []
    for place, (_, table) in enumerate(PLACES):
        held = [_holds(work, table.c.search, word) for word in words]
        flags = [one.label(f"word_{number}") for number, one in enumerate(held)]
        parts.append(
            sa.select(table.c.id, sa.literal_column(str(place)).label("place"), *flags)
            .where(work.mine(table), sa.or_(*held))
            .limit(_MOST + 1)
        )
    # SQLite takes no LIMIT in a part of a UNION as it stands.
    return sa.union_all(*(sa.select(*part.subquery().c) for part in parts))


def _holds(work: Work, column: Any, word: str) -> sa.ColumnElement[bool]:
    place = sa.func.instr if work.dialect == "sqlite" else sa.func.strpos
    found: sa.ColumnElement[bool] = place(column, word) > 0
    return found


def _anywhere(work: Work, word: str) -> sa.ColumnElement[bool]:
    """For a word that stands in too many rows to name them."""
    return sa.or_(
        *(
            FINDINGS.c[column].in_(
                sa.select(table.c.id).where(work.mine(table), contains(table.c.search, word))
            )
            for column, table in PLACES
        )
    )
