"""Expiring: decisions whose time is over reopen what they hid."""

from __future__ import annotations

from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.recording.suppressing import VEX
from vigie.services.triage.deciding import end
from vigie.stores.relational import deciding, findings

MOST = 1000  # decisions in one go


def expire(platform: Platform, caller: Caller) -> int:
    """End the decisions of the tenant whose time has come, at most a thousand; how many. Each
    is told of by an event of its own, and a history row at each finding."""
    at = platform.clock()
    with platform.database.begin(caller.scope) as work:
        over = [row for row in deciding.expired(work, at, MOST) if row.source != VEX]
        if not over:
            return 0
        findings.hold_decisions(work, to_change=True)
        applied = end(work, caller, over, at, what="expired")
        for row in over:
            changed = [one for one in applied.changed if one["before"] == row.id]
            document, worst = events.grouped(changed)
            told = {
                **document, "scope": row.scope, "rule": row.rule, "component": row.component,
                "status": row.status, "reason": row.reason, "owner": row.owner,
                "expired": row.expires_at.isoformat(),
            }  # fmt: skip
            events.emit(work, "waiver.expired", ("suppression", row.id), told, at, severity=worst)
        named = [row.id for row in over[:100]]
        work.audit(
            caller.entry("suppression.expire", "suppression", "", count=len(over),
                         suppressions=named)
        )  # fmt: skip
    return len(over)
