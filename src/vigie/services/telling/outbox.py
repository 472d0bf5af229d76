"""The outbox: what is to be told, written in the transaction of what it tells of.

An event is held against the tenant's rules. What a rule is about becomes a row of deliveries, or
waits in one: for the rest of its import, or for the end of quiet hours. For a digest it is
gathered. A row is due at a time whatever becomes of what it waits for, so nothing is lost with a
process that dies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.severity import Severity
from vigie.services import live
from vigie.services.telling import opening, telltale
from vigie.services.telling.rules import Route, routes
from vigie.services.telling.telltale import Happened
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.tables.findings import FINDINGS
from vigie.stores.relational.tables.telling import DELIVERIES, GATHERED
from vigie.watch.grouping import (
    BACK,
    CLOSED,
    DECIDED,
    NEW,
    gist_of,
    is_over,
    merged,
    note_of,
    worst_of,
)
from vigie.watch.routing import concerns, listens, quiet_until, severe_enough

FINISHED = "import.finished"
PATIENCE = timedelta(minutes=15)  # that an import's message waits for the rest of the import
MOST_APART = 50  # findings of one event that are told of one by one; the rest in one message
_D = DELIVERIES.c


def on_event(
    work: Work, event: Mapping[str, Any], about: Collection[Mapping[str, Any]] = ()
) -> None:
    """Write what is to be told of this event: a row of the table of events.

    `about` are the rows of the findings that it is about (id, kind, severity, decision, score),
    all of them; without, the event's document names them.
    """
    found = routes(work)
    opening.notice(work, _ids(event, about), event["at"])
    listening = [r for r in found if listens(r.conditions, event["kind"], event["at"], r.zone)]
    if listening:
        happened = telltale.happened(work, event, about)
        for route in listening:
            facts = [f for f in happened.facts if concerns(route.conditions, f)]
            if facts and route.tracker:
                opening.open_for(work, route, happened, facts)
            elif facts:
                _tell(work, route, happened, {fact.finding for fact in facts})
    if event["kind"] == FINISHED:
        _release(work, found, event)


def _ids(event: Mapping[str, Any], about: Collection[Mapping[str, Any]]) -> Iterable[str]:
    if about:
        return (row["id"] for row in about)
    named = (event["document"] or {}).get("findings")
    own = [event["subject_id"]] if event["subject_kind"] == "finding" else []
    return list(named or own)


def put(
    work: Work,
    channel: str,
    key: str,
    matter: str,
    message: Mapping[str, Any],
    at: datetime,
    *,
    rule: str | None = None,
    held: datetime | None = None,
) -> str:
    """A delivery that goes out when this transaction is committed, or (`held`) then; its id."""
    delivery = new_id()
    row: dict[str, Any] = {
        "id": delivery, "channel_id": channel, "rule_id": rule, "key": key, "matter": matter,
        "message": {**message, "sent": at.isoformat()}, "state": "held" if held else "waiting",
        "log": {"since": None, "attempts": []}, "created_at": at, "due_at": held or at,
    }  # fmt: skip
    work.insert(DELIVERIES, [row])
    live.to_send(work)
    return delivery


def _tell(work: Work, route: Route, happened: Happened, ids: set[str]) -> None:
    whole = f"import/{happened.import_id}" if happened.import_id else f"event/{happened.id}"
    if not happened.rows:
        note = note_of(
            happened.event, happened.severity or Severity.UNKNOWN, happened.subject, happened.told
        )
        _told(work, route, happened, whole, note)
        return
    rows = [row for row in happened.rows if row["id"] in ids]
    if route.group == "finding" and not route.digest:
        apart, rows = rows[:MOST_APART], rows[MOST_APART:]
        for row in apart:
            _told(work, route, happened, f"finding/{row['id']}", _gist(work, happened, [row]))
    if not rows:
        return
    if route.group == "asset":
        for asset in dict.fromkeys(row["asset_id"] for row in rows):
            own = [row for row in rows if row["asset_id"] == asset]
            key = f"asset/{asset}/{route.id}"
            _told(work, route, happened, key, _gist(work, happened, own), asset=asset)
        return
    _told(work, route, happened, whole, _gist(work, happened, rows))


def _gist(work: Work, happened: Happened, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = {row["asset_id"]: happened.assets.get(row["asset_id"], {}) for row in rows}
    return gist_of(
        happened.event,
        [row["severity"] for row in rows],
        items=telltale.items_of(work, rows),
        assets={asset: known.get("name", "") for asset, known in names.items()},
    )


def _told(
    work: Work, route: Route, happened: Happened, key: str, gist: dict[str, Any], asset: str = ""
) -> None:
    if route.digest:
        gather(work, route.id, gist, happened.at)
        return
    waits = bool(happened.import_id) and not key.startswith("finding/")
    message = {"gist": gist, "import": happened.import_id if waits else "", "asset": asset}
    if waits and _grow(work, route, key, message):
        return
    matter, held = _matter(work, route, key, message), happened.at + PATIENCE
    if not waits:
        until = quiet_until(route.quiet, worst_of(gist), happened.at, route.zone)
        if until is not None and _folds(key):
            gather(work, route.id, gist, happened.at)
            return
        held = until  # type: ignore[assignment]
    put(work, route.channel, key, matter, message, happened.at, rule=route.id, held=held)


def _grow(work: Work, route: Route, key: str, message: Mapping[str, Any]) -> bool:
    """Add to what waits for the same import. False when nothing does."""
    query = sa.select(_D.id, _D.message).where(
        work.mine(DELIVERIES), _D.rule_id == route.id, _D.key == key, _D.state == "held"
    )
    for row in work.run(query.order_by(_D.id).with_for_update()):
        if row.message.get("import") == message["import"]:
            grown = {**row.message, "gist": merged(row.message["gist"], message["gist"])}
            values = {"message": grown, "matter": _matter(work, route, key, grown)}
            work.run(
                sa.update(DELIVERIES).where(work.mine(DELIVERIES), _D.id == row.id).values(**values)
            )
            return True
    return False


def _release(work: Work, found: Sequence[Route], event: Mapping[str, Any]) -> None:
    """The import is whole: what waited for it goes now, unless these are quiet hours."""
    name, at = (event["document"] or {}).get("import") or "", event["at"]
    if not name:
        return
    by_id = {route.id: route for route in found}
    query = sa.select(_D.id, _D.key, _D.rule_id, _D.message).where(
        work.mine(DELIVERIES), _D.state == "held"
    )
    for row in work.run(query.order_by(_D.id).with_for_update()).all():
        if row.message.get("import") != name:
            continue
        route, mine = by_id.get(row.rule_id), (work.mine(DELIVERIES), _D.id == row.id)
        until = None
        if route is not None:
            severity = worst_of(row.message["gist"])
            until = quiet_until(route.quiet, severity, at, route.zone)
        if route is not None and until is not None and _folds(row.key):
            gather(work, route.id, row.message["gist"], at)
            work.run(sa.delete(DELIVERIES).where(*mine))
            continue
        state = "held" if until is not None else "waiting"
        live.to_send(work)
        work.run(
            sa.update(DELIVERIES).where(*mine).values(
                state=state, due_at=until or at,
                message={**row.message, "import": "", "sent": at.isoformat()},
            )
        )  # fmt: skip


def _folds(key: str) -> bool:
    """Whether it may become a line of a digest: what opens and resolves by a key may not."""
    return not key.startswith(("asset/", "finding/"))


def gather(work: Work, rule: str, gist: Mapping[str, Any], at: datetime) -> None:
    """Keep it for the rule's next digest."""
    work.insert(
        GATHERED, [{"id": new_id(), "rule_id": rule, "document": {"gist": dict(gist)}, "at": at}]
    )


