"""What of each noun is over: ended before a time, and nothing that stays refers to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.access import SESSIONS
from vigie.stores.relational.tables.assets import RUNS
from vigie.stores.relational.tables.findings import FINDINGS, OBSERVATIONS
from vigie.stores.relational.tables.governance import EVENTS, IDEMPOTENCY
from vigie.stores.relational.tables.operations import IMPORTS, JOBS, REPORTS, SCANS
from vigie.stores.relational.tables.telling import DELIVERIES, FINDING_TICKETS, TICKETS

Over = Callable[[Work, datetime], tuple[sa.ColumnElement[bool], ...]]
# A repeated request is answered from memory for a day (docs: Idempotency-Key); then it is over.
ANSWERS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun. `clause` is the limit that holds for it ("" for one that is fixed), `at` the time
    that is shown of it, `over` what may go. `file` is the column with its body's id; of `assets`
    nouns the asset is held while they go, and its counts are written anew."""

    name: str
    clause: str
    table: sa.Table
    at: sa.Column[Any]
    over: Over
    file: sa.Column[Any] | None = None
    assets: bool = False
    keys: tuple[str, ...] = ("id",)


def _findings(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Closed ones. One whose ticket is still open is not: the ticket must be closed first."""
    link, ticket = FINDING_TICKETS, TICKETS
    open_ticket = (
        sa.select(link.c.finding_id)
        .join(ticket, sa.and_(ticket.c.id == link.c.ticket_id, work.mine(ticket)))
        .where(work.mine(link), link.c.finding_id == FINDINGS.c.id, ticket.c.closed_at.is_(None))
        .exists()
    )
    return (FINDINGS.c.closed_at < before, ~open_ticket)


def _observations(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Those that stand behind no open finding: what one is believed on is never cut."""
    open_finding = (
        sa.select(FINDINGS.c.id)
        .where(work.mine(FINDINGS), FINDINGS.c.id == OBSERVATIONS.c.finding_id,
               FINDINGS.c.closed_at.is_(None))
        .exists()
    )  # fmt: skip
    return (OBSERVATIONS.c.last_seen < before, ~open_finding)


def _runs(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Those that are not a tool's latest over an asset, and that no observation names."""
    named = (
        sa.select(OBSERVATIONS.c.id)
        .where(work.mine(OBSERVATIONS), OBSERVATIONS.c.run_id == RUNS.c.id)
        .exists()
    )
    return (RUNS.c.at < before, RUNS.c.latest.is_(False), ~named)


def _imports(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Those that have ended and whose runs are gone."""
    text = _as_text(work, IMPORTS.c.id)
    run = sa.select(RUNS.c.id).where(work.mine(RUNS), RUNS.c.import_id == text).exists()
    return (IMPORTS.c.ended_at < before, ~run)


def _as_text(work: Work, column: sa.Column[Any]) -> Any:
    """An id as `runs.import_id` has it. SQLite keeps ids without their hyphens."""
    if work.dialect != "sqlite":
        return sa.cast(column, sa.Text)
    raw = sa.type_coerce(column, sa.Text)
    parts = [sa.func.substr(raw, start, length) for start, length in
             ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]  # fmt: skip
    text: Any = parts[0]
    for part in parts[1:]:
        text = text.concat("-").concat(part)
    return text


def _jobs(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: ARG001
    return (JOBS.c.state.in_(("done", "failed", "cancelled")), JOBS.c.ended_at < before)


def _deliveries(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: ARG001
    return (DELIVERIES.c.state.in_(("done", "dead")), DELIVERIES.c.ended_at < before)


def _sessions(work: Work, before: datetime) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: ARG001
    return (sa.or_(SESSIONS.c.expires_at < before, SESSIONS.c.revoked_at < before),)


def _ended(column: sa.Column[Any]) -> Over:
    return lambda _work, before: (column < before,)


# In this order: what refers goes before what it refers to.
NOUNS = (
    Noun("findings", "findings", FINDINGS, FINDINGS.c.closed_at, _findings, assets=True),
    Noun("observations", "observations", OBSERVATIONS, OBSERVATIONS.c.last_seen, _observations,
         assets=True),
    Noun("runs", "runs", RUNS, RUNS.c.at, _runs),
    Noun("scans", "imports", SCANS, SCANS.c.ended_at, _ended(SCANS.c.ended_at)),
    Noun("imports", "imports", IMPORTS, IMPORTS.c.ended_at, _imports, file=IMPORTS.c.file_id),
    Noun("events", "events", EVENTS, EVENTS.c.at, _ended(EVENTS.c.at)),
    Noun("reports", "reports", REPORTS, REPORTS.c.ended_at, _ended(REPORTS.c.ended_at),
         file=REPORTS.c.file_id),
    Noun("deliveries", "deliveries", DELIVERIES, DELIVERIES.c.ended_at, _deliveries),
    Noun("jobs", "jobs", JOBS, JOBS.c.ended_at, _jobs),
    Noun("sessions", "sessions", SESSIONS, SESSIONS.c.expires_at, _sessions),
    Noun("idempotency", "", IDEMPOTENCY, IDEMPOTENCY.c.created_at,
         _ended(IDEMPOTENCY.c.created_at), keys=("actor_id", "key")),
)  # fmt: skip
