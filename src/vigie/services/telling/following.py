"""Following a ticket: opened once, told what is new, closed and reopened, and its state read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import SourceError, UserError, VigieError
from vigie.model.identity import digest
from vigie.model.text import T
from vigie.ports.notifiers import Attempt, Channel, Delivered, Post
from vigie.ports.tickets import Draft, TicketRef, TicketState
from vigie.services.platform import Platform, system_caller
from vigie.services.sentences import plain
from vigie.services.telling import channels, drafting, opening
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.telling import CHANNELS, TICKETS

# The index of Jira Cloud is seconds behind: whoever asks sooner may open a second ticket.
SETTLED = 60.0  # seconds
POLLED = timedelta(minutes=15)
SELDOM, REMEMBERED = timedelta(days=1), timedelta(days=30)  # tickets that are closed
MOST_POLLED = 500  # tickets of a tenant in one round
_T = TICKETS.c


@dataclass(frozen=True, slots=True)
class _Reached:
    """A ticket system as this attempt reaches it."""

    tracker: Any
    channel: Channel
    post: Post


def follow(
    platform: Platform,
    tenant: str,
    delivery: Mapping[str, Any],
    channel: Mapping[str, Any],
    timeout: float,
) -> Attempt:
    """Bring the ticket of this delivery up to date. What goes wrong is kept on its row."""
    ticket = delivery["message"]["ticket"]
    with platform.database.begin(of_tenant(tenant)) as work:
        row = _row(work, ticket)
        if row is None:
            return Attempt(Delivered.DONE)
        _gather(work, row, platform.clock())
        subject = drafting.subject_of(work, ticket)
    if not subject.findings:  # the asset was removed, and all that was known of it
        return Attempt(Delivered.DONE)
    words = platform.words("fr" if channel["language"] == "fr" else "en")
    draft = drafting.draft_of(
        row["key"], subject, words,
        upgrade=row["subject_kind"] == "upgrade", address=platform.address,
    )  # fmt: skip
    seen: dict[str, bool] = {}
    try:
        tracker = channels.plug_of(platform, channel["kind"])
        resolved = channels.channel_of(platform, tenant, channel)
        with platform.outbound.client(timeout=timeout) as http:
            post = channels.post_of(platform, http, channel["language"], timeout)
            ref, values = _told(_Reached(tracker, resolved, post), row, draft, seen)
    except (UserError, SourceError) as error:
        return _failed(platform, tenant, ticket, error, after=SETTLED if seen else None)
    now = platform.clock()
    with platform.database.begin(of_tenant(tenant)) as work:
        _write(work, ticket, ref, {**values, "title": draft.title[:300]}, now)
    return Attempt(Delivered.DONE, reference=ref.id)


def _told(
    there: _Reached, row: Mapping[str, Any], draft: Draft, seen: dict[str, bool]
) -> tuple[TicketRef, dict[str, Any]]:
    """The ticket after it was told what is new; and what its row is to keep of that."""
    words = there.post.words
    known = _known(row)
    if known is None:
        found = there.tracker.find(draft.key, there.channel, there.post)
        if found is None:
            if draft.closed:  # nobody needs a ticket of what is over
                return TicketRef("", "", TicketState.CLOSED), {"digest": _digest(draft)}
            seen["create"] = True  # from here on there may be one that we do not know
            made = there.tracker.create(draft, there.channel, there.post)
            return made, {"digest": _digest(draft), "closed": False}
        known = found
    if row["digest"] == _digest(draft):
        return there.tracker.state(known, there.channel, there.post), {}
    over, was_over = draft.closed, row["closed_at"] is not None
    if over and not was_over:
        draft = replace(draft, comment=words(T("All its findings are closed.")))
    elif was_over and not over:
        draft = replace(draft, comment=words(T("A finding of it is back.")))
    elif not over:
        # Whoever closed it over there meant to: only what came back opens it again.
        now = there.tracker.state(known, there.channel, there.post)
        draft = replace(draft, closed=now.state is TicketState.CLOSED)
    ref = there.tracker.update(known, draft, there.channel, there.post)
    return ref, {"digest": _digest(replace(draft, closed=over)), "closed": over}


def _known(row: Mapping[str, Any]) -> TicketRef | None:
    if not row["remote_id"]:
        return None
    return TicketRef(row["remote_id"], row["url"], TicketState(row["state"]), row["state_said"])


def _digest(draft: Draft) -> str:
    return digest("ticket", *drafting.told(draft))


def _row(work: Work, ticket: str) -> Mapping[str, Any] | None:
    query = sa.select(TICKETS).where(work.mine(TICKETS), _T.id == ticket)
    row = work.run(query).mappings().one_or_none()
    return None if row is None else dict(row)


def _gather(work: Work, row: Mapping[str, Any], at: datetime) -> None:
    """An upgrade is about what has been found in its package since, too."""
    package = (row["findings"] or {}).get("package")
    if package:
        ids = opening.findings_of_package(work, row["subject_id"], (package[0], package[1]))
        opening.link(work, system_caller("tickets", work.tenant), row["id"], ids, at)


def _write(
    work: Work, ticket: str, ref: TicketRef, values: Mapping[str, Any], now: datetime
) -> None:
    told = dict(values)
    over = told.pop("closed", None)
    if over is not None:
        told["closed_at"] = now if over else None
        told["updated_at"] = now
    changed = {
        **told, "remote_id": ref.id, "url": ref.url, "state": ref.state.value,
        "state_said": ref.state_said, "checked_at": now, "error": None,
        "revision": _T.revision + 1,
    }  # fmt: skip
    work.run(sa.update(TICKETS).where(work.mine(TICKETS), _T.id == ticket).values(**changed))


def _failed(
    platform: Platform, tenant: str, ticket: str, error: VigieError, after: float | None
) -> Attempt:
    told = platform.secrets.redactor.mask_error(error)
    note = {"message": plain(told.message), "hint": plain(told.hint),
            "at": platform.clock().isoformat()}  # fmt: skip
    with platform.database.begin(of_tenant(tenant)) as work:
        work.run(
            sa.update(TICKETS)
            .where(work.mine(TICKETS), _T.id == ticket)
            .values(error=note, checked_at=platform.clock())
        )
    return Attempt(Delivered.RETRY, told.message, after=after)


def poll(platform: Platform, tenant: str) -> int:
    """Have tickets looked at that nobody has looked at for a while; how many."""
    now = platform.clock()
    with platform.database.begin(of_tenant(tenant)) as work:
        query = (
            sa.select(_T.id)
            .join(CHANNELS, sa.and_(CHANNELS.c.id == _T.channel_id, work.mine(CHANNELS)))
            .where(
                work.mine(TICKETS), CHANNELS.c.enabled.is_(True),
                _T.state != TicketState.GONE.value, _T.remote_id != "",
                sa.or_(
                    sa.and_(_T.closed_at.is_(None), _T.checked_at < now - POLLED),
                    sa.and_(_T.closed_at > now - REMEMBERED, _T.checked_at < now - SELDOM),
                ),
            )
            .order_by(_T.checked_at, _T.id)
            .limit(MOST_POLLED)
        )  # fmt: skip
        ids = list(work.run(query).scalars())
        for ticket in ids:
            opening.look_at(work, ticket, now)
    return len(ids)
