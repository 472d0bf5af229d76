"""Logs of running scans that have grown since somebody looked last."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.operations import JOBS, SCAN_LOG

KIND = "scan_log.changed"
MOST = 200  # scans that run at once


class GrowingLogs:
    """Each call of `look` tells which have grown since the last; the first one all there are."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def look(self, work: Work) -> list[tuple[str, dict[str, Any]]]:
        """Scans, and how far their logs go."""
        ends = _ends(work)
        news = [one for one in ends.items() if self._told.get(one[0]) != one[1]]
        self._told = ends
        return [(scan, {"seq": seq}) for scan, seq in news]


def _ends(work: Work) -> dict[str, int]:
    running = sa.select(JOBS.c.subject_id).where(
        work.mine(JOBS), JOBS.c.state == "running", JOBS.c.subject_kind == "scan"
    )
    scans = list(work.run(running.limit(MOST)).scalars())
    if not scans:
        return {}
    own = SCAN_LOG.c.scan_id
    query = sa.select(own, sa.func.max(SCAN_LOG.c.seq).label("seq")).where(
        work.mine(SCAN_LOG), own.in_(scans)
    )
    rows = work.run(query.group_by(own)).mappings()
    return {row["scan_id"]: row["seq"] for row in rows}
