"""Findings: lists, one with all that stands behind it, its history, exports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from vigie.model.queries import Filter, Operator, Page, Query
from vigie.model.text import T
from vigie.services.failures import NotFound, TooLarge, TooMany
from vigie.services.platform import Caller, Platform
from vigie.services.reading.stored import evidence_of
from vigie.stores.relational import listing, records
from vigie.stores.relational.database import Work
from vigie.stores.relational.listings import findings as listed
from vigie.stores.relational.listings import history as told
from vigie.stores.relational.questions import asked_of
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import COMMENTS, FINDINGS, RULES, SUPPRESSIONS
from vigie.stores.relational.tables.telling import CHANNELS, FINDING_TICKETS, TICKETS

_EXPORTS = threading.BoundedSemaphore(4)  # each holds a connection for as long as it is read
_HIDDEN = frozenset({"tenant_id", "search", "digest", "content"})


def page(
    platform: Platform,
    caller: Caller,
    query: Query,
    write: Callable[[Mapping[str, Any]], Any] = dict,
) -> Page:
    """One page of the findings, each as `write` makes it."""
    with platform.database.read(caller.scope) as work:
        return listing.page_of(work, listed.LISTING, query, write)


def find(work: Work, finding_id: str) -> dict[str, Any]:
    """The finding's row. Raises NotFound, also for another tenant's."""
    row = records.get(work, FINDINGS, finding_id)
    if row is None:
        raise NotFound(
            T("there is no finding {id}", id=finding_id[:100]), T("The list of findings has them.")
        )
    return dict(row)


def one(platform: Platform, caller: Caller, finding_id: str) -> dict[str, Any]:
    """The finding with its rule, asset, component, evidence, decision, comments and tickets."""
    with platform.database.read(caller.scope) as work:
        row = find(work, finding_id)
        rule = records.get(work, RULES, row["rule_id"]) or {}
        asset = records.get(work, ASSETS, row["asset_id"]) or {}
        component = records.get(work, COMPONENTS, row["component_id"] or "")
        decision = records.get(work, SUPPRESSIONS, row["suppression_id"] or "")
        said = evidence_of(work, row)
        return {
            **{key: value for key, value in row.items() if key not in (*_HIDDEN, "document")},
            "rule": {
                **{key: rule.get(key) for key in ("id", "name", "title", "aliases")},
                **(rule.get("document") or {}),
            },
            "asset": {k: v for k, v in asset.items() if k not in _HIDDEN},
            "component": component and {k: v for k, v in component.items() if k not in _HIDDEN},
            "document": row["document"],
            "evidence": [
                {
                    "id": one.row["id"], "tool": one.row["tool"], "run_id": one.row["run_id"],
                    "first_seen": one.row["first_seen"], "last_seen": one.row["last_seen"],
                    "observation": one.row["document"],
                }
                for one in said
            ],
            "applies": decision and {k: v for k, v in decision.items() if k not in _HIDDEN},
            "comments": comments(work, finding_id),
            "tickets": tickets(work, finding_id),
        }  # fmt: skip


def comments_of(platform: Platform, caller: Caller, finding_id: str) -> list[dict[str, Any]]:
    """What people wrote, oldest first. Raises NotFound for a finding that is not there."""
    with platform.database.read(caller.scope) as work:
        find(work, finding_id)
        return comments(work, finding_id)


def check_comment(platform: Platform, caller: Caller, finding_id: str, comment_id: str) -> None:
    """Raises NotFound unless the finding has this comment."""
    with platform.database.read(caller.scope) as work:
        find(work, finding_id)
        row = records.get(work, COMMENTS, comment_id)
        if row is None or row["finding_id"] != finding_id:
            raise NotFound(T("there is no such comment"))


def ids_of(platform: Platform, caller: Caller, query: Query, most: int) -> list[str]:
    """The ids of all findings that the list would show. Raises TooLarge for more than `most`."""
    asked = Query(query.filters, query.search, fields=("id",))
    with platform.database.read(caller.scope) as work:
        found = listing.rows_of(
            work, listed.LISTING, asked, asked_of(work, listed.LISTING, asked), most + 1
        )
    if len(found) > most:
        raise TooLarge(
            T("no more than {most} findings can be decided at once", most=most),
            T("Choose fewer, or decide for the component or the whole tenant."),
        )
    return [row["id"] for row in found]


def comments(work: Work, finding_id: str) -> list[dict[str, Any]]:
    """What people wrote, oldest first."""
    query = (
        sa.select(COMMENTS)
        .where(work.mine(COMMENTS), COMMENTS.c.finding_id == finding_id)
        .order_by(COMMENTS.c.created_at, COMMENTS.c.id)
        .limit(1000)
    )
    return [
        {key: value for key, value in row.items() if key != "tenant_id"}
        for row in work.run(query).mappings()
    ]


def tickets(work: Work, finding_id: str) -> list[dict[str, Any]]:
    """Its tickets and the state each is in over there."""
    table = TICKETS
    columns = (table.c.id, table.c.title, table.c.url, table.c.remote_id, table.c.state,
               table.c.state_said, table.c.created_at, table.c.updated_at,
               table.c.closed_at)  # fmt: skip
    query = (
        sa.select(*columns, CHANNELS.c.name.label("channel"), CHANNELS.c.kind.label("system"))
        .join(FINDING_TICKETS, sa.and_(FINDING_TICKETS.c.ticket_id == table.c.id,
                                       work.mine(FINDING_TICKETS)))
        .join(CHANNELS, sa.and_(CHANNELS.c.id == table.c.channel_id, work.mine(CHANNELS)))
        .where(work.mine(table), FINDING_TICKETS.c.finding_id == finding_id)
        .order_by(table.c.created_at)
    )  # fmt: skip
    return [dict(row) for row in work.run(query).mappings()]


def history(platform: Platform, caller: Caller, finding_id: str, query: Query) -> Page:
    """What happened to it, latest first."""
    with platform.database.read(caller.scope) as work:
        find(work, finding_id)
        own = Filter("finding_id", Operator.IS, (finding_id,))
        asked = Query(
            (*query.filters, own), sort=query.sort, cursor=query.cursor, limit=query.limit,
            fields=query.fields, facets=query.facets,
        )  # fmt: skip
        return listing.page_of(work, told.LISTING, asked)


@contextmanager
def export(
    platform: Platform, caller: Caller, query: Query
) -> Iterator[Iterator[Mapping[str, Any]]]:
    """Every row that the list would show on all its pages, as of one moment.

    Raises TooMany while as many others are being read as may be; UserError as a list does.
    """
    if not _EXPORTS.acquire(blocking=False):
        raise TooMany(T("other exports are under way"), T("Try again in a minute."), after=60.0)
    try:
        with platform.database.read(caller.scope) as work:
            yield listing.every_row(work, listed.LISTING, query)
    finally:
        _EXPORTS.release()
