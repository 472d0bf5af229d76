"""Tickets as people ask for them and see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.queries import Page, Query
from vigie.model.text import T, Words
from vigie.services import records, tenant_settings
from vigie.services.platform import Caller, Platform
from vigie.services.reading import assets, findings
from vigie.services.records import Noun
from vigie.services.sentences import spoken
from vigie.services.telling import channels, opening
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, ID, TIME, Field, Through
from vigie.stores.relational.listing import Listing, page_of
from vigie.stores.relational.tables.telling import FINDING_TICKETS, TICKETS

TICKET = Noun("ticket", TICKETS)
_T = TICKETS.c

LISTING = Listing(
    "tickets",
    TICKETS,
    {
        "id": Field(_T.id, ID),
        "channel_id": Field(_T.channel_id, ID, facet=True),
        "subject_kind": Field(_T.subject_kind, facet=True),
        "subject_id": Field(_T.subject_id),
        "title": Field(_T.title),
        "remote_id": Field(_T.remote_id),
        "url": Field(_T.url),
        "state": Field(_T.state, facet=True),
        "state_said": Field(_T.state_said),
        "error": Field(_T.error, DOCUMENT),
        "package": Field(_T.findings, DOCUMENT),
        "actor": Field(_T.actor),
        "created_at": Field(_T.created_at, TIME, sort=True),
        "updated_at": Field(_T.updated_at, TIME, sort=True),
        "checked_at": Field(_T.checked_at, TIME),
        "closed_at": Field(_T.closed_at, TIME),
        "revision": Field(_T.revision, COUNT),
        "finding_id": Field(
            FINDING_TICKETS.c.finding_id, ID, shown=False,
            condition=Through(_T.id, FINDING_TICKETS, "ticket_id"),
        ),
    },
    sort="-created_at",
    search=(_T.title, _T.remote_id),
)  # fmt: skip


def page(platform: Platform, caller: Caller, query: Query) -> Page:
    """One page of the tickets."""
    with platform.database.read(caller.scope) as work:
        return page_of(work, LISTING, query)


def one(work: Work, ticket_id: str) -> dict[str, Any]:
    """A ticket with the ids of its findings. Raises NotFound."""
    row = records.find(work, TICKET, ticket_id)
    link = FINDING_TICKETS.c
    query = sa.select(link.finding_id).where(
        work.mine(FINDING_TICKETS), link.ticket_id == ticket_id
    )
    ids = work.run(query.order_by(link.finding_id).limit(1000)).scalars().all()
    return {**row, "finding_ids": list(ids)}


def shown(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A ticket as answers hold it: the package whose upgrade it is about, and what went wrong in
    the reader's words."""
    hidden = ("tenant_id", "key", "findings", "digest", "actor_id")
    told = {name: value for name, value in row.items() if name not in hidden}
    for kept in ("findings", "package"):  # as the row calls it, and as lists do
        if kept in row:
            named = (row[kept] or {}).get("package")
            told["package"] = {"type": named[0], "name": named[1]} if named else None
    error = row.get("error")
    if error:
        parts = {name: spoken(error.get(name)) for name in ("message", "hint")}
        said = {name: words(text) if text is not None else "" for name, text in parts.items()}
        told["error"] = {**said, "at": error.get("at")}
    return told


def open_ticket(
    work: Work, platform: Platform, caller: Caller, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Open one for `finding_id`, or for the upgrade of `package` (type, name) at `asset_id`, over
    `channel_id` (else the tenant's own); the ticket, and whether it is new. One that is there is
    brought up to date.

    Raises NotFound for what is not the tenant's, UserError for a channel of another sort, one
    that is switched off, and for a package of which nothing is to be done.
    """
    named = tenant_settings.channel_for_tickets(work, asked.get("channel_id"))
    channel = channels.find(work, named)
    if not channels.is_tracker(platform, channel["kind"]):
        raise UserError(
            T("{name} is no ticket system", name=channel["name"]),
            T("Choose from: {names}", names=tuple(platform.plugs.trackers)),
        )
    if not channel["enabled"]:
        raise UserError(T("the channel is switched off"), T("Switch it on first."))
    now, finding = platform.clock(), asked.get("finding_id") or ""
    if finding:
        findings.find(work, finding)
        ticket, new = opening.open_row(work, caller, channel["id"], now, finding=finding)
        return one(work, ticket), new
    asset = asked.get("asset_id") or ""
    assets.find(work, asset)
    kind, name = asked["package"]
    if not opening.findings_of_package(work, asset, (kind, name)):
        raise UserError(
            T("nothing is to be done about {package} at this asset", package=name[:100]),
            T("The plan of the asset lists the packages to upgrade."),
        )
    ticket, new = opening.open_row(
        work, caller, channel["id"], now, asset=asset, package=(kind, name)
    )
    return one(work, ticket), new


def refresh(work: Work, platform: Platform, caller: Caller, ticket_id: str) -> dict[str, Any]:
    """Have its state read and what is new told now. Raises NotFound."""
    records.find(work, TICKET, ticket_id)
    opening.look_at(work, ticket_id, platform.clock())
    work.audit(caller.entry("ticket.refresh", "ticket", ticket_id))
    return one(work, ticket_id)
