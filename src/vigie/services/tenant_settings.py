"""What a tenant sets for itself: its language and time zone, how long things are kept, and where
messages and tickets go when nobody says where."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import msgspec
import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.text import Language, T
from vigie.services.cron import zone_or_utc
from vigie.services.failures import Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.retention.limits import check_wanted
from vigie.stores.relational import records
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.governance import SETTINGS
from vigie.stores.relational.tables.telling import CHANNELS

_NAME = "tenant"
LANGUAGES: tuple[Language, ...] = ("en", "fr")


class TenantSettings(msgspec.Struct, frozen=True):
    """`language` and `time_zone` are those of what is made from now on without one of its own:
    channels, people and reports; schedules, notification rules (their hours and digests). Times
    in messages and reports are the zone's, too. `retention` is days by clause, None or left out
    for the operator's. The channels are ids, "" for none: where a rule sends that names no
    channel, and where tickets are opened."""

    language: Language = "en"
    time_zone: str = "UTC"
    retention: dict[str, int | None] = {}
    notify_channel: str = ""
    ticket_channel: str = ""


def read(work: Work) -> TenantSettings:
    """The settings of the scope's tenant; what was never set is as when it was made."""
    row = _row(work)
    if row is not None:
        return msgspec.convert(row.value, TenantSettings)
    tenant = work.run(sa.select(TENANTS.c.language).where(TENANTS.c.id == work.tenant)).scalar()
    return TenantSettings(language="fr" if tenant == "fr" else "en")


def language_of(work: Work, wanted: str | None) -> Language:
    """The language that was asked for, else the tenant's."""
    named = wanted or read(work).language
    return "fr" if named == "fr" else "en"


def zone_name(work: Work, wanted: str | None) -> str:
    """The time zone that was asked for, else the tenant's."""
    return wanted or read(work).time_zone


def zone(work: Work) -> tzinfo:
    """The tenant's; UTC when this machine does not know it any more."""
    return zone_or_utc(read(work).time_zone)


def channel_for_messages(work: Work, wanted: str | None) -> str:
    """The channel that was named, else where the tenant's messages go. Raises UserError."""
    return wanted or _chosen(read(work).notify_channel)


def channel_for_tickets(work: Work, wanted: str | None) -> str:
    """The channel that was named, else where the tenant's tickets are opened. Raises UserError."""
    return wanted or _chosen(read(work).ticket_channel)


def uses(work: Work, channel: str) -> bool:
    """Whether the settings name this channel."""
    settings = read(work)
    return channel in (settings.notify_channel, settings.ticket_channel)


def _chosen(channel: str) -> str:
    if not channel:
        raise UserError(
            T("no channel is named, and the tenant's settings name none"),
            T("Give a channel_id, or choose one for all in the settings."),
        )
    return channel


def revision(work: Work) -> int:
    """Of the settings; 0 while nobody has set any."""
    row = _row(work)
    return 0 if row is None else int(row.revision)


def write(
    work: Work,
    platform: Platform,
    caller: Caller,
    settings: TenantSettings,
    expected: int | None = None,
) -> int:
    """Set all of them; the new revision. Raises UserError for what cannot be, Outdated when
    `expected` is not the revision they are at."""
    _check(work, platform, settings)
    before = _row(work)
    there = 0 if before is None else int(before.revision)
    if expected is not None and expected != there:
        raise _outdated()
    value: dict[str, Any] = msgspec.to_builtins(settings)
    now = platform.clock()
    if before is None:
        try:
            records.insert_unique(
                work, SETTINGS, {"name": _NAME, "value": value, "updated_at": now}
            )
        except records.TakenError:  # somebody else set them at the same moment
            raise _outdated() from None
    else:
        done = work.run(
            sa.update(SETTINGS)
            .where(work.mine(SETTINGS), SETTINGS.c.name == _NAME, SETTINGS.c.revision == there)
            .values(value=value, updated_at=now, revision=there + 1)
        )
        if done.rowcount != 1:
            raise _outdated()
    was: Mapping[str, Any] = {} if before is None else before.value
    changed = {name: v for name, v in value.items() if was.get(name) != v}
    work.audit(caller.entry("settings.change", "settings", "", **changed))
    return there + 1


def _row(work: Work) -> sa.Row[Any] | None:
    query = sa.select(SETTINGS.c.value, SETTINGS.c.revision)
    query = query.where(work.mine(SETTINGS), SETTINGS.c.name == _NAME)
    return work.run(query).one_or_none()


def _check(work: Work, platform: Platform, settings: TenantSettings) -> None:
    if settings.language not in LANGUAGES:
        raise UserError(
            T("Vigie does not speak {name}", name=settings.language[:20]),
            T("Choose from: {names}", names=LANGUAGES),
        )
    if settings.time_zone not in zoneinfo.available_timezones():
        raise UserError(
            T("there is no time zone {name}", name=settings.time_zone[:100]),
            T("Give a name of the IANA database, such as Europe/Paris or UTC."),
        )
    check_wanted(platform.policy.retention, settings.retention)
    for channel in (settings.notify_channel, settings.ticket_channel):
        if channel and not _is_channel(work, channel):
            raise UserError(
                T("there is no channel {id}", id=channel[:100]),
                T("Make it first, and give its id."),
            )


def _is_channel(work: Work, channel: str) -> bool:
    if not is_id(channel):
        return False
    mine = (work.mine(CHANNELS), CHANNELS.c.id == channel)
    return work.run(sa.select(CHANNELS.c.id).where(*mine)).first() is not None


def _outdated() -> Outdated:
    return Outdated(
        T("the settings have been changed since you read them"),
        T("Read them again, then change them with the new ETag."),
    )
