"""The fleet: every tenant that somebody may enter, each at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.access import ROLE_PERMISSIONS, Permission, PrincipalKind, Role
from vigie.services.platform import Caller, Platform
from vigie.services.reading.overview import counts_of, coverage_of
from vigie.stores.relational import access, tenants
from vigie.stores.relational.database import Work
from vigie.stores.relational.remembering import remembered
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.assets import ASSETS

MOST = 500  # tenants in one answer; `total` says how many there are
Row = Mapping[str, Any]


def fleet(platform: Platform, caller: Caller) -> dict[str, Any]:
    """The tenants that are not disabled and whose findings the caller may read: all for a
    super-admin, one's own for a person, the one that it is of for a key. By name."""
    with platform.database.read(SYSTEM) as work:
        found = sorted(_entered(work, caller), key=lambda row: (row["name"].casefold(), row["id"]))
    return {
        "tenants": [_glance(platform, row) for row in found[:MOST]],
        "total": len(found),
    }


def _entered(work: Work, caller: Caller) -> list[Row]:
    principal = caller.principal
    if principal.role is Role.SUPER_ADMIN:
        return [{**row, "role": "super-admin"} for row in tenants.enabled(work)]
    if principal.kind is not PrincipalKind.USER:
        own = tenants.one(work, caller.tenant)
        return [] if own is None else [{**own, "role": ""}]
    return [
        row
        for row in access.tenants_of(work, principal.id)
        if Permission.FINDINGS_READ in ROLE_PERMISSIONS[Role(row["role"])]
    ]


def _glance(platform: Platform, tenant: Row) -> dict[str, Any]:
    now = platform.clock()
    minute = now.replace(second=0, microsecond=0)
    with platform.database.read(of_tenant(tenant["id"])) as work:
        # The same answers as the tenant's own overview gives, kept as long.
        counts = remembered(work, "overview", lambda: counts_of(work))
        coverage = remembered(work, ("coverage", minute), lambda: coverage_of(work, minute))
        looked_at = work.run(
            sa.select(sa.func.max(ASSETS.c.looked_at)).where(work.mine(ASSETS))
        ).scalar_one()
    return {
        **{name: tenant[name] for name in ("id", "name", "slug", "role")},
        "total": counts["total"],
        "by_severity": counts["by_severity"],
        "act_now": counts["by_decision"].get("act now", 0),
        "assets": coverage["assets"],
        "assessed": coverage["assessed"],
        "stale": coverage["stale"],
        "never": coverage["never"],
        "looked_at": looked_at,
    }
