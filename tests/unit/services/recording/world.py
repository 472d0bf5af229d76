"""One tenant's world: take readings in, and look at what the store holds then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from tests.platforms import Clock, member, platform, worker
from tests.store_fixtures import Store

from vigie.services.intake import Reading
from vigie.services.platform import Caller, Platform
from vigie.services.recording import Recorded, RecordOptions, record
from vigie.stores.relational.tables import METADATA

TABLES = ("assets", "asset_names", "asset_labels", "components", "asset_components", "rules",
          "findings", "finding_names", "finding_history", "observations", "tallies",
          "suppressions", "comments")  # fmt: skip
# What "seen again" means, and what counts writes.
SEEN_AGAIN = frozenset({"last_seen", "looked_at", "content", "run_id"})


@dataclass
class World:
    platform: Platform
    caller: Caller  # the worker
    person: Caller  # an analyst
    clock: Clock

    def record(self, *readings: Reading, import_id: str = "", **options: Any) -> Recorded:
        """An hour later than the one before."""
        self.clock.move(hours=1)
        return record(
            self.platform, self.caller, readings, import_id=import_id,
            options=RecordOptions(**options),
        )  # fmt: skip

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of the tenant."""
        which = METADATA.tables[table]
        with self.platform.database.read(self.caller.scope) as work:
            found = work.run(sa.select(which).where(work.mine(which))).mappings()
            rows = [dict(row) for row in found]
        return sorted(rows, key=lambda row: str(row.get("id", row)))

    def finding(self, rule: str) -> dict[str, Any]:
        """The only finding of the rule of this name."""
        rules = {row["id"] for row in self.rows("rules") if row["name"] == rule}
        [row] = [row for row in self.rows("findings") if row["rule_id"] in rules]
        return row

    def history(self, rule: str) -> list[str]:
        """What happened to the only finding of the rule."""
        finding = self.finding(rule)["id"]
        rows = [row for row in self.rows("finding_history") if row["finding_id"] == finding]
        return [row["what"] for row in sorted(rows, key=lambda row: (row["at"], row["id"]))]

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [row for row in self.rows("events") if row["kind"] == kind]

    def all(self, without: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, without these columns."""
        return {
            name: [{k: v for k, v in row.items() if k not in without} for row in self.rows(name)]
            for name in TABLES
        }

    def state(self) -> dict[str, Any]:
        """What is believed, without ids and times: what must not depend on who came first."""
        rules = {row["id"]: row["key"] for row in self.rows("rules")}
        components = {row["id"]: row["key"] for row in self.rows("components")}
        findings = {}
        names: dict[str, set[str]] = {}
        for row in self.rows("finding_names"):
            names.setdefault(row["finding_id"], set()).add(row["fingerprint"])
        for row in self.rows("findings"):
            findings[row["fingerprint"]] = {
                **{k: row[k] for k in ("kind", "severity", "decision", "score", "status",
                                       "counts", "fixable", "fix_version", "place", "sources",
                                       "digest", "document")},
                "closed": row["closed_at"] is not None,
                "rule": rules[row["rule_id"]],
                "component": components.get(row["component_id"]),
            }  # fmt: skip
        said = {row["digest"] for row in self.rows("observations")}
        held = {
            components[row["component_id"]]: (row["sources"], row["paths"])
            for row in self.rows("asset_components")
        }
        tallied = sorted(
            (str(row["kind"]), row["severity"].value, row["decision"].value, row["status"],
             row["fixable"], row["count"])
            for row in self.rows("tallies")
        )  # fmt: skip
        return {"findings": findings, "said": said, "held": held, "tallied": tallied,
                "rules": {r["key"]: (r["title"], r["aliases"], r["document"])
                          for r in self.rows("rules")}}  # fmt: skip


def world(store: Store, folder: Path, tenant: str = "acme") -> World:
    """A new tenant's."""
    clock = Clock()
    made = store.tenant(tenant)
    running = platform(store.database, folder / "data", clock=clock)
    return World(running, worker(made), member(made), clock)
