"""Policies, settings, the record of who did what, and what happened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    system_table,
    tenant_table,
    text,
)
from vigie.stores.relational.types import Document, Id

POLICIES = tenant_table(
    "policies",
    id_column(),
    text("name"),
    text("description"),
    text("source"),  # the YAML that people write
    Column("is_default", Boolean, nullable=False, server_default="0"),
    moment("created_at"),
    moment("updated_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("version", Integer, nullable=False, server_default="1"),  # of its text
    UniqueConstraint("tenant_id", "name"),
)

# Every text that a policy has had, the one that holds among them.
POLICY_VERSIONS = tenant_table(
    "policy_versions",
    refers("policy_id", "policies.id"),
    Column("version", Integer, nullable=False),
    text("name"),
    text("source"),
    text("actor"),
    text("actor_id"),
    Column("restored", Integer, nullable=True),  # the version whose text was brought back
    moment("at"),
    UniqueConstraint("tenant_id", "policy_id", "version"),
    Index(None, "policy_id"),
)

SETTINGS = tenant_table(
    "settings",
    text("name"),
    Column("value", Document),
    moment("updated_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "name"),
    shared=True,
)

# How a person likes to see a list: its address, under a name. `user_id` refers to nobody's row, so
# that a shared view outlives the person who made it.
VIEWS = tenant_table(
    "views",
    id_column(),
    Column("user_id", Id(), nullable=False),
    text("owner"),
    text("room"),  # "findings", "assets"…: the first word of the list's address
    text("name"),
    text("query"),  # "severity=critical&sort=-score"
    Column("shared", Boolean, nullable=False, server_default="0"),
    moment("created_at"),
    moment("updated_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "user_id", "room", "name"),
    index("room"),
)

EVENTS = tenant_table(
    "events",
    id_column(),
    text("kind"),  # "import.finished", "finding.new", "scan.failed", "waiver.expired"…
    text("subject_kind"),
    text("subject_id"),
    text("severity"),
    Column("document", Document),
    moment("at"),
    index("at", "id"),
    index("kind", "at"),
    index("subject_id", "at"),
)

# One chain for each tenant, and one for the platform. Rows are never changed or removed.
AUDIT = tenant_table(
    "audit",
    Column("seq", BigInteger, nullable=False),
    text("action"),
    text("actor_kind"),
    text("actor_id"),
    text("actor"),
    text("subject_kind"),
    text("subject_id"),
    Column("detail", Document),
    text("request_id"),
    text("address"),
    text("outcome", default="done"),  # or "refused"
    moment("at"),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("tenant_id", "seq"),
    index("at"),
    index("subject_id"),
    shared=True,
)

AUDIT_HEADS = tenant_table(
    "audit_heads",
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("mac", Text, nullable=False, server_default=""),  # with a key that lies elsewhere
    UniqueConstraint("tenant_id"),
    shared=True,
)

AUDIT_CHECKPOINTS = tenant_table(
    "audit_checkpoints",
    id_column(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    text("key_id"),
    text("signature"),
    moment("at"),
    index("seq"),
    shared=True,
)

# Secrets of the platform itself and of tenants, sealed with the master key outside.
SEALED = system_table(
    "sealed_secrets",
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("record", Document),
    moment("created_at"),
)

IDEMPOTENCY = tenant_table(
    "idempotency",
    text("key"),
    text("actor_id"),
    text("request"),  # digest of method, path and body
    Column("status", Integer),
    Column("response", Document),
    moment("created_at"),
    UniqueConstraint("tenant_id", "actor_id", "key"),
    index("created_at"),
)

# What the platform as a whole remembers: its name in tokens, its last checks.
FACTS = system_table(
    "facts",
    Column("name", Text, primary_key=True),
    Column("value", Document),
    Column("writer", Id()),
)
