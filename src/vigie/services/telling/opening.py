"""Tickets as rows: one for each piece of work and channel, and a note that it is to be looked at.

The row is there before anything is asked of the ticket system, and its unique key is why there is
never a second one. What there is to do over there is a delivery of the outbox, one for each
ticket, which the courier sees through with `following`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from vigie.model.access import PrincipalKind
from vigie.model.identity import digest
from vigie.ports.tickets import TicketState
from vigie.services import live
from vigie.services.platform import Caller, system_caller
from vigie.services.telling.telltale import Happened
from vigie.stores.relational import findings as stored
from vigie.stores.relational.bulk import insert_new, select_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.tables.assets import COMPONENTS
from vigie.stores.relational.tables.findings import FINDINGS
from vigie.stores.relational.tables.telling import DELIVERIES, FINDING_TICKETS, TICKETS
from vigie.watch.grouping import BACK, NEW
from vigie.watch.routing import Fact

if TYPE_CHECKING:
    from vigie.services.telling.rules import Route

MOST_OPENED = 50  # tickets that a rule opens for one event, the weightiest first
_T = TICKETS.c
_D = DELIVERIES.c
_log = structlog.get_logger("vigie.telling")
Package = tuple[str, str]  # type and name


def upgrade_key(asset: str, package: Package) -> str:
    """The stable name of the upgrade of a package at an asset."""
    return f"upgrade/{asset}/{digest('package', *package, length=16)}"


def open_row(
    work: Work,
    caller: Caller,
    channel: str,
    at: datetime,
    *,
    finding: str = "",
    asset: str = "",
    package: Package | None = None,
    title: str = "",
) -> tuple[str, bool]:
    """The ticket of this finding, or of this package's upgrade at this asset: its id, and whether
    it is new. It is opened over there after this transaction, and so is one that was deleted."""
    key = f"finding/{finding}" if package is None else upgrade_key(asset, package)
    row = {
        "id": new_id(), "channel_id": channel, "key": key,
        "subject_kind": "finding" if package is None else "upgrade",
        "subject_id": finding or asset, "title": title[:300], "state": TicketState.UNKNOWN.value,
        "findings": {"package": list(package)} if package is not None else {},
        "actor": caller.principal.name, "actor_id": caller.principal.id,
        "created_at": at, "updated_at": at,
    }  # fmt: skip
    insert_new(work, TICKETS, [row])
    known = work.run(
        sa.select(_T.id, _T.state).where(
            work.mine(TICKETS), _T.channel_id == channel, _T.key == key
        ).with_for_update()
    ).one()  # fmt: skip
    new = known.id == row["id"]
    if known.state == TicketState.GONE.value:
        _begin_again(work, known.id)
    ids = [finding] if package is None else findings_of_package(work, asset, package)
    link(work, caller, known.id, ids, at)
    if new:
        kind = "user" if caller.principal.kind is PrincipalKind.USER else "system"
        work.audit(caller.entry("ticket.open", "ticket", known.id, key=key, channel=channel,
                                by=kind))  # fmt: skip
    look_at(work, known.id, at)
    return known.id, new


def _begin_again(work: Work, ticket: str) -> None:
    values = {"remote_id": "", "url": "", "state": TicketState.UNKNOWN.value, "digest": "",
              "state_said": "", "closed_at": None}  # fmt: skip
    work.run(sa.update(TICKETS).where(work.mine(TICKETS), _T.id == ticket).values(**values))


def link(work: Work, caller: Caller, ticket: str, ids: Sequence[str], at: datetime) -> None:
    """The ticket is about these findings, too; their history says so."""
    known = {
        row.finding_id
        for row in select_where(work, FINDING_TICKETS, "ticket_id", [ticket])
    }  # fmt: skip
    fresh = [one for one in ids if one not in known]
    insert_new(work, FINDING_TICKETS, [{"finding_id": i, "ticket_id": ticket} for i in fresh])
    who = caller.principal
    stored.add_history(work, [
        {"finding_id": one, "what": "ticket", "actor": who.name, "actor_id": who.id,
         "document": {"ticket": ticket}, "run_id": None, "at": at}
        for one in fresh
    ])  # fmt: skip


def findings_of_package(work: Work, asset: str, package: Package) -> list[str]:
    """The vulnerabilities of this package at this asset that are somebody's work."""
    query = (
        sa.select(FINDINGS.c.id)
        .join(
            COMPONENTS, sa.and_(COMPONENTS.c.id == FINDINGS.c.component_id, work.mine(COMPONENTS))
        )
        .where(
            work.mine(FINDINGS), FINDINGS.c.asset_id == asset, FINDINGS.c.counts.is_(True),
            FINDINGS.c.kind == "vulnerability",
            COMPONENTS.c.type == package[0], COMPONENTS.c.name == package[1],
        )
        .order_by(FINDINGS.c.score.desc(), FINDINGS.c.id)
        .limit(1000)
    )  # fmt: skip
    return list(work.run(query).scalars())


