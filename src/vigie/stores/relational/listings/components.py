"""The list of components: every package version that any asset of the tenant holds."""

from __future__ import annotations

from vigie.stores.relational.fields import DOCUMENT, ID, TIME, Field, Through
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.assets import ASSET_COMPONENTS, COMPONENTS

_C = COMPONENTS.c

LISTING = Listing(
    "components",
    COMPONENTS,
    {
        "id": Field(_C.id, ID),
        "type": Field(_C.type, facet=True, sort=True),
        "name": Field(_C.name, sort=True),
        "version": Field(_C.version, sort=True),
        "purl": Field(_C.purl),
        "licences": Field(_C.licences, DOCUMENT),
        "first_seen": Field(_C.first_seen, TIME, sort=True),
        "asset_id": Field(
            ASSET_COMPONENTS.c.asset_id,
            ID,
            shown=False,
            condition=Through(_C.id, ASSET_COMPONENTS, by="component_id"),
        ),
    },
    sort="name",
    search=(_C.search,),
)
