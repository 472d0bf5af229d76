"""The list of runs: every execution of a tool over an asset that was taken in."""

from __future__ import annotations

from vigie.model.runs import Outcome
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field, words_of
from vigie.stores.relational.listing import Joined, Listing
from vigie.stores.relational.tables.assets import ASSETS, RUNS

_R = RUNS.c

LISTING = Listing(
    "runs",
    RUNS,
    {
        "id": Field(_R.id, ID),
        "asset_id": Field(_R.asset_id, ID),
        "import_id": Field(_R.import_id),
        "tool": Field(_R.tool, facet=True, sort=True),
        "version": Field(_R.version),
        "format": Field(_R.format, facet=True),
        "outcome": Field(_R.outcome, words_of(Outcome), facet=True),
        "database_date": Field(_R.database_date),
        "records": Field(_R.records, COUNT, sort=True),
        "observations": Field(_R.observations, COUNT, sort=True),
        "latest": Field(_R.latest, FLAG, facet=True),
        "at": Field(_R.at, TIME, sort=True),
    },
    sort="-at",
    joined={"asset": Joined("asset_id", ASSETS, ("id", "kind", "name"))},
)
