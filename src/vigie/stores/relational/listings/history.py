"""The list of what happened to findings."""

from __future__ import annotations

from vigie.stores.relational.fields import DOCUMENT, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.findings import HISTORY

_H = HISTORY.c

LISTING = Listing(
    "history",
    HISTORY,
    {
        "id": Field(_H.id, ID),
        "finding_id": Field(_H.finding_id, ID),
        "what": Field(_H.what, facet=True),
        "actor": Field(_H.actor),
        "actor_id": Field(_H.actor_id),
        "document": Field(_H.document, DOCUMENT),
        "run_id": Field(_H.run_id),
        "at": Field(_H.at, TIME, sort=True),
    },
    sort="-at",
)
