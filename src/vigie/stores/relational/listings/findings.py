"""The list of findings: what it can be asked, by columns of its own and of what it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from vigie.model.queries import Operator
from vigie.stores.relational.columnar.answering import pick
from vigie.stores.relational.fields import (
    COUNT,
    DAY,
    FLAG,
    ID,
    NUMBER,
    TIME,
    Field,
    Through,
    contains,
)
from vigie.stores.relational.listing import Joined, Listing
from vigie.stores.relational.listings import searching
from vigie.stores.relational.listings.finding_counts import counter, facts
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS, RUNS
from vigie.stores.relational.tables.findings import FINDINGS, HISTORY, RULES

_F = FINDINGS.c


def named(operator: Operator, values: Sequence[str]) -> sa.ColumnElement[bool]:
    """A rule by its name or by an alias."""
    aliases = sa.type_coerce(RULES.c.aliases, sa.Text)
    if operator is Operator.HAS:
        return sa.or_(*(contains(c, v) for v in values for c in (RULES.c.name, aliases)))
    return sa.or_(RULES.c.name.in_(values), *(in_document(RULES.c.aliases, v) for v in values))


def said_by(operator: Operator, values: Sequence[str]) -> sa.ColumnElement[bool]:
    """A tool that says it."""
    if operator is Operator.HAS:
        return sa.or_(*(contains(sa.type_coerce(_F.sources, sa.Text), v) for v in values))
    return sa.or_(*(in_document(_F.sources, v) for v in values))


def in_document(column: Any, word: str) -> sa.ColumnElement[bool]:
    """A list of words kept as a document holds this word."""
    written = msgspec.json.encode(word).decode()
    found: sa.ColumnElement[bool] = sa.type_coerce(column, sa.Text).contains(
        written, autoescape=True
    )
    return found


@dataclass(frozen=True, slots=True)
class Told(Through):
    """Findings whose history says this of them, at some time or by an import: a field of
    `HISTORY`, or of the `RUNS` that it names."""

    what: tuple[str, ...] = ()

    def rows(self, tenant: str, inner: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """The findings of which it is told where this is true."""
        told = sa.select(HISTORY.c[self.by]).where(
            HISTORY.c.tenant_id == tenant, HISTORY.c.what.in_(self.what), inner
        )
        return told if self.table is HISTORY else told.join(RUNS, _TOLD_BY)


def _told(table: sa.Table, *what: str) -> Told:
    return Told(_F.id, table, by="finding_id", what=what)


def _on(_: Operator, days: Sequence[datetime]) -> sa.ColumnElement[bool]:
    """On one of these days (UTC)."""
    at = HISTORY.c.at
    return sa.or_(*(sa.and_(at >= day, at < day + timedelta(days=1)) for day in days))


# A run and what is told of it have one time, by which an index leads from the one to the other.
_TOLD_BY = sa.and_(
    RUNS.c.tenant_id == HISTORY.c.tenant_id,
    RUNS.c.at == HISTORY.c.at,
    # The history has an id as text, the runs as the database keeps ids.
    sa.func.replace(sa.cast(RUNS.c.id, sa.Text), "-", "")
    == sa.func.replace(HISTORY.c.run_id, "-", ""),
)
_COMPONENT = Through(_F.component_id, COMPONENTS)
_OWN = {
    "id": Field(_F.id, ID),
    **facts(FINDINGS),
    "score": Field(_F.score, NUMBER, sort=True),
    "fix_version": Field(_F.fix_version),
    "kev": Field(_F.kev, FLAG, facet=True),
    "epss": Field(_F.epss, NUMBER, sort=True, rank=sa.func.coalesce(_F.epss, -1.0)),
    "place": Field(_F.place),
    "sources": Field(_F.sources, compare=said_by),
    "source": Field(_F.sources, compare=said_by, shown=False),
    "assignee": Field(_F.assignee, facet=True),
    "first_seen": Field(_F.first_seen, TIME, sort=True),
    "last_seen": Field(_F.last_seen, TIME, sort=True),
    "closed_at": Field(_F.closed_at, TIME),
    "reopened": Field(_F.reopened, COUNT),
    # What the history tells of them; `closed_at` and `first_seen` are how it ended or began.
    "new_at": Field(HISTORY.c.at, TIME, shown=False, condition=_told(HISTORY, "found")),
    "fixed_at": Field(HISTORY.c.at, TIME, shown=False, condition=_told(HISTORY, "closed")),
    "reopened_at": Field(HISTORY.c.at, TIME, shown=False, condition=_told(HISTORY, "reopened")),
    "came_on": Field(
        HISTORY.c.at,
        DAY,
        shown=False,
        compare=_on,
        condition=_told(HISTORY, "found", "reopened"),
    ),
    "went_on": Field(
        HISTORY.c.at, DAY, shown=False, compare=_on, condition=_told(HISTORY, "closed")
    ),
    # What an import did, by its id: it found them, saw them again, no longer saw them.
    "new_in": Field(RUNS.c.import_id, ID, shown=False, condition=_told(RUNS, "found")),
    "reopened_in": Field(RUNS.c.import_id, ID, shown=False, condition=_told(RUNS, "reopened")),
    "closed_in": Field(RUNS.c.import_id, ID, shown=False, condition=_told(RUNS, "closed")),
    "revision": Field(_F.revision, COUNT),
    "fingerprint": Field(_F.fingerprint),
    "suppression_id": Field(_F.suppression_id, ID),
}
_ELSEWHERE = {
    "rule_id": Field(_F.rule_id, ID),
    "rule": Field(RULES.c.name, compare=named, condition=Through(_F.rule_id, RULES), shown=False),
    "component_id": Field(_F.component_id, ID),
    "component": Field(COMPONENTS.c.name, condition=_COMPONENT, shown=False),
    "component_type": Field(COMPONENTS.c.type, condition=_COMPONENT, shown=False),
    "component_version": Field(COMPONENTS.c.version, condition=_COMPONENT, shown=False),
    "purl": Field(COMPONENTS.c.purl, condition=_COMPONENT, shown=False),
}

LISTING = Listing(
    "findings",
    FINDINGS,
    {**_OWN, **_ELSEWHERE},
    sort="-score",
    search=searching.search,
    joined={
        "asset": Joined(
            "asset_id", ASSETS, ("id", "kind", "name", "owner", "criticality", "exposure")
        ),
        "rule": Joined("rule_id", RULES, ("id", "name", "title", "aliases")),
        "component": Joined("component_id", COMPONENTS, ("id", "type", "name", "version", "purl")),
    },
    count=counter,
    pick=pick,
)
