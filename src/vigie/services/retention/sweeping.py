"""Shows what retention will remove from a tenant, and removes it, a portion at a time.

Each portion is one short transaction with its own audit entry: a job that is killed half way has
removed what the log says, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.services import jobs, tenant_settings
from vigie.services.jobs import OPEN_STATES, Job
from vigie.services.platform import Caller, Platform, system_caller
from vigie.services.progress import Progress
from vigie.services.retention.limits import Limit, limits
from vigie.services.retention.nouns import ANSWERS_KEPT, NOUNS, Noun
from vigie.stores.relational import assets, findings
from vigie.stores.relational.bulk import delete_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import ATTEMPTS, CHALLENGES, TENANTS
from vigie.stores.relational.tables.assets import ASSETS
from vigie.stores.relational.tables.operations import FILES, JOBS

KIND = "retention"
PORTION = 500  # rows in one transaction
MOST_PORTIONS = 400  # of one noun in one job; what is left over goes the next day
# Longer than any lockout lasts.
_ATTEMPTS_KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Due:
    """What would go of one noun now. `before` is None where it is kept for ever; `oldest` the
    time of the oldest that goes, None when nothing does."""

    noun: str
    limit: Limit
    before: datetime | None
    count: int = 0
    oldest: datetime | None = None


def preview(platform: Platform, caller: Caller) -> tuple[Due, ...]:
    """What the next job removes from the caller's tenant; changes nothing."""
    with platform.database.read(caller.scope) as work:
        return tuple(_due(work, *each) for each in _befores(platform, work))


def run_retention(platform: Platform, job: Job, progress: Progress) -> Mapping[str, Any]:
    """The handler of jobs of the kind "retention": removes what is over from the job's tenant.
    Its result counts by noun; `left` is true when there is more for the next time."""
    caller = system_caller(job.actor or KIND, job.tenant)
    with platform.database.read(caller.scope) as work:
        wanted = list(_befores(platform, work))
    gone: dict[str, int] = {}
    left = False
    for place, (noun, _, before) in enumerate(wanted):
        progress(place / len(wanted), noun.name)
        if before is None:
            continue
        count, more = _sweep(platform, caller, noun, before, progress)
        left = left or more
        if count:
            gone[noun.name] = count
    return {"removed": gone, "left": left}


def begin(platform: Platform) -> int:
    """Ask for a job in every tenant where none is under way, and drop what the platform itself
    no longer needs; how many jobs. May be called twice."""
    clear_platform(platform)
    with platform.database.read(SYSTEM) as work:
        tenants = list(work.run(sa.select(TENANTS.c.id).order_by(TENANTS.c.id)).scalars())
    begun = 0
    for tenant in tenants:
        with platform.database.begin(of_tenant(tenant)) as work:
            under_way = sa.select(JOBS.c.id).where(
                work.mine(JOBS), JOBS.c.kind == KIND, JOBS.c.state.in_(OPEN_STATES)
            )
            if work.run(under_way.limit(1)).first() is None:
                jobs.enqueue(platform, work, system_caller(KIND, tenant), KIND, {})
                begun += 1
    return begun


def clear_platform(platform: Platform) -> None:
    """Challenges whose time is over, and failed sign-ins that no longer count."""
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        work.run(sa.delete(CHALLENGES).where(CHALLENGES.c.expires_at < now))
        work.run(sa.delete(ATTEMPTS).where(ATTEMPTS.c.updated_at < now - _ATTEMPTS_KEPT))


def _befores(platform: Platform, work: Work) -> Iterator[tuple[Noun, Limit, datetime | None]]:
    now = platform.clock()
    known = limits(platform.policy.retention, tenant_settings.read(work).retention)
    for noun in NOUNS:
        limit = known[noun.clause] if noun.clause else Limit(ANSWERS_KEPT.days, "operator")
        yield noun, limit, limit.before(now)


def _due(work: Work, noun: Noun, limit: Limit, before: datetime | None) -> Due:
    if before is None:
        return Due(noun.name, limit, None)
    row = work.run(
        sa.select(sa.func.count().label("number"), sa.func.min(noun.at).label("oldest"))
        .select_from(noun.table)
        .where(work.mine(noun.table), *noun.over(work, before))
    ).one()
    return Due(noun.name, limit, before, row.number, row.oldest)


def _sweep(
    platform: Platform, caller: Caller, noun: Noun, before: datetime, progress: Progress
) -> tuple[int, bool]:
    """How many went, and whether more are left."""
    count = 0
    for _ in range(MOST_PORTIONS):
        with platform.database.begin(caller.scope) as work:
            some = _portion(work, caller, noun, before)
        count += some
        progress(None, noun.name)  # raises when the job is to stop
        if some < PORTION:
            return count, False
    return count, True


def _portion(work: Work, caller: Caller, noun: Noun, before: datetime) -> int:
    table = noun.table
    chosen = [table.c[key] for key in noun.keys]
    columns = [*chosen, noun.at.label("ended")]
    columns += [noun.file.label("body")] if noun.file is not None else []
    columns += [table.c.asset_id] if noun.assets else []
    over = (work.mine(table), *noun.over(work, before))
    query = sa.select(*columns).where(*over).order_by(noun.at).limit(PORTION)
    rows = work.run(query).all()
    if noun.assets and rows:
        # An import may have brought one back before its asset was held.
        held = sorted(assets.lock(work, {row.asset_id for row in rows}))
        rows = work.run(query.where(table.c.asset_id.in_(held))).all()
    if not rows:
        return 0
    if noun.file is not None:
        delete_where(work, FILES, "id", [row.body for row in rows if row.body])
    keys = [tuple(row)[: len(chosen)] for row in rows]
    among = chosen[0].in_([k[0] for k in keys]) if len(chosen) == 1 else (
        sa.tuple_(*chosen).in_(keys)
    )  # fmt: skip
    work.run(sa.delete(table).where(work.mine(table), among))
    if noun.assets:
        _tell_assets(work, sorted({row.asset_id for row in rows}))
    work.audit(
        caller.entry("retention.remove", noun.name, "", count=len(rows), before=before.isoformat(),
                     oldest=rows[0].ended.isoformat())
    )  # fmt: skip
    return len(rows)


def _tell_assets(work: Work, touched: list[str]) -> None:
    """Counts of findings are right again, and an import that read before reads once more."""
    for asset in touched:
        work.run(
            sa.update(ASSETS)
            .where(work.mine(ASSETS), ASSETS.c.id == asset)
            .values(content=ASSETS.c.content + 1)
        )
    findings.count_anew(work, touched)
