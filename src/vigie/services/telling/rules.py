"""Notification rules: which channel is told what, and when. Checked before they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import sqlalchemy as sa
import structlog

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.services import records, tenant_settings
from vigie.services.cron import next_after, zone_or_utc
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.services.telling import channels
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, FLAG, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.telling import CHANNELS, DELIVERIES, NOTIFICATION_RULES
from vigie.watch.hours import Window, end_of, window_of
from vigie.watch.routing import Conditions, Quiet

RULE = Noun("notification rule", NOTIFICATION_RULES)
MODES = ("now", "digest")
GROUPS = ("import", "asset", "finding")  # what one message is about
TICKET_GROUPS = ("finding", "upgrade")  # what one ticket is about
_R = NOTIFICATION_RULES.c
_EVENT = re.compile(r"[a-z][a-z-]{0,39}\.[a-z][a-z-]{0,39}\Z")
_MOST = 200  # values of one condition
_log = structlog.get_logger("vigie.telling")

LISTING = Listing(
    "notification_rules",
    NOTIFICATION_RULES,
    {
        "id": Field(_R.id, ID),
        "name": Field(_R.name, sort=True),
        "channel_id": Field(_R.channel_id, ID, facet=True),
        "conditions": Field(_R.conditions, DOCUMENT),
        "mode": Field(_R.mode, facet=True),
        "digest_cron": Field(_R.digest_cron),
        "quiet": Field(_R.quiet, DOCUMENT),
        "time_zone": Field(_R.time_zone),
        "enabled": Field(_R.enabled, FLAG, facet=True),
        "created_at": Field(_R.created_at, TIME, sort=True),
        "revision": Field(_R.revision, COUNT),
    },
    sort="name",
    search=(_R.name,),
)


@dataclass(frozen=True, slots=True)
class Route:
    """A rule that is switched on, ready to be held against what happens. `group` says what one
    message (or, where `tracker`, one ticket) is about."""

    id: str
    channel: str
    conditions: Conditions
    group: str
    tracker: bool
    digest: str
    quiet: Quiet
    zone: tzinfo
    time_zone: str


def create(
    work: Work, platform: Platform, caller: Caller, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A new rule. Raises UserError for one that cannot be right, Conflict for a taken name."""
    channel = tenant_settings.channel_for_messages(work, values.get("channel_id"))
    zone = tenant_settings.zone_name(work, values.get("time_zone"))
    row = {**values, "channel_id": channel, "time_zone": zone, "created_at": platform.clock()}
    return records.add(work, caller, RULE, _checked(work, platform, row))


def change(
    work: Work,
    platform: Platform,
    caller: Caller,
    rule_id: str,
    values: Mapping[str, Any],
    expected: int | None,
) -> dict[str, Any]:
    """Set what is given. Raises as `create`, NotFound and Outdated.

    What was gathered or held by it before is told by what it says now.
    """
    before = records.find(work, RULE, rule_id)
    checked = _checked(work, platform, {**before, **values})
    wanted = {name: checked[name] for name in values}
    if "conditions" in values or "channel_id" in values:
        wanted["conditions"] = checked["conditions"]
    return records.change(work, caller, RULE, rule_id, wanted, expected)


def remove(work: Work, caller: Caller, rule_id: str, expected: int | None) -> None:
    """Take it away, and with it what it has gathered or holds back. Raises NotFound, Outdated."""
    records.remove(work, caller, RULE, rule_id, expected)
    held = (DELIVERIES.c.rule_id == rule_id, DELIVERIES.c.state == "held")
    work.run(sa.delete(DELIVERIES).where(work.mine(DELIVERIES), *held))


def routes(work: Work) -> list[Route]:
    """The rules that are switched on, of channels that are; in the order of their ids."""
    query = (
        sa.select(NOTIFICATION_RULES)
        .join(CHANNELS, sa.and_(CHANNELS.c.id == _R.channel_id, work.mine(CHANNELS)))
        .where(work.mine(NOTIFICATION_RULES), _R.enabled.is_(True), CHANNELS.c.enabled.is_(True))
        .order_by(_R.id)
    )
    found = []
    for row in work.run(query).mappings():
        try:
            found.append(route_of(dict(row)))
        except UserError as error:  # what happened is written down whatever became of a rule
            _log.warning("rule.unreadable", rule=row["id"], error=str(error))
    return found


