"""The list of events: what happened, one row a fact, as others are told of it."""

from __future__ import annotations

from vigie.stores.relational.fields import DOCUMENT, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.governance import EVENTS

_E = EVENTS.c

LISTING = Listing(
    "events",
    EVENTS,
    {
        "id": Field(_E.id, ID),
        "kind": Field(_E.kind, facet=True),
        "subject_kind": Field(_E.subject_kind),
        "subject_id": Field(_E.subject_id),
        "severity": Field(_E.severity, facet=True),
        "document": Field(_E.document, DOCUMENT),
        "at": Field(_E.at, TIME, sort=True),
    },
    sort="-at",
)
