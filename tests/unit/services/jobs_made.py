"""Jobs as use-cases ask for them, on a platform whose queue is the table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.platforms import Clock, platform

from vigie.services import jobs
from vigie.services.platform import Platform, system_caller
from vigie.services.secrets import Secrets
from vigie.stores.relational.database import Database
from vigie.stores.relational.queue import TableQueue
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS


def working(database: Database, folder: Path, clock: Clock) -> Platform:
    """With the table as its queue."""
    return platform(database, folder, queue=TableQueue(database), secrets=Secrets(()), clock=clock)


def ask(platform: Platform, tenant: str, kind: str = "count", **payload: Any) -> str:
    """A job, as a use-case asks for it; its id."""
    caller = system_caller("test", tenant)
    with platform.database.begin(of_tenant(tenant)) as work:
        return jobs.enqueue(platform, work, caller, kind, payload)


def row_of(platform: Platform, tenant: str, job: str) -> Mapping[str, Any]:
    """The job as it stands."""
    return next(row for row in rows_of(platform, tenant) if row["id"] == job)


def rows_of(platform: Platform, tenant: str) -> list[Mapping[str, Any]]:
    """Every job of the tenant, oldest first."""
    with platform.database.read(of_tenant(tenant)) as work:
        query = sa.select(JOBS).where(work.mine(JOBS)).order_by(JOBS.c.id)
        return [dict(row._mapping) for row in work.run(query)]