def _matter(work: Work, route: Route, key: str, message: Mapping[str, Any]) -> str:
    """What happened to what the message is about, by the words of `ports.notifiers.Matter`."""
    events = set(message["gist"]["events"])
    if events & {NEW, BACK}:
        return "opened"
    if not events & {CLOSED, DECIDED}:
        return "changed"
    if message["asset"]:
        return "changed" if _left(work, route, FINDINGS.c.asset_id == message["asset"]) else (
            "resolved"
        )  # fmt: skip
    if key.startswith("finding/"):
        own = FINDINGS.c.id == key.removeprefix("finding/")
        return "changed" if _left(work, route, own) else "resolved"
    return "resolved" if is_over(message["gist"]) else "changed"


def _left(work: Work, route: Route, where: sa.ColumnElement[bool]) -> bool:
    """Whether a finding there is still somebody's work that the rule is about."""
    conditions, table = route.conditions, FINDINGS.c
    passing = [s for s in Severity if severe_enough(conditions, s)]
    query = sa.select(table.id).where(
        work.mine(FINDINGS), where, table.counts.is_(True), table.severity.in_(passing),
    )  # fmt: skip
    if conditions.kinds:
        query = query.where(table.kind.in_(sorted(conditions.kinds)))
    if conditions.decisions:
        query = query.where(table.decision.in_(telltale.decisions(conditions.decisions)))
    return work.run(query.limit(1)).first() is not None
