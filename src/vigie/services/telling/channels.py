"""Channels: where the platform tells, by a notifier or in a ticket system.

Secrets stand in a channel as `secret://name` only. Their values are looked up for a check and for
an attempt, and are in no answer, log or audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.notifiers import Channel, Field, Post
from vigie.services import records, tenant_settings
from vigie.services.failures import Conflict
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.services.secrets import needs_reference
from vigie.stores.relational import fields as typed
from vigie.stores.relational.database import Work
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.telling import CHANNELS, NOTIFICATION_RULES, TICKETS

CHANNEL = Noun("channel", CHANNELS)
TIMEOUT = 15.0  # seconds of one call to a receiver
_LANGUAGES = ("en", "fr")
_C = CHANNELS.c

LISTING = Listing(
    "channels",
    CHANNELS,
    {
        "id": typed.Field(_C.id, typed.ID),
        "name": typed.Field(_C.name, sort=True),
        "kind": typed.Field(_C.kind, facet=True),
        "settings": typed.Field(_C.settings, typed.DOCUMENT),
        "language": typed.Field(_C.language, facet=True),
        "enabled": typed.Field(_C.enabled, typed.FLAG, facet=True),
        "created_at": typed.Field(_C.created_at, typed.TIME, sort=True),
        "revision": typed.Field(_C.revision, typed.COUNT),
    },
    sort="name",
    search=(_C.name, _C.kind),
)


def plug_of(platform: Platform, kind: str) -> Any:
    """The notifier or ticket system of this name. Raises UserError when there is none."""
    for plugs in (platform.plugs.notifiers, platform.plugs.trackers):
        if kind in plugs:
            return plugs[kind]
    names = (*platform.plugs.notifiers, *platform.plugs.trackers)
    raise UserError(
        T("there is no kind of channel {name}", name=kind[:100]),
        T("Choose from: {names}", names=names),
    )


def is_tracker(platform: Platform, kind: str) -> bool:
    """Whether a channel of this kind is a ticket system."""
    return kind not in platform.plugs.notifiers and kind in platform.plugs.trackers


def described(plug: Any) -> dict[str, Any]:
    """What a channel of this plug must be told, for its form: names, whether secret, examples.
    Labels are texts."""
    return {"name": plug.name, "label": plug.label, "fields": list(plug.fields)}


def create(
    work: Work, platform: Platform, caller: Caller, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A new channel, checked; nothing is sent. Raises UserError for one that cannot be right,
    Conflict for a name that is taken."""
    language = tenant_settings.language_of(work, values.get("language"))
    row = {**values, "language": language, "created_at": platform.clock()}
    _check(platform, work.tenant, row)
    return records.add(work, caller, CHANNEL, row)


def change(
    work: Work,
    platform: Platform,
    caller: Caller,
    channel_id: str,
    values: Mapping[str, Any],
    expected: int | None,
) -> dict[str, Any]:
    """Set what is given; `settings` as a whole. Raises as `create`, NotFound and Outdated."""
    before = records.find(work, CHANNEL, channel_id)
    if values.get("enabled", before["enabled"]) or "settings" in values:
        _check(platform, work.tenant, {**before, **values})
    return records.change(work, caller, CHANNEL, channel_id, values, expected)


def remove(work: Work, caller: Caller, channel_id: str, expected: int | None) -> None:
    """Take it away with what was sent over it. Raises NotFound, Outdated, and Conflict while
    rules use it or tickets in it are followed."""
    find(work, channel_id)
    if tenant_settings.uses(work, channel_id):
        raise Conflict(
            T("the tenant's settings name this channel"), T("Choose another one there first.")
        )
    for table, why in (
        (NOTIFICATION_RULES, T("rules use this channel")),
        (TICKETS, T("tickets were opened over this channel")),
    ):
        query = sa.select(table.c.id).where(work.mine(table), table.c.channel_id == channel_id)
        if work.run(query.limit(1)).first() is not None:
            raise Conflict(why, T("Switch it off instead, or remove these first."))
    records.remove(work, caller, CHANNEL, channel_id, expected)


def find(work: Work, channel_id: str) -> dict[str, Any]:
    """The tenant's channel. Raises NotFound."""
    return records.find(work, CHANNEL, channel_id)


def channel_of(platform: Platform, tenant: str, row: Mapping[str, Any]) -> Channel:
    """The channel with its secrets resolved, for a check or an attempt. Raises UserError for a
    reference that leads nowhere, SourceError when a backend cannot be asked."""
    secret = {field.name for field in plug_of(platform, row["kind"]).fields if field.secret}
    settings = row["settings"] or {}
    references = {name: value for name, value in settings.items() if name in secret and value}
    return Channel(
        {name: value for name, value in settings.items() if name not in secret},
        platform.secrets.resolve_all(references, tenant),
    )


def post_of(platform: Platform, http: Any, language: str, timeout: float = TIMEOUT) -> Post:
    """What a plug is lent for one attempt."""
    return Post(
        http=http,
        words=platform.words("fr" if language == "fr" else "en"),
        timeout=timeout,
        now=platform.clock().timestamp(),
        allows=platform.outbound.addresses,
    )


def _check(platform: Platform, tenant: str, row: Mapping[str, Any]) -> None:
    plug = plug_of(platform, row["kind"])
    known: dict[str, Field] = {field.name: field for field in plug.fields}
    for name, value in (row["settings"] or {}).items():
        if name not in known:
            raise UserError(
                T("{kind} has no setting {name}", kind=plug.label, name=name[:100]),
                T("Choose from: {names}", names=tuple(known)),
            )
        if known[name].secret and value:
            needs_reference(name, value)
    if row.get("language", "en") not in _LANGUAGES:
        raise UserError(
            T("Vigie does not speak {name}", name=str(row["language"])[:20]),
            T("Choose from: {names}", names=_LANGUAGES),
        )
    plug.check(channel_of(platform, tenant, row))
