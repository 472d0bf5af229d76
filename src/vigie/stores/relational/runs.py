"""Runs over an asset and what they said, as an import reads and writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.bulk import (
    delete_where,
    in_order,
    insert_all,
    update_each,
    update_where,
)
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.assets import RUNS
from vigie.stores.relational.tables.findings import OBSERVATIONS

Row = Mapping[str, Any]


def latest(work: Work, asset: str) -> list[sa.Row[Any]]:
    """The runs of each tool's latest import, oldest first."""
    query = (
        sa.select(RUNS.c.id, RUNS.c.tool, RUNS.c.document)
        .where(work.mine(RUNS), RUNS.c.asset_id == asset, RUNS.c.latest.is_(True))
        .order_by(RUNS.c.tool, RUNS.c.id)
    )
    return list(work.run(query))


def add(work: Work, asset: str, tools: Collection[str], rows: Sequence[Row]) -> None:
    """These runs are the latest of these tools now."""
    work.run(
        sa.update(RUNS)
        .where(
            work.mine(RUNS), RUNS.c.asset_id == asset, RUNS.c.latest.is_(True),
            RUNS.c.tool.in_(sorted(tools)),
        )
        .values(latest=False)
    )  # fmt: skip
    insert_all(work, RUNS, rows)


def observations(work: Work, asset: str) -> Iterator[sa.Row[Any]]:
    """Everything that is said of the asset now, by tool and digest; each `document` as its
    JSON. They are read a portion at a time."""
    table = OBSERVATIONS
    query = (
        sa.select(
            table.c.id, table.c.tool, table.c.digest, table.c.finding_id,
            sa.type_coerce(table.c.document, sa.Text).label("document"), table.c.first_seen,
        )
        .where(work.mine(table), table.c.asset_id == asset)
    )  # fmt: skip
    return in_order(work, query, table.c.tool, table.c.digest)


def put_observations(
    work: Work,
    *,
    added: Iterable[Row],
    gone: Iterable[str],
    seen: Iterable[tuple[str, str]],
    moved: Iterable[Row],
    at: datetime,
) -> None:
    """Write what changed. `seen` are ids said again, each after its run; `moved` (id, finding_id)
    belong to another finding now."""
    delete_where(work, OBSERVATIONS, "id", gone)
    for run, rows in groupby(seen, key=itemgetter(0)):
        ids = (row for _, row in rows)
        update_where(work, OBSERVATIONS, "id", ids, {"last_seen": at, "run_id": run})
    update_each(work, OBSERVATIONS, moved)
    insert_all(work, OBSERVATIONS, added)