def notice(work: Work, findings: Iterable[str], at: datetime) -> None:
    """Something happened to these findings: have a look at their tickets."""
    any_ticket = sa.select(_T.id).where(work.mine(TICKETS)).limit(1)
    if work.run(any_ticket).first() is None:
        return
    ids = (one for one in findings if is_id(one))
    rows = select_where(work, FINDING_TICKETS, "finding_id", ids, FINDING_TICKETS.c.ticket_id)
    for ticket in sorted({row.ticket_id for row in rows}):
        look_at(work, ticket, at)


def look_at(work: Work, ticket: str, at: datetime) -> None:
    """Have the ticket brought up to date after this transaction: its one delivery is due."""
    row = work.run(
        sa.select(_T.channel_id, _T.title).where(work.mine(TICKETS), _T.id == ticket)
    ).one_or_none()
    if row is None:
        return
    key = f"ticket/{ticket}"
    live.to_send(work)
    again = work.run(
        sa.update(DELIVERIES)
        .where(work.mine(DELIVERIES), _D.key == key, _D.state != "sending")
        .values(state="waiting", due_at=at, attempts=0, ended_at=None)
    )
    if again.rowcount:
        return
    delivery = {
        "id": new_id(), "channel_id": row.channel_id, "rule_id": None, "key": key,
        "matter": "ticket", "message": {"ticket": ticket, "title": row.title},
        "state": "waiting", "log": {"since": None, "attempts": []}, "created_at": at,
        "due_at": at,
    }  # fmt: skip
    work.insert(DELIVERIES, [delivery])


def open_for(work: Work, route: Route, happened: Happened, facts: Sequence[Fact]) -> None:
    """Open what a rule of a ticket system wants opened."""
    ids = {fact.finding for fact in facts if fact.finding and fact.event in (NEW, BACK)}
    rows = [row for row in happened.rows if row["id"] in ids]
    caller = system_caller("rules", work.tenant)
    if route.group == "finding":
        for row in rows[:MOST_OPENED]:
            open_row(work, caller, route.channel, happened.at, finding=row["id"])
        opened = len(rows)
    else:
        packages = _packages(work, rows)
        for asset, package in list(packages)[:MOST_OPENED]:
            open_row(work, caller, route.channel, happened.at, asset=asset, package=package)
        opened = len(packages)
    if opened > MOST_OPENED:
        _log.warning("tickets.not-opened", rule=route.id, of=happened.id, wanted=opened,
                     opened=MOST_OPENED)  # fmt: skip


def _packages(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Package]]:
    """The packages of vulnerabilities, each once, in the order of the findings."""
    home = {row["id"]: row["asset_id"] for row in rows if row["kind"] == "vulnerability"}
    found: dict[str, Package] = {}
    for some in (list(home)[n : n + 500] for n in range(0, len(home), 500)):
        query = (
            sa.select(FINDINGS.c.id, COMPONENTS.c.type, COMPONENTS.c.name)
            .join(
                COMPONENTS,
                sa.and_(COMPONENTS.c.id == FINDINGS.c.component_id, work.mine(COMPONENTS)),
            )
            .where(work.mine(FINDINGS), FINDINGS.c.id.in_(some))
        )
        found |= {row.id: (row.type, row.name) for row in work.run(query)}
    return list(dict.fromkeys((home[one], found[one]) for one in home if one in found))
