"""Deliveries as people see them: what went out, what waits, what was given up, and once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.text import T, Words
from vigie.ports.notifiers import Attempt
from vigie.services import live, records
from vigie.services.failures import Conflict, NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.services.sentences import spoken
from vigie.services.telling import attempts, channels
from vigie.services.telling.attempts import Claimed
from vigie.services.telling.courier import conclude
from vigie.services.telling.messages import message_of
from vigie.services.telling.outbox import put
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, ID, TIME, Field
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.telling import DELIVERIES

DELIVERY = Noun("delivery", DELIVERIES)
_D = DELIVERIES.c
_ENDED = ("done", "dead")

LISTING = Listing(
    "deliveries",
    DELIVERIES,
    {
        "id": Field(_D.id, ID),
        "channel_id": Field(_D.channel_id, ID, facet=True),
        "rule_id": Field(_D.rule_id, ID),
        "key": Field(_D.key),
        "matter": Field(_D.matter, facet=True),
        "state": Field(_D.state, facet=True),
        "attempts": Field(_D.attempts, COUNT),
        "log": Field(_D.log, DOCUMENT, shown=True),
        "message": Field(_D.message, DOCUMENT),
        "reference": Field(_D.reference),
        "created_at": Field(_D.created_at, TIME, sort=True),
        "due_at": Field(_D.due_at, TIME, sort=True),
        "ended_at": Field(_D.ended_at, TIME),
    },
    sort="-created_at",
)


def shown(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A delivery as answers hold it: its title and its attempts in the reader's words."""
    hidden = ("tenant_id", "lease", "leased_until", "log", "message")
    told = {name: value for name, value in row.items() if name not in hidden}
    if "message" in row:
        told["title"] = _title(row, words)
    if "log" in row:
        said = (row["log"] or {}).get("attempts", ())
        told["log"] = [_attempt(one, words) for one in said]
    return told


def _title(row: Mapping[str, Any], words: Words) -> str:
    if row.get("matter") == "test":
        return words(T("test message"))
    document = row["message"] or {}
    if "gist" not in document:
        return str(document.get("title") or "")
    whole = {"key": "", "matter": "changed", "message": document}
    return words(message_of(whole).title)


def _attempt(entry: Mapping[str, Any], words: Words) -> dict[str, Any]:
    detail = spoken(entry.get("detail"))
    return {**entry, "detail": words(detail) if detail is not None else ""}


def redeliver(work: Work, platform: Platform, caller: Caller, delivery_id: str) -> dict[str, Any]:
    """Send it once more, with all attempts before it. Raises NotFound, and Conflict for one that
    has not ended: it goes out by itself."""
    row = records.find(work, DELIVERY, delivery_id)
    log = row["log"] or {}
    changed = work.run(
        sa.update(DELIVERIES)
        .where(work.mine(DELIVERIES), _D.id == delivery_id, _D.state.in_(_ENDED))
        .values(
            state="waiting",
            attempts=0,
            due_at=platform.clock(),
            ended_at=None,
            log={**log, "since": None},
        )
    )
    if changed.rowcount != 1:
        raise Conflict(
            T("this delivery has not ended"), T("It goes out by itself; look at its state.")
        )
    live.to_send(work)
    work.audit(caller.entry("delivery.redeliver", "delivery", delivery_id, before=row["state"]))
    return records.find(work, DELIVERY, delivery_id)


def test(platform: Platform, caller: Caller, channel_id: str) -> Attempt:
    """Send a test message now, once, and say what came of it. In a ticket system nothing is
    made: it is asked for a ticket that is not there. Raises NotFound."""
    now, lease = platform.clock(), new_id()
    with platform.database.begin(caller.scope) as work:
        row = channels.find(work, channel_id)
        tracker = channels.is_tracker(platform, row["kind"])
        message = {"gist": None} if not tracker else {"title": ""}
        delivery = put(work, channel_id, f"test/{lease}", "test", message, now)
        # In these hands from the beginning: nobody sends it a second time.
        work.run(
            sa.update(DELIVERIES)
            .where(work.mine(DELIVERIES), _D.id == delivery)
            .values(state="sending", lease=lease, attempts=1,
                    leased_until=now + timedelta(minutes=5))
        )  # fmt: skip
        work.audit(caller.entry("channel.test", "channel", channel_id))
    claimed = Claimed(delivery, caller.tenant, channel_id, lease, 1)
    attempted: Attempt | None
    if tracker:
        attempted = attempts.ask(platform, claimed, row, channels.TIMEOUT)
    else:
        attempted = attempts.attempt(platform, claimed, channels.TIMEOUT)
    if attempted is None:
        raise NotFound(T("there is no {noun} {id}", noun=T("channel"), id=channel_id[:100]))
    conclude(platform, claimed, attempts.final(attempted))
    return attempted
