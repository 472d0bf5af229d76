"""Digests: what rules have gathered becomes one message, when its time has come."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import Any

import sqlalchemy as sa
import structlog

from vigie.model.errors import UserError
from vigie.services.cron import next_after
from vigie.services.isolation import isolated
from vigie.services.platform import Platform
from vigie.services.telling import outbox
from vigie.services.telling.rules import Route, route_of
from vigie.stores.relational.bulk import delete_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.telling import GATHERED, NOTIFICATION_RULES
from vigie.watch.grouping import merged, worst_of
from vigie.watch.hours import within
from vigie.watch.routing import quiet_until

_PORTION = 500  # gathered rows in memory
_G = GATHERED.c
_log = structlog.get_logger("vigie.telling")


def release_digests(platform: Platform) -> int:
    """Send the digests whose time has come, in every tenant; how many."""
    sent = 0
    for tenant in tenants_of(platform):
        for rule in _gathered(platform, tenant):
            ran = isolated(lambda t=tenant, r=rule: _release(platform, t, r))  # type: ignore[misc]
            sent += bool(ran.answer)
            if ran.error is not None:
                _log.error("digest.failed", tenant=tenant, rule=rule, exc_info=ran.error)
    return sent


def tenants_of(platform: Platform) -> list[str]:
    """Every tenant that is not switched off."""
    with platform.database.read(SYSTEM) as work:
        query = sa.select(TENANTS.c.id).where(TENANTS.c.disabled_at.is_(None))
        return list(work.run(query.order_by(TENANTS.c.id)).scalars())


def _gathered(platform: Platform, tenant: str) -> list[str]:
    with platform.database.read(of_tenant(tenant)) as work:
        query = sa.select(_G.rule_id).where(work.mine(GATHERED)).distinct()
        return sorted(work.run(query).scalars())


def _release(platform: Platform, tenant: str, rule: str) -> bool:
    """All in one transaction, and by whoever holds the rule's row."""
    now = platform.clock()
    with platform.database.begin(of_tenant(tenant)) as work:
        row = work.run(
            sa.select(NOTIFICATION_RULES)
            .where(work.mine(NOTIFICATION_RULES), NOTIFICATION_RULES.c.id == rule)
            .with_for_update()
        ).mappings().one_or_none()  # fmt: skip
        oldest = work.run(
            sa.select(sa.func.min(_G.at)).where(work.mine(GATHERED), _G.rule_id == rule)
        ).scalar_one()
        if row is None or oldest is None:
            return False
        if not row["enabled"]:
            delete_where(work, GATHERED, "rule_id", [rule])
            return False
        route = route_of(dict(row))
        if not _is_due(route, oldest, now):
            return False
        return _fold(work, route, now)


def _is_due(route: Route, oldest: datetime, now: datetime) -> bool:
    """At the digest's time; what quiet hours held back, as soon as they are over."""
    if not route.digest:
        return not within(route.quiet.windows, now, route.zone)
    try:
        due = next_after(route.digest, route.time_zone, oldest)
    except UserError:  # its time zone is gone: rather now than never
        return True
    return due is not None and due <= now


def _fold(work: Work, route: Route, now: datetime) -> bool:
    gist: dict[str, Any] = {}
    last = ""
    while rows := _some(work, route.id, last):
        portion = reduce(merged, [row.document["gist"] for row in rows])
        gist = merged(gist, portion) if gist else portion
        last = rows[-1].id
    key = f"digest/{route.id}/{now.isoformat()}"
    held = quiet_until(route.quiet, worst_of(gist), now, route.zone)
    message = {"gist": gist, "import": "", "asset": ""}
    outbox.put(work, route.channel, key, "digest", message, now, rule=route.id, held=held)
    work.run(
        sa.delete(GATHERED).where(
            work.mine(GATHERED), _G.rule_id == route.id, _G.id <= sa.literal(last, _G.id.type)
        )
    )
    return True


def _some(work: Work, rule: str, last: str) -> list[Any]:
    query = sa.select(_G.id, _G.document).where(work.mine(GATHERED), _G.rule_id == rule)
    if last:
        query = query.where(_G.id > sa.literal(last, _G.id.type))
    return list(work.run(query.order_by(_G.id).limit(_PORTION)))
