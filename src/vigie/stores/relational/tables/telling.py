"""Who is told what: channels, rules, the outbox of deliveries, tickets."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    tenant_table,
    text,
)
from vigie.stores.relational.types import Document, Id

CHANNELS = tenant_table(
    "channels",
    id_column(),
    text("name"),
    text("kind"),  # a notifier's name
    Column("settings", Document),  # secrets only as secret://name
    text("language", default="en"),
    Column("enabled", Boolean, nullable=False, server_default="1"),
    moment("created_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "name"),
)

NOTIFICATION_RULES = tenant_table(
    "notification_rules",
    id_column(),
    text("name"),
    refers("channel_id", "channels.id"),
    Column("conditions", Document),  # severity, kinds, decisions, assets, labels, events, hours
    text("mode", default="now"),  # or "digest"
    text("digest_cron"),
    Column("quiet", Document),  # quiet hours
    text("time_zone", default="UTC"),
    Column("enabled", Boolean, nullable=False, server_default="1"),
    moment("created_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "name"),
)

# The outbox. A row is written in the transaction of what it tells of; it goes out after.
DELIVERIES = tenant_table(
    "deliveries",
    id_column(),
    refers("channel_id", "channels.id"),
    Column("rule_id", Id(), nullable=True),
    Column("key", Text, nullable=False),  # dedup key towards the receiver
    text("matter"),
    Column("message", Document),
    text("state"),  # "waiting", "sending", "done", "retry", "dead", "held"
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("log", Document),  # the last attempts: when, outcome, detail
    text("reference"),
    moment("created_at"),
    moment("due_at"),
    moment("ended_at", nullable=True),
    text("lease"),
    moment("leased_until", nullable=True),
    index("state", "due_at"),
    index("channel_id", "created_at"),
    index("key"),
    Index("ix_deliveries_open", "state", "due_at"),
    shared=True,
)

# What a rule has gathered for its next digest, or to be told after quiet hours.
GATHERED = tenant_table(
    "gathered",
    id_column(),
    refers("rule_id", "notification_rules.id"),
    Column("document", Document),
    moment("at"),
    index("rule_id", "at"),
)

TICKETS = tenant_table(
    "tickets",
    id_column(),
    refers("channel_id", "channels.id"),  # of a ticket system
    Column("key", Text, nullable=False),  # of the work: a finding or an upgrade
    text("subject_kind"),
    text("subject_id"),
    text("title"),
    text("remote_id"),
    text("url"),
    text("state"),  # ports.tickets.TicketState
    text("state_said"),
    Column("findings", Document),
    Column("digest", Text, nullable=False, server_default=""),  # of what it was last told
    Column("error", Document),
    text("actor"),
    text("actor_id"),
    moment("created_at"),
    moment("updated_at"),
    moment("checked_at", nullable=True),
    moment("closed_at", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "channel_id", "key"),
    index("subject_id"),
    index("created_at"),
)

FINDING_TICKETS = tenant_table(
    "finding_tickets",
    refers("finding_id", "findings.id"),
    refers("ticket_id", "tickets.id"),
    UniqueConstraint("tenant_id", "finding_id", "ticket_id"),
    Index(None, "ticket_id"),
)
