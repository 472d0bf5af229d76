"""Restoring: decisions that were taken back hold again."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from vigie.model.access import Permission
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.triage.applying import apply, hold
from vigie.services.triage.deciding import Decided, of_people, spoken_of
from vigie.stores.relational import findings
from vigie.stores.relational.tables.findings import SUPPRESSIONS

_NAMED = 100  # decisions that an audit entry names; its count is exact


def restore(platform: Platform, caller: Caller, suppression_ids: Collection[str]) -> Decided:
    """Let decisions hold again that were taken back, all or none. Those that have expired since
    decide nothing, and a newer decision about the same goes before. Raises NotAllowed and
    NotFound."""
    caller.require(Permission.FINDINGS_TRIAGE)
    at, ids = platform.clock(), set(suppression_ids)
    with platform.database.begin(caller.scope) as work:
        findings.hold_decisions(work, to_change=True)
        made = of_people(work, caller, ids)
        table = SUPPRESSIONS
        ended = [row for row in made if row.revoked_at is not None]
        for row in ended:
            work.run(
                sa.update(table)
                .where(work.mine(table), table.c.id == row.id)
                .values(revoked_at=None, revision=row.revision + 1)
            )
        named = sorted(ids)[:_NAMED]
        meant = hold(work, spoken_of(work, ended))
        applied = apply(
            work, caller, meant, at, what="triaged", told={"suppressions": named}, everywhere=True
        )
        document, worst = events.grouped(applied.changed)
        told = {**document, "suppressions": named, "by": caller.principal.name}
        subject = ("suppression", named[0] if len(ids) == 1 else "")
        events.emit(work, "finding.triaged", subject, told, at, severity=worst)
        detail = {"suppressions": named, "count": len(ids)}
        work.audit(caller.entry("suppression.restore", "suppression", "", **detail))
    return Decided(tuple(sorted(ids)), len(meant), len(applied.changed))
