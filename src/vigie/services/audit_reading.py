"""The audit log as a list, filtered and paged as every other; and whole, as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from vigie.model.access import Permission
from vigie.model.errors import UserError
from vigie.model.queries import Facet, Page, Query
from vigie.model.text import T
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import cursors
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, TIME, Field
from vigie.stores.relational.ids import PLATFORM
from vigie.stores.relational.listing import COUNTED, MOST, Listing, check_facets
from vigie.stores.relational.questions import (
    FACET_VALUES,
    Asked,
    asked_of,
    names_of,
    sort_of,
    word_of,
)
from vigie.stores.relational.tables.governance import AUDIT

_A = AUDIT.c
PORTION = 1000  # entries of an export that are read at once

# Its id is the entry's place in the tenant's log: 1, 2, 3…
LISTING = Listing(
    "audit entries",
    AUDIT,
    {
        "id": Field(_A.seq, COUNT, sort=True),
        "action": Field(_A.action, facet=True),
        "actor_kind": Field(_A.actor_kind, facet=True),
        "actor_id": Field(_A.actor_id),
        "actor": Field(_A.actor, facet=True),
        "subject_kind": Field(_A.subject_kind, facet=True),
        "subject_id": Field(_A.subject_id),
        "detail": Field(_A.detail, DOCUMENT),
        "request_id": Field(_A.request_id),
        "address": Field(_A.address),
        "outcome": Field(_A.outcome, facet=True),
        "at": Field(_A.at, TIME),
        "hash": Field(_A.hash),
    },
    search=(_A.action, _A.actor, _A.subject_id, _A.detail),
)


def page(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the tenant's log. That it was read is an entry itself, written first: nobody
    reads unseen. Raises UserError for a question that the list does not know."""
    caller.require(Permission.AUDIT_READ)
    with platform.database.begin(caller.scope) as work:
        found = _page(work, query)
        work.audit(
            caller.entry("audit.read", "audit", "", filters=_told(query), search=query.search,
                         after=query.cursor[:200], rows=len(found.items))
        )  # fmt: skip
    return found


def export(platform: Platform, caller: Caller, query: Query, form: str) -> Iterator[dict[str, Any]]:
    """Every entry that the filters and words find, oldest first, with all that its hash is over:
    those that were there when it began. That it was exported is an entry itself, written first.
    Raises UserError for a question that the list does not know, or that asks for an order, some
    fields or a page: an export is whole."""
    caller.require(Permission.AUDIT_READ)
    _require_whole(query)
    with platform.database.begin(caller.scope) as work:
        asked_of(work, LISTING, query)
        last = sa.select(sa.func.max(_A.seq)).where(work.mine(AUDIT))
        until: int = work.run(last).scalar_one() or 0
        work.audit(
            caller.entry("audit.export", "audit", "", filters=_told(query), search=query.search,
                         format=form, until=until)
        )  # fmt: skip
    return _all(platform, caller, query, until)


def _all(platform: Platform, caller: Caller, query: Query, until: int) -> Iterator[dict[str, Any]]:
    # A transaction a page: whoever reads slowly holds no connection, and entries never change.
    after = 0
    while True:
        with platform.database.read(caller.scope) as work:
            wanted = [*asked_of(work, LISTING, query).all(), _A.seq > after, _A.seq <= until]
            found = sa.select(AUDIT).where(*wanted).order_by(_A.seq).limit(PORTION)
            rows = [dict(row) for row in work.run(found).mappings()]
        yield from rows
        if len(rows) < PORTION:
            return
        after = rows[-1]["seq"]


def _require_whole(query: Query) -> None:
    given = {"sort": query.sort, "cursor": query.cursor, "fields": query.fields,
             "facets": query.facets}  # fmt: skip
    if asked := [name for name, value in given.items() if value]:
        raise UserError(
            T("an export knows no {names}", names=asked),
            T("It holds whole entries, the oldest first; filters and q narrow it down."),
        )


def _told(query: Query) -> list[str]:
    """The filters, for the log."""
    return [f"{one.field}.{one.operator}={','.join(one.values)}" for one in query.filters][:20]


def _page(work: Work, query: Query) -> Page:
    check_facets(LISTING, query)
    asked = asked_of(work, LISTING, query)
    names = names_of(LISTING, query)
    columns = [LISTING.fields[name].column.label(name) for name in names]
    _, _, descending = sort_of(LISTING, query)
    wanted = asked.all()
    if query.cursor:
        last, _ = cursors.read(query.cursor, "id", COUNT)
        wanted.append(_A.seq < last if descending else _A.seq > last)
    order = sa.desc(_A.seq) if descending else sa.asc(_A.seq)
    limit = min(max(query.limit, 1), MOST)
    statement = sa.select(*columns).where(*wanted).order_by(order).limit(limit + 1)
    rows = [dict(row) for row in work.run(statement).mappings()]
    more = len(rows) > limit
    rows = rows[:limit]
    total = _count(work, asked)
    return Page(
        items=tuple(rows),
        next=cursors.write("id", rows[-1]["id"], PLATFORM) if more else "",
        total=min(total, COUNTED),
        exact=total <= COUNTED,
        facets={name: _facet(work, asked, name) for name in query.facets},
    )


def _count(work: Work, asked: Asked) -> int:
    some = sa.select(_A.seq).where(*asked.all()).limit(COUNTED + 1).subquery()
    found: int = work.run(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return found


def _facet(work: Work, asked: Asked, name: str) -> tuple[Facet, ...]:
    column: Any = LISTING.fields[name].column
    number = sa.func.count().label("number")
    statement = sa.select(column.label("value"), number).where(*asked.all(name)).group_by(column)
    rows = work.run(statement.order_by(number.desc(), column).limit(FACET_VALUES))
    return tuple(Facet(word_of(row.value), row.number) for row in rows)
