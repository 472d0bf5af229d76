"""What a job was to make and did not: its row is closed with the job, and whoever is to know is
told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import VigieError
from vigie.model.plain import plain_writer
from vigie.model.text import Text
from vigie.services.recording import events
from vigie.services.sentences import plain
from vigie.services.telemetry import metrics
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.operations import IMPORTS, REPORTS, SCANS

_OPEN = ("queued", "running")
_write_text = plain_writer(Text)


def cancelled(work: Work, job_id: str, at: datetime) -> None:
    """Nobody wants it any more: whoever looks at what it was to make need not ask the job."""
    for table in (SCANS, IMPORTS, REPORTS):
        _close(work, table, job_id, {"state": "cancelled", "ended_at": at})


def failed(work: Work, job_id: str, error: VigieError, at: datetime) -> None:
    """It failed for good: what was wrong stands in the rows, and one event tells of it, all in
    the transaction that ends the job. The import of a scan is no second thing that failed."""
    ended = {"state": "failed", "ended_at": at}
    told = {"error": {"message": _write_text(error.message), "hint": _write_text(error.hint)}}
    scans = _close(work, SCANS, job_id, {**ended, "summary": told})
    imports = _close(work, IMPORTS, job_id, {**ended, "summary": told})
    _close(work, REPORTS, job_id, ended)
    for row in scans:
        asset = (row["options"] or {}).get("asset") or ""
        _tell(work, "scan", row["id"], row["target"], asset, error, at)
    for row in imports:
        work.then(metrics.IMPORTS.labels("failed").inc)
        if row["origin"] != "scan":
            _tell(work, "import", row["id"], row["name"], row["asset"], error, at)


def _close(
    work: Work, table: sa.Table, job_id: str, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows that were open until now."""
    done = work.run(
        sa.update(table)
        .where(work.mine(table), table.c.job_id == job_id, table.c.state.in_(_OPEN))
        .values(**values)
        .returning(*table.c)
    )
    return [dict(row) for row in done.mappings()]


def _tell(
    work: Work, what: str, row_id: str, name: str, asset: str, error: VigieError, at: datetime
) -> None:
    document = {"name": name, "error": plain(error.message)}
    if is_id(asset):
        document["asset"] = asset
    events.emit(work, f"{what}.failed", (what, row_id), document, at)
