"""The list of rules: every advisory, check and pattern that was ever matched in the tenant."""

from __future__ import annotations

from vigie.stores.relational.fields import DOCUMENT, ID, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.findings import RULES

_R = RULES.c

LISTING = Listing(
    "rules",
    RULES,
    {
        "id": Field(_R.id, ID),
        "name": Field(_R.name, sort=True),
        "title": Field(_R.title),
        "aliases": Field(_R.aliases, DOCUMENT),
    },
    sort="name",
    search=(_R.search,),
)
