"""What an event says to rules: one fact for each finding it is about, and what messages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vigie.model.findings import Decision
from vigie.model.severity import Severity
from vigie.stores.relational.bulk import select_where
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.assets import ASSETS, COMPONENTS
from vigie.stores.relational.tables.findings import FINDINGS, RULES
from vigie.watch.grouping import CLOSED, MOST_ITEMS
from vigie.watch.routing import Fact

Row = Mapping[str, Any]
_PLAIN = (str, int, float, bool)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with all that rules and messages ask of it. `rows` are findings, each with its
    `asset_id`, the weightiest first; none for an event of another sort. `assets` are rows by id,
    `told` the event's own facts, small and plain."""

    id: str
    event: str
    at: datetime
    subject: tuple[str, str]
    severity: Severity | None
    import_id: str
    rows: Sequence[Row]
    assets: Mapping[str, Row]
    facts: Sequence[Fact]
    told: Mapping[str, Any]


def happened(work: Work, event: Row, about: Iterable[Row]) -> Happened:
    """Read what an event is about, in its own transaction."""
    document = event["document"] or {}
    subject = (event["subject_kind"], event["subject_id"])
    home = subject[1] if subject[0] == "asset" else str(document.get("asset") or "")
    rows = [{"asset_id": home, **row} for row in about] or _named(work, subject, document)
    rows.sort(key=lambda row: (-row["decision"].rank, -row["score"], str(row["id"])))
    ids = {row["asset_id"] for row in rows} | ({home} if is_id(home) else set())
    assets = {
        row.id: {"name": row.name, "kind": row.kind, "labels": row.labels}
        for row in select_where(work, ASSETS, "id", sorted(ids))
    }
    severity = Severity(event["severity"]) if event["severity"] else None
    status = document.get("status")
    facts = list(_facts(event["kind"], rows, assets, str(status or "")))
    if not rows and "findings" not in document:
        own = assets.get(home, {})
        facts = [Fact(event["kind"], "", severity, asset=home, asset_kind=own.get("kind", ""),
                      labels=own.get("labels") or {}, status=str(status or ""))]  # fmt: skip
    return Happened(
        event["id"], event["kind"], event["at"], subject, severity,
        str(document.get("import") or ""), rows, assets, facts, _told(document),
    )  # fmt: skip


def _facts(event: str, rows: Sequence[Row], assets: Mapping[str, Row], status: str
           ) -> Iterator[Fact]:  # fmt: skip
    for row in rows:
        asset = assets.get(row["asset_id"], {})
        now = row.get("status") or ("fixed" if event == CLOSED else status)
        yield Fact(
            event, row["id"], row["severity"], row["kind"], row["decision"].value,
            now, row["asset_id"], asset.get("kind", ""),
            asset.get("labels") or {},
        )  # fmt: skip


def _named(work: Work, subject: tuple[str, str], document: Row) -> list[dict[str, Any]]:
    """The findings that an event names in its document, or the one that it is about."""
    named = document.get("findings") or ((subject[1],) if subject[0] == "finding" else ())
    ids = sorted({one for one in named if is_id(one)})
    found = select_where(work, FINDINGS, "id", ids)
    names = ("id", "asset_id", "kind", "severity", "decision", "score", "status")
    return [{name: getattr(row, name) for name in names} for row in found]


def items_of(work: Work, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The first few of these findings, as messages show them."""
    few = {row["id"]: row for row in rows[:MOST_ITEMS]}
    query = (
        sa.select(
            FINDINGS.c.id, FINDINGS.c.fix_version, RULES.c.name, RULES.c.title,
            ASSETS.c.name.label("asset"), COMPONENTS.c.name.label("component"),
            COMPONENTS.c.version,
        )
        .join(RULES, sa.and_(RULES.c.id == FINDINGS.c.rule_id, work.mine(RULES)))
        .join(ASSETS, sa.and_(ASSETS.c.id == FINDINGS.c.asset_id, work.mine(ASSETS)))
        .outerjoin(
            COMPONENTS,
            sa.and_(COMPONENTS.c.id == FINDINGS.c.component_id, work.mine(COMPONENTS)),
        )
        .where(work.mine(FINDINGS), FINDINGS.c.id.in_(sorted(few)))
    )  # fmt: skip
    return [
        {
            "id": found.id,
            "title": ": ".join(filter(None, dict.fromkeys((found.name, found.title))))[:300],
            "severity": few[found.id]["severity"].value,
            "decision": few[found.id]["decision"].value,
            "asset": found.asset[:_LONGEST],
            "component": " ".join(filter(None, (found.component, found.version)))[:_LONGEST],
            "fix": found.fix_version[:_LONGEST],
            "weight": few[found.id]["decision"].rank * 1000 + few[found.id]["score"],
        }
        for found in work.run(query)
    ]


def decisions(words: Iterable[str]) -> list[Decision]:
    """The decisions of these words."""
    return [Decision(word) for word in sorted(words)]


def _told(document: Row) -> dict[str, Any]:
    """The plain facts of an event, cut short; what went wrong stays a sentence kept as data."""
    plain = {
        name: value
        for name, value in document.items()
        if isinstance(value, _PLAIN) or (name == "error" and isinstance(value, dict))
    }
    return {
        name[:40]: value[:_LONGEST] if isinstance(value, str) else value
        for name, value in list(plain.items())[:12]
    }