def route_of(row: Mapping[str, Any]) -> Route:
    """What a rule's row means. Raises UserError for what cannot be meant."""
    document = row["conditions"] or {}
    return Route(
        id=row["id"],
        channel=row["channel_id"],
        conditions=conditions_of(document),
        group=document.get("group", GROUPS[0]),
        tracker=bool(document.get("tracker")),
        digest=row["digest_cron"] if row["mode"] == "digest" else "",
        quiet=quiet_of(row["quiet"]),
        zone=zone_or_utc(row["time_zone"]),
        time_zone=row["time_zone"],
    )


def conditions_of(document: Mapping[str, Any]) -> Conditions:
    """Conditions as they are kept. Raises UserError."""
    severity = document.get("severity") or ""
    return Conditions(
        events=_words(document, "events"),
        severity=_word("severity", Severity, severity) if severity else None,
        unknown=document.get("unknown", True),
        kinds=_words(document, "kinds", Kind),
        decisions=_words(document, "decisions", Decision),
        statuses=_words(document, "statuses", Status),
        assets=_words(document, "assets"),
        asset_kinds=_words(document, "asset_kinds", AssetKind),
        labels={name: frozenset(v) for name, v in (document.get("labels") or {}).items()},
        hours=_windows(document.get("hours") or ()),
    )


def quiet_of(document: Mapping[str, Any] | None) -> Quiet:
    """Quiet hours as they are kept; none for None. Raises UserError."""
    if not document:
        return Quiet()
    below = _word("below", Severity, document.get("below") or "critical")
    return Quiet(_windows(document.get("hours") or ()), below)


def _checked(work: Work, platform: Platform, row: Mapping[str, Any]) -> dict[str, Any]:
    channel = channels.find(work, row["channel_id"])
    tracker = channels.is_tracker(platform, channel["kind"])
    document = dict(row.get("conditions") or {})
    document["tracker"] = tracker
    groups = TICKET_GROUPS if tracker else GROUPS
    document["group"] = document.get("group") or groups[0]
    if document["group"] not in groups:
        raise _wrong("group", groups)
    for event in document.get("events") or ():
        if not _EVENT.match(event):
            raise _wrong("events", ("finding.new", "finding.closed", "import.finished"))
    conditions_of(document)
    mode = row.get("mode") or "now"
    if mode not in MODES or (tracker and mode == "digest"):
        raise _wrong("mode", MODES[:1] if tracker else MODES)
    now = platform.clock()
    # Raises for a time zone or an expression that is none.
    next_after(row.get("digest_cron") or "0 8 * * *", row.get("time_zone") or "UTC", now)
    if mode == "digest" and not row.get("digest_cron"):
        raise UserError(
            T("a digest needs to know when it is sent"),
            T("Give minute, hour, day, month and weekday, as cron does: 30 2 * * MON-FRI."),
        )
    _check_quiet(quiet_of(row.get("quiet")), row.get("time_zone") or "UTC", now)
    return {**row, "conditions": document}


def _check_quiet(quiet: Quiet, zone: str, now: datetime) -> None:
    if quiet.windows and end_of(quiet.windows, now, zone_or_utc(zone)) is None:
        raise UserError(
            T("these quiet hours never end"), T("Leave some hours of the week out of them.")
        )


def _words(document: Mapping[str, Any], name: str, kind: Any = None) -> frozenset[str]:
    values = document.get(name) or ()
    if len(values) > _MOST:
        raise UserError(T("{name} has more than {most} values", name=name, most=_MOST))
    return frozenset(str(_word(name, kind, value)) if kind else value for value in values)


def _word(name: str, kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise _wrong(name, [one.value for one in kind]) from None


def _windows(documents: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    try:
        return tuple(
            window_of(one["from"], one["until"], one.get("days") or ()) for one in documents
        )
    except (ValueError, KeyError):
        raise UserError(
            T("these hours cannot be read"),
            T("Give from and until as HH:MM, and days as mon, tue, wed, thu, fri, sat, sun."),
        ) from None


def _wrong(name: str, choices: Sequence[str]) -> UserError:
    return UserError(
        T("{name} holds a value that means nothing here", name=name),
        T("Choose from: {names}", names=tuple(choices)),
    )
