"""One attempt of one delivery: its content read in its tenant's scope, sent, and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import VigieError
from vigie.model.text import T
from vigie.ports.notifiers import Attempt, Delivered, Message
from vigie.services import tenant_settings
from vigie.services.isolation import as_bug, isolated
from vigie.services.platform import Platform
from vigie.services.telemetry import metrics, traces
from vigie.services.telling import channels, following
from vigie.services.telling.messages import message_of, trial_message
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.telling import DELIVERIES, NOTIFICATION_RULES


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the hands of one courier. `lease` proves that it is this one's."""

    id: str
    tenant: str
    channel: str
    lease: str
    attempt: int


def attempt(platform: Platform, claimed: Claimed, timeout: float) -> Attempt | None:
    """Try it once, whatever comes of it; None when it is no longer to be sent."""
    ran = isolated(lambda: _attempt(platform, claimed, timeout))
    return ran.answer if ran.error is None else _said(ran.error)


def _said(error: Exception) -> Attempt:
    known = error if isinstance(error, VigieError) else as_bug(error)
    # What a person can mend may be mended any minute: a secret that is not there yet.
    return Attempt(Delivered.RETRY, known.message)


def ask(platform: Platform, claimed: Claimed, row: Mapping[str, Any], timeout: float) -> Attempt:
    """Whether a ticket system answers: it is asked for a ticket that is not there."""

    def asked() -> Attempt:
        tracker = channels.plug_of(platform, row["kind"])
        channel = channels.channel_of(platform, claimed.tenant, row)
        with platform.outbound.client(timeout=timeout) as http:
            post = channels.post_of(platform, http, row["language"], timeout)
            tracker.find(f"test/{claimed.lease}", channel, post)
        return Attempt(Delivered.DONE)

    ran = isolated(asked)
    return _said(ran.error) if ran.error is not None else Attempt(Delivered.DONE)


def final(attempted: Attempt) -> Attempt:
    """The same as the last word: what is not tried again has failed."""
    over = attempted.outcome is Delivered.RETRY
    return replace(attempted, outcome=Delivered.REJECTED) if over else attempted


def _attempt(platform: Platform, claimed: Claimed, timeout: float) -> Attempt | None:
    with platform.database.read(of_tenant(claimed.tenant)) as work:
        found = _content(work, claimed)
        if found is None:
            return None
        delivery, channel, message = found(platform)
    if not channel["enabled"]:
        return Attempt(Delivered.REJECTED, T("the channel is switched off"))
    kind = channel["kind"]
    with traces.span(f"deliver {kind}", "CLIENT", vigie__delivery=claimed.id,
                     vigie__tenant=claimed.tenant) as span:  # fmt: skip
        if message is None:
            went = following.follow(platform, claimed.tenant, delivery, channel, timeout)
        else:
            went = send(platform, claimed.tenant, channel, message, timeout)
        span.note(vigie__outcome=went.outcome.value)
    metrics.DELIVERIES.labels(kind, went.outcome.value).inc()
    return went


def send(
    platform: Platform, tenant: str, row: Mapping[str, Any], message: Message, timeout: float
) -> Attempt:
    """Send it over the channel of this row. Raises UserError for a channel that is wrong."""
    notifier = channels.plug_of(platform, row["kind"])
    channel = channels.channel_of(platform, tenant, row)
    with platform.outbound.client(timeout=timeout) as http:
        post = channels.post_of(platform, http, row["language"], timeout)
        attempted: Attempt = notifier.send(message, channel, post)
    return attempted


def _content(work: Work, claimed: Claimed) -> Any:
    """What makes (delivery, channel, message) of a platform; None when the lease is lost."""
    mine = (work.mine(DELIVERIES), DELIVERIES.c.id == claimed.id)
    query = sa.select(DELIVERIES).where(*mine, DELIVERIES.c.lease == claimed.lease)
    found = work.run(query).mappings().one_or_none()
    if found is None:
        return None
    delivery = dict(found)
    channel = channels.find(work, delivery["channel_id"])
    tenant, digest = tenant_name(work), _rule_name(work, delivery)
    delivery["message"] = _by_the_clock_of(work, delivery["message"])
    return lambda platform: (delivery, channel, _message(platform, delivery, tenant, digest))


def _by_the_clock_of(work: Work, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message with its time as the tenant's clocks show it."""
    if not message.get("sent"):
        return message
    sent = datetime.fromisoformat(message["sent"])
    return {**message, "sent": sent.astimezone(tenant_settings.zone(work)).isoformat()}


def tenant_name(work: Work) -> str:
    """How people call the tenant of this scope."""
    query = sa.select(TENANTS.c.name).where(TENANTS.c.id == work.tenant)
    return str(work.run(query).scalar_one_or_none() or "")


def _rule_name(work: Work, delivery: Mapping[str, Any]) -> str:
    if delivery["matter"] != "digest" or not is_id(delivery["rule_id"] or ""):
        return ""
    rules = NOTIFICATION_RULES
    query = sa.select(rules.c.name).where(work.mine(rules), rules.c.id == delivery["rule_id"])
    return str(work.run(query).scalar_one_or_none() or "")


def _message(
    platform: Platform, delivery: Mapping[str, Any], tenant: str, digest: str
) -> Message | None:
    """None for what is no message: a ticket that is to be brought up to date."""
    if delivery["matter"] == "ticket":
        return None
    if delivery["matter"] == "test":
        sent = delivery["message"]["sent"]
        return trial_message(tenant, sent, platform.address, delivery["key"])
    return message_of(delivery, address=platform.address, tenant=tenant, digest=digest)
