"""Events of an import: one row for each sort of change and asset, however many findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nsmallest
from typing import Any

from vigie.model.severity import Severity
from vigie.services import live
from vigie.services.telling.outbox import on_event
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.governance import EVENTS

MOST_NAMED = 1000  # findings named in one event; `count` is exact


def emit(
    work: Work,
    kind: str,
    subject: tuple[str, str],
    document: Mapping[str, Any],
    at: datetime,
    *,
    severity: Severity | None = None,
    about: Collection[Mapping[str, Any]] = (),
) -> str:
    """Write that this happened, with the transaction, and whom to tell of it; the event's id.

    `about` are the rows of all findings that it is about (id, kind, severity, decision, score);
    without, the `findings` that the document names are read.
    """
    event = new_id()
    row = {
        "id": event, "kind": kind, "subject_kind": subject[0], "subject_id": subject[1],
        "severity": severity.value if severity is not None else "",
        "document": dict(document), "at": at,
    }  # fmt: skip
    work.insert(EVENTS, [row])
    live.changed(work)
    on_event(work, row, about)
    return event


def grouped(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], Severity | None]:
    """What is told of several findings (rows with id, kind, severity, decision and score): how
    many of which sort, the weightiest by id, and the highest severity. They are gone through
    twice."""
    severities = Counter(row["severity"] for row in rows)
    decisions: Counter[str] = Counter()
    kinds: Counter[str] = Counter()

    def counted() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            decisions[row["decision"].value] += 1
            kinds[row["kind"]] += 1
            yield -row["decision"].rank, -row["score"], str(row["id"]), row["id"]

    weightiest = nsmallest(MOST_NAMED, counted())
    document = {
        "count": severities.total(),
        "findings": [row[-1] for row in weightiest],
        "severities": {severity.value: count for severity, count in severities.items()},
        "decisions": dict(decisions),
        "kinds": dict(kinds),
    }
    return document, max(severities, key=lambda s: s.rank, default=None)
