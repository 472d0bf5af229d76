"""The list of assets."""

from __future__ import annotations

import sqlalchemy as sa

from vigie.model.assets import AssetKind, Criticality, Exposure
from vigie.stores.relational.fields import COUNT, DOCUMENT, FLAG, ID, TIME, Field, Through, words_of
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.listings.finding_counts import labelled
from vigie.stores.relational.tables.assets import (
    ASSET_COMPONENTS,
    ASSET_LABELS,
    ASSETS,
    COMPONENTS,
    RUNS,
)

_A = ASSETS.c
_LABEL = Through(_A.id, ASSET_LABELS, by="asset_id")


def _holding(tenant: str, inner: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Assets in which a component lies of which this holds."""
    components = sa.select(COMPONENTS.c.id).where(COMPONENTS.c.tenant_id == tenant, inner)
    found: sa.ColumnElement[bool] = _A.id.in_(
        sa.select(ASSET_COMPONENTS.c.asset_id).where(
            ASSET_COMPONENTS.c.tenant_id == tenant, ASSET_COMPONENTS.c.component_id.in_(components)
        )
    )
    return found


LISTING = Listing(
    "assets",
    ASSETS,
    {
        "id": Field(_A.id, ID),
        "kind": Field(_A.kind, words_of(AssetKind), facet=True, sort=True),
        "name": Field(_A.name, sort=True),
        "key": Field(_A.key),
        "owner": Field(_A.owner, facet=True, sort=True),
        "exposure": Field(_A.exposure, words_of(Exposure), facet=True),
        "criticality": Field(_A.criticality, words_of(Criticality), facet=True),
        "distro": Field(_A.distro, facet=True),
        "tags": Field(_A.tags, DOCUMENT),
        "labels": Field(_A.labels, DOCUMENT),
        "first_seen": Field(_A.first_seen, TIME, sort=True),
        "last_seen": Field(_A.last_seen, TIME, sort=True),
        "looked_at": Field(_A.looked_at, TIME),
        "archived_at": Field(_A.archived_at, TIME),
        "revision": Field(_A.revision, COUNT),
        "archived": Field(_A.archived_at.is_not(None), FLAG, facet=True, shown=False),
        "looked_at_ever": Field(_A.looked_at.is_not(None), FLAG, facet=True, shown=False),
        "label": Field(ASSET_LABELS.c.key, shown=False, condition=_LABEL, compare=labelled),
        "tool": Field(RUNS.c.tool, shown=False, condition=Through(_A.id, RUNS, by="asset_id")),
        "component": Field(COMPONENTS.c.name, shown=False, condition=_holding),
        "component_id": Field(
            ASSET_COMPONENTS.c.component_id,
            ID,
            shown=False,
            condition=Through(_A.id, ASSET_COMPONENTS, by="asset_id"),
        ),
    },
    sort="-last_seen",
    search=(_A.search,),
)
