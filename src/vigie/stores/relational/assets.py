"""Assets and what lies in them, as an import reads and writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from vigie.stores.relational.bulk import (
    delete_where,
    in_order,
    insert_all,
    insert_new,
    select_where,
    update_each,
)
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.assets import (
    ASSET_COMPONENTS,
    ASSET_LABELS,
    ASSET_NAMES,
    ASSETS,
    COMPONENTS,
)

Row = Mapping[str, Any]


def named(work: Work, names: Collection[str]) -> dict[str, str]:
    """The id of the asset that each of these names finds; none for a name nobody has."""
    rows = select_where(
        work, ASSET_NAMES, "name", sorted(names), ASSET_NAMES.c.name, ASSET_NAMES.c.asset_id
    )
    return {row.name: row.asset_id for row in rows}


def by_id(work: Work, ids: Collection[str]) -> dict[str, Row]:
    """The assets of these ids."""
    found = select_where(work, ASSETS, "id", sorted(ids))
    return {row.id: row._asdict() for row in found}


def names_of(work: Work, asset: str) -> tuple[str, ...]:
    """Every name that finds it, sorted."""
    query = sa.select(ASSET_NAMES.c.name).where(
        work.mine(ASSET_NAMES), ASSET_NAMES.c.asset_id == asset
    )
    return tuple(sorted(work.run(query).scalars()))


def lock(work: Work, ids: Iterable[str]) -> dict[str, int]:
    """Hold these assets until the end of the transaction, in one order for everybody; the
    `content` of each that is there."""
    found = {}
    for asset in sorted(set(ids)):
        query = sa.select(ASSETS.c.content).where(work.mine(ASSETS), ASSETS.c.id == asset)
        content = work.run(query.with_for_update()).scalar_one_or_none()
        if content is not None:
            found[asset] = content
    return found


def add(work: Work, row: Row, names: Collection[str]) -> bool:
    """A new asset. False when another import has just made one of this key or name."""
    if insert_new(work, ASSETS, [row]) != 1:
        return False
    return add_names(work, row["id"], names) == len(names)


def add_names(work: Work, asset: str, names: Collection[str]) -> int:
    """Further names; one that finds another asset stays that one's. How many were added."""
    return insert_new(work, ASSET_NAMES, [{"asset_id": asset, "name": n} for n in sorted(names)])


def drop_names(work: Work, asset: str, names: Collection[str]) -> None:
    """These names do not find the asset any more."""
    if names:
        table = ASSET_NAMES
        own = (table.c.asset_id == asset, table.c.name.in_(sorted(names)))
        work.run(sa.delete(table).where(work.mine(table), *own))


def update(work: Work, asset: str, values: Row) -> None:
    """Set these columns of one asset."""
    update_each(work, ASSETS, [{"id": asset, **values}])


def put_labels(work: Work, asset: str, labels: Mapping[str, str]) -> None:
    """The asset's labels are these and no others."""
    delete_where(work, ASSET_LABELS, "asset_id", [asset])
    rows = [{"asset_id": asset, "key": key, "value": labels[key]} for key in sorted(labels)]
    insert_all(work, ASSET_LABELS, rows)


def component_ids(work: Work, keys: Collection[str]) -> dict[str, str]:
    """The id of each component that is known by its key."""
    rows = select_where(
        work, COMPONENTS, "key", sorted(keys), COMPONENTS.c.key, COMPONENTS.c.id
    )  # fmt: skip
    return {row.key: row.id for row in rows}


def ensure_components(work: Work, rows: Sequence[Row]) -> None:
    """Add the components that are not there yet. In one order, so that two imports that add
    the same ones do not wait for each other."""
    ordered = sorted(rows, key=lambda row: str(row["key"]))
    insert_new(work, COMPONENTS, [{"id": new_id(), **row} for row in ordered])


def holdings(work: Work, asset: str) -> Iterator[sa.Row[Any]]:
    """What the asset holds, by the ids of components. They are read a portion at a time."""
    table = ASSET_COMPONENTS
    query = sa.select(table).where(work.mine(table), table.c.asset_id == asset)
    return in_order(work, query, table.c.component_id)


def put_holdings(
    work: Work, asset: str, *, added: Iterable[Row], changed: Iterable[Row], gone: Iterable[str]
) -> None:
    """Change what the asset holds; `gone` are ids of components."""
    where = {"asset_id": asset}
    insert_all(work, ASSET_COMPONENTS, ({**where, **row} for row in added))
    update_each(
        work, ASSET_COMPONENTS, ({**where, **row} for row in changed), ("asset_id", "component_id")
    )
    table = ASSET_COMPONENTS
    for component in gone:
        work.run(
            sa.delete(table).where(
                work.mine(table), table.c.asset_id == asset, table.c.component_id == component
            )
        )
