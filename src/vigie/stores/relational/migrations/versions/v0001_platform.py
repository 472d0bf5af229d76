"""The first schema of the platform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from vigie.stores.relational import policies, types

revision = "0001"
down_revision = None

TABLES = (
    "assets",
    "attempts",
    "audit",
    "audit_checkpoints",
    "audit_heads",
    "challenges",
    "channels",
    "components",
    "events",
    "facts",
    "files",
    "idempotency",
    "imports",
    "jobs",
    "leases",
    "policies",
    "queue",
    "reports",
    "rules",
    "scans",
    "schedules",
    "sealed_secrets",
    "settings",
    "sign_on",
    "signing_keys",
    "tenants",
    "users",
    "api_keys",
    "asset_components",
    "asset_labels",
    "asset_names",
    "deliveries",
    "file_pieces",
    "memberships",
    "notification_rules",
    "passkeys",
    "runs",
    "sessions",
    "suppressions",
    "tallies",
    "tickets",
    "findings",
    "gathered",
    "comments",
    "finding_history",
    "finding_names",
    "finding_tickets",
    "observations",
)


def upgrade() -> None:
    tables = [
        op.create_table(
            "assets",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("key", sa.Text(), server_default="", nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("owner", sa.Text(), server_default="", nullable=False),
            sa.Column("exposure", sa.Text(), server_default="unknown", nullable=False),
            sa.Column("criticality", sa.Text(), server_default="unknown", nullable=False),
            sa.Column("distro", sa.Text(), server_default="", nullable=False),
            sa.Column("digests", types.Document(), nullable=True),
            sa.Column("tags", types.Document(), nullable=True),
            sa.Column("labels", types.Document(), nullable=True),
            sa.Column("search", sa.Text(), server_default="", nullable=False),
            sa.Column("first_seen", types.Moment(), nullable=False),
            sa.Column("last_seen", types.Moment(), nullable=False),
            sa.Column("looked_at", types.Moment(), nullable=True),
            sa.Column("archived_at", types.Moment(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.Column("content", sa.Integer(), server_default="0", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
            sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_assets_tenant_id_key")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "attempts",
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("record", types.Document(), nullable=True),
            sa.Column("updated_at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "audit",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("seq", sa.BigInteger(), nullable=False),
            sa.Column("action", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_kind", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_kind", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
            sa.Column("detail", types.Document(), nullable=True),
            sa.Column("request_id", sa.Text(), server_default="", nullable=False),
            sa.Column("address", sa.Text(), server_default="", nullable=False),
            sa.Column("outcome", sa.Text(), server_default="done", nullable=False),
            sa.Column("at", types.Moment(), nullable=False),
            sa.Column("previous", sa.Text(), nullable=False),
            sa.Column("hash", sa.Text(), nullable=False),
            sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_audit_tenant_id_seq")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "audit_checkpoints",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("seq", sa.BigInteger(), nullable=False),
            sa.Column("hash", sa.Text(), nullable=False),
            sa.Column("key_id", sa.Text(), server_default="", nullable=False),
            sa.Column("signature", sa.Text(), server_default="", nullable=False),
            sa.Column("at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoints")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "audit_heads",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("seq", sa.BigInteger(), nullable=False),
            sa.Column("hash", sa.Text(), nullable=False),
            sa.Column("mac", sa.Text(), server_default="", nullable=False),
            sa.UniqueConstraint("tenant_id", name=op.f("uq_audit_heads_tenant_id")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "challenges",
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("record", types.Document(), nullable=True),
            sa.Column("expires_at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "channels",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("settings", types.Document(), nullable=True),
            sa.Column("language", sa.Text(), server_default="en", nullable=False),
            sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
            sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_channels_tenant_id_name")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "components",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("key", sa.Text(), server_default="", nullable=False),
            sa.Column("type", sa.Text(), server_default="", nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("version", sa.Text(), server_default="", nullable=False),
            sa.Column("purl", sa.Text(), server_default="", nullable=False),
            sa.Column("licences", types.Document(), nullable=True),
            sa.Column("search", sa.Text(), server_default="", nullable=False),
            sa.Column("first_seen", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_components")),
            sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_components_tenant_id_key")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "events",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_kind", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
            sa.Column("severity", sa.Text(), server_default="", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "facts",
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("value", types.Document(), nullable=True),
            sa.Column("writer", types.Id(), nullable=True),
            sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "files",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("media_type", sa.Text(), server_default="", nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("sha256", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("expires_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "idempotency",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("key", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("request", sa.Text(), server_default="", nullable=False),
            sa.Column("status", sa.Integer(), nullable=True),
            sa.Column("response", types.Document(), nullable=True),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.UniqueConstraint(
                "tenant_id", "actor_id", "key", name=op.f("uq_idempotency_tenant_id_actor_id_key")
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "imports",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("file_id", types.Id(), nullable=True),
            sa.Column("job_id", types.Id(), nullable=True),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("origin", sa.Text(), server_default="", nullable=False),
            sa.Column("format", sa.Text(), server_default="", nullable=False),
            sa.Column("asset", sa.Text(), server_default="", nullable=False),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("options", types.Document(), nullable=True),
            sa.Column("summary", types.Document(), nullable=True),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("ended_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "jobs",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("payload", types.Document(), nullable=True),
            sa.Column("result", types.Document(), nullable=True),
            sa.Column("error", types.Document(), nullable=True),
            sa.Column("progress", sa.Float(), nullable=True),
            sa.Column("stage", sa.Text(), server_default="", nullable=False),
            sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
            sa.Column("subject_kind", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("due_at", types.Moment(), nullable=False),
            sa.Column("started_at", types.Moment(), nullable=True),
            sa.Column("ended_at", types.Moment(), nullable=True),
            sa.Column("lease", sa.Text(), server_default="", nullable=False),
            sa.Column("leased_until", types.Moment(), nullable=True),
            sa.Column("cancel", sa.Boolean(), server_default="0", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "leases",
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("holder", sa.Text(), server_default="", nullable=False),
            sa.Column("until", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "policies",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("description", sa.Text(), server_default="", nullable=False),
            sa.Column("source", sa.Text(), server_default="", nullable=False),
            sa.Column("is_default", sa.Boolean(), server_default="0", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("updated_at", types.Moment(), nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
            sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_policies_tenant_id_name")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "queue",
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("job_id", types.Id(), nullable=False),
            sa.Column("available_at", types.Moment(), nullable=False),
            sa.Column("leased_until", types.Moment(), nullable=True),
            sa.Column("lease", sa.Text(), server_default="", nullable=False),
            sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "reports",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("title", sa.Text(), server_default="", nullable=False),
            sa.Column("format", sa.Text(), server_default="", nullable=False),
            sa.Column("language", sa.Text(), server_default="en", nullable=False),
            sa.Column("filters", types.Document(), nullable=True),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("job_id", types.Id(), nullable=True),
            sa.Column("file_id", types.Id(), nullable=True),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("ended_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "rules",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("key", sa.Text(), server_default="", nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("title", sa.Text(), server_default="", nullable=False),
            sa.Column("aliases", types.Document(), nullable=True),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("search", sa.Text(), server_default="", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
            sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_rules_tenant_id_key")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "scans",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("job_id", types.Id(), nullable=True),
            sa.Column("import_id", types.Id(), nullable=True),
            sa.Column("schedule_id", types.Id(), nullable=True),
            sa.Column("target", sa.Text(), server_default="", nullable=False),
            sa.Column("options", types.Document(), nullable=True),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("summary", types.Document(), nullable=True),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("ended_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "schedules",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("payload", types.Document(), nullable=True),
            sa.Column("cron", sa.Text(), server_default="", nullable=False),
            sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
            sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("next_at", types.Moment(), nullable=True),
            sa.Column("last_at", types.Moment(), nullable=True),
            sa.Column("last_job", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
            sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_schedules_tenant_id_name")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "sealed_secrets",
            sa.Column("tenant", sa.Text(), nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("record", types.Document(), nullable=True),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("tenant", "name", "version", name=op.f("pk_sealed_secrets")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "settings",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("value", types.Document(), nullable=True),
            sa.Column("updated_at", types.Moment(), nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_settings_tenant_id_name")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "sign_on",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("issuer", sa.Text(), server_default="", nullable=False),
            sa.Column("client_id", sa.Text(), server_default="", nullable=False),
            sa.Column("client_secret", sa.Text(), server_default="", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "signing_keys",
            sa.Column("kid", sa.Text(), nullable=False),
            sa.Column("algorithm", sa.Text(), server_default="", nullable=False),
            sa.Column("private_key", sa.Text(), server_default="", nullable=False),
            sa.Column("public_key", types.Document(), nullable=True),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("signs_from", types.Moment(), nullable=False),
            sa.Column("retired_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "tenants",
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("slug", sa.Text(), nullable=False),
            sa.Column("language", sa.Text(), server_default="en", nullable=False),
            sa.Column("settings", types.Document(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("disabled_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
            sa.UniqueConstraint("slug", name=op.f("uq_tenants_slug")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "users",
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("email", sa.Text(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("language", sa.Text(), server_default="en", nullable=False),
            sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
            sa.Column("super_admin", sa.Boolean(), server_default="0", nullable=False),
            sa.Column("must_change", sa.Boolean(), server_default="0", nullable=False),
            sa.Column("totp_secret", sa.Text(), server_default="", nullable=False),
            sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
            sa.Column("recovery_codes", types.Document(), nullable=True),
            sa.Column("issuer", sa.Text(), server_default="", nullable=False),
            sa.Column("subject", sa.Text(), server_default="", nullable=False),
            sa.Column("settings", types.Document(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("last_login_at", types.Moment(), nullable=True),
            sa.Column("disabled_at", types.Moment(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
            sa.UniqueConstraint("email", name=op.f("uq_users_email")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "api_keys",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("hash", sa.Text(), server_default="", nullable=False),
            sa.Column("hint", sa.Text(), server_default="", nullable=False),
            sa.Column("scopes", types.Document(), nullable=True),
            sa.Column("networks", types.Document(), nullable=True),
            sa.Column("created_by", types.Id(), nullable=True),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("expires_at", types.Moment(), nullable=True),
            sa.Column("last_used_at", types.Moment(), nullable=True),
            sa.Column("last_address", sa.Text(), server_default="", nullable=False),
            sa.Column("revoked_at", types.Moment(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["created_by"],
                ["users.id"],
                name=op.f("fk_api_keys_created_by_users"),
                ondelete="SET NULL",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "asset_components",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("component_id", types.Id(), nullable=False),
            sa.Column("direct", sa.Boolean(), nullable=True),
            sa.Column("sources", types.Document(), nullable=True),
            sa.Column("paths", types.Document(), nullable=True),
            sa.Column("last_seen", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_asset_components_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["component_id"],
                ["components.id"],
                name=op.f("fk_asset_components_component_id_components"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id",
                "asset_id",
                "component_id",
                name=op.f("uq_asset_components_tenant_id_asset_id_component_id"),
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "asset_labels",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("key", sa.Text(), server_default="", nullable=False),
            sa.Column("value", sa.Text(), server_default="", nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_asset_labels_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id", "asset_id", "key", name=op.f("uq_asset_labels_tenant_id_asset_id_key")
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "asset_names",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_asset_names_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_asset_names_tenant_id_name")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "deliveries",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("channel_id", types.Id(), nullable=False),
            sa.Column("rule_id", types.Id(), nullable=True),
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("matter", sa.Text(), server_default="", nullable=False),
            sa.Column("message", types.Document(), nullable=True),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
            sa.Column("log", types.Document(), nullable=True),
            sa.Column("reference", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("due_at", types.Moment(), nullable=False),
            sa.Column("ended_at", types.Moment(), nullable=True),
            sa.Column("lease", sa.Text(), server_default="", nullable=False),
            sa.Column("leased_until", types.Moment(), nullable=True),
            sa.ForeignKeyConstraint(
                ["channel_id"],
                ["channels.id"],
                name=op.f("fk_deliveries_channel_id_channels"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "file_pieces",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("file_id", types.Id(), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("data", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["file_id"],
                ["files.id"],
                name=op.f("fk_file_pieces_file_id_files"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id",
                "file_id",
                "number",
                name=op.f("uq_file_pieces_tenant_id_file_id_number"),
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "memberships",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("user_id", types.Id(), nullable=False),
            sa.Column("role", sa.Text(), server_default="", nullable=False),
            sa.Column("origin", sa.Text(), server_default="local", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"],
                ["users.id"],
                name=op.f("fk_memberships_user_id_users"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id", "user_id", name=op.f("uq_memberships_tenant_id_user_id")
            ),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "notification_rules",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("channel_id", types.Id(), nullable=False),
            sa.Column("conditions", types.Document(), nullable=True),
            sa.Column("mode", sa.Text(), server_default="now", nullable=False),
            sa.Column("digest_cron", sa.Text(), server_default="", nullable=False),
            sa.Column("quiet", types.Document(), nullable=True),
            sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
            sa.Column("enabled", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["channel_id"],
                ["channels.id"],
                name=op.f("fk_notification_rules_channel_id_channels"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_rules")),
            sa.UniqueConstraint(
                "tenant_id", "name", name=op.f("uq_notification_rules_tenant_id_name")
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "passkeys",
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("user_id", types.Id(), nullable=False),
            sa.Column("name", sa.Text(), server_default="", nullable=False),
            sa.Column("credential_id", sa.Text(), nullable=False),
            sa.Column("public_key", sa.Text(), server_default="", nullable=False),
            sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("last_used_at", types.Moment(), nullable=True),
            sa.ForeignKeyConstraint(
                ["user_id"],
                ["users.id"],
                name=op.f("fk_passkeys_user_id_users"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
            sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
            info={"tenant": False, "shared": True},
        ),
        op.create_table(
            "runs",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("import_id", sa.Text(), nullable=True),
            sa.Column("tool", sa.Text(), server_default="", nullable=False),
            sa.Column("version", sa.Text(), server_default="", nullable=False),
            sa.Column("format", sa.Text(), server_default="", nullable=False),
            sa.Column("outcome", sa.Text(), server_default="", nullable=False),
            sa.Column("database_date", sa.Text(), server_default="", nullable=False),
            sa.Column("records", sa.Integer(), server_default="0", nullable=False),
            sa.Column("observations", sa.Integer(), server_default="0", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("latest", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("at", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_runs_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "sessions",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("user_id", types.Id(), nullable=False),
            sa.Column("family", types.Document(), nullable=True),
            sa.Column("methods", types.Document(), nullable=True),
            sa.Column("address", sa.Text(), server_default="", nullable=False),
            sa.Column("agent", sa.Text(), server_default="", nullable=False),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("last_used_at", types.Moment(), nullable=False),
            sa.Column("expires_at", types.Moment(), nullable=False),
            sa.Column("revoked_at", types.Moment(), nullable=True),
            sa.Column("revoked_why", sa.Text(), server_default="", nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"],
                ["users.id"],
                name=op.f("fk_sessions_user_id_users"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
            info={"tenant": True, "shared": True},
        ),
        op.create_table(
            "suppressions",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("scope", sa.Text(), server_default="", nullable=False),
            sa.Column("asset_id", types.Id(), nullable=True),
            sa.Column("component", sa.Text(), server_default="", nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("rule", sa.Text(), server_default="", nullable=False),
            sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
            sa.Column("status", sa.Text(), server_default="", nullable=False),
            sa.Column("justification", sa.Text(), server_default="", nullable=False),
            sa.Column("reason", sa.Text(), server_default="", nullable=False),
            sa.Column("source", sa.Text(), server_default="person", nullable=False),
            sa.Column("owner", sa.Text(), server_default="", nullable=False),
            sa.Column("owner_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("expires_at", types.Moment(), nullable=True),
            sa.Column("revoked_at", types.Moment(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_suppressions_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "tallies",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("severity", types.SeverityRank(), nullable=False),
            sa.Column("decision", types.DecisionRank(), nullable=False),
            sa.Column("status", sa.Text(), server_default="", nullable=False),
            sa.Column("fixable", sa.Boolean(), server_default="0", nullable=False),
            sa.Column("count", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_tallies_asset_id_assets"),
                ondelete="CASCADE",
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "tickets",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("channel_id", types.Id(), nullable=False),
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("subject_kind", sa.Text(), server_default="", nullable=False),
            sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
            sa.Column("title", sa.Text(), server_default="", nullable=False),
            sa.Column("remote_id", sa.Text(), server_default="", nullable=False),
            sa.Column("url", sa.Text(), server_default="", nullable=False),
            sa.Column("state", sa.Text(), server_default="", nullable=False),
            sa.Column("state_said", sa.Text(), server_default="", nullable=False),
            sa.Column("findings", types.Document(), nullable=True),
            sa.Column("digest", sa.Text(), server_default="", nullable=False),
            sa.Column("error", types.Document(), nullable=True),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("updated_at", types.Moment(), nullable=False),
            sa.Column("checked_at", types.Moment(), nullable=True),
            sa.Column("closed_at", types.Moment(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["channel_id"],
                ["channels.id"],
                name=op.f("fk_tickets_channel_id_channels"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
            sa.UniqueConstraint(
                "tenant_id", "channel_id", "key", name=op.f("uq_tickets_tenant_id_channel_id_key")
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "findings",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("rule_id", types.Id(), nullable=False),
            sa.Column("component_id", types.Id(), nullable=True),
            sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
            sa.Column("kind", sa.Text(), server_default="", nullable=False),
            sa.Column("severity", types.SeverityRank(), nullable=False),
            sa.Column("decision", types.DecisionRank(), nullable=False),
            sa.Column("score", sa.Float(), server_default="0", nullable=False),
            sa.Column("status", sa.Text(), server_default="", nullable=False),
            sa.Column("counts", sa.Boolean(), server_default="1", nullable=False),
            sa.Column("fixable", sa.Boolean(), server_default="0", nullable=False),
            sa.Column("fix_version", sa.Text(), server_default="", nullable=False),
            sa.Column("kev", sa.Boolean(), nullable=True),
            sa.Column("epss", sa.Float(), nullable=True),
            sa.Column("place", sa.Text(), server_default="", nullable=False),
            sa.Column("sources", types.Document(), nullable=True),
            sa.Column("assignee", sa.Text(), server_default="", nullable=False),
            sa.Column("suppression_id", types.Id(), nullable=True),
            sa.Column("first_seen", types.Moment(), nullable=False),
            sa.Column("last_seen", types.Moment(), nullable=False),
            sa.Column("closed_at", types.Moment(), nullable=True),
            sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
            sa.Column("digest", sa.Text(), server_default="", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_findings_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["component_id"],
                ["components.id"],
                name=op.f("fk_findings_component_id_components"),
                ondelete="SET NULL",
            ),
            sa.ForeignKeyConstraint(
                ["rule_id"],
                ["rules.id"],
                name=op.f("fk_findings_rule_id_rules"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["suppression_id"],
                ["suppressions.id"],
                name=op.f("fk_findings_suppression_id_suppressions"),
                ondelete="SET NULL",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
            sa.UniqueConstraint(
                "tenant_id",
                "asset_id",
                "fingerprint",
                name=op.f("uq_findings_tenant_id_asset_id_fingerprint"),
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "gathered",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("rule_id", types.Id(), nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("at", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["rule_id"],
                ["notification_rules.id"],
                name=op.f("fk_gathered_rule_id_notification_rules"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_gathered")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "comments",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("finding_id", types.Id(), nullable=False),
            sa.Column("author", sa.Text(), server_default="", nullable=False),
            sa.Column("author_id", sa.Text(), server_default="", nullable=False),
            sa.Column("body", sa.Text(), server_default="", nullable=False),
            sa.Column("created_at", types.Moment(), nullable=False),
            sa.Column("edited_at", types.Moment(), nullable=True),
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
            sa.ForeignKeyConstraint(
                ["finding_id"],
                ["findings.id"],
                name=op.f("fk_comments_finding_id_findings"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "finding_history",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("finding_id", types.Id(), nullable=False),
            sa.Column("what", sa.Text(), server_default="", nullable=False),
            sa.Column("actor", sa.Text(), server_default="", nullable=False),
            sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("run_id", sa.Text(), nullable=True),
            sa.Column("at", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["finding_id"],
                ["findings.id"],
                name=op.f("fk_finding_history_finding_id_findings"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_history")),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "finding_names",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
            sa.Column("finding_id", types.Id(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_finding_names_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["finding_id"],
                ["findings.id"],
                name=op.f("fk_finding_names_finding_id_findings"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id",
                "asset_id",
                "fingerprint",
                name=op.f("uq_finding_names_tenant_id_asset_id_fingerprint"),
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "finding_tickets",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("finding_id", types.Id(), nullable=False),
            sa.Column("ticket_id", types.Id(), nullable=False),
            sa.ForeignKeyConstraint(
                ["finding_id"],
                ["findings.id"],
                name=op.f("fk_finding_tickets_finding_id_findings"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["ticket_id"],
                ["tickets.id"],
                name=op.f("fk_finding_tickets_ticket_id_tickets"),
                ondelete="CASCADE",
            ),
            sa.UniqueConstraint(
                "tenant_id",
                "finding_id",
                "ticket_id",
                name=op.f("uq_finding_tickets_tenant_id_finding_id_ticket_id"),
            ),
            info={"tenant": True, "shared": False},
        ),
        op.create_table(
            "observations",
            sa.Column("tenant_id", types.Id(), nullable=False),
            sa.Column("id", types.Id(), nullable=False),
            sa.Column("asset_id", types.Id(), nullable=False),
            sa.Column("tool", sa.Text(), server_default="", nullable=False),
            sa.Column("verdict", sa.Text(), server_default="", nullable=False),
            sa.Column("digest", sa.Text(), nullable=False),
            sa.Column("finding_id", types.Id(), nullable=True),
            sa.Column("run_id", types.Id(), nullable=False),
            sa.Column("document", types.Document(), nullable=True),
            sa.Column("first_seen", types.Moment(), nullable=False),
            sa.Column("last_seen", types.Moment(), nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"],
                ["assets.id"],
                name=op.f("fk_observations_asset_id_assets"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["finding_id"],
                ["findings.id"],
                name=op.f("fk_observations_finding_id_findings"),
                ondelete="SET NULL",
            ),
            sa.ForeignKeyConstraint(
                ["run_id"],
                ["runs.id"],
                name=op.f("fk_observations_run_id_runs"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
            sa.UniqueConstraint(
                "tenant_id",
                "asset_id",
                "tool",
                "digest",
                name=op.f("uq_observations_tenant_id_asset_id_tool_digest"),
            ),
            info={"tenant": True, "shared": False},
        ),
    ]
    op.create_index(
        op.f("ix_assets_tenant_id_kind_name"), "assets", ["tenant_id", "kind", "name"], unique=False
    )
    op.create_index(
        op.f("ix_assets_tenant_id_last_seen"), "assets", ["tenant_id", "last_seen"], unique=False
    )
    op.create_index(op.f("ix_audit_tenant_id_at"), "audit", ["tenant_id", "at"], unique=False)
    op.create_index(
        op.f("ix_audit_tenant_id_subject_id"), "audit", ["tenant_id", "subject_id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_checkpoints_tenant_id_seq"),
        "audit_checkpoints",
        ["tenant_id", "seq"],
        unique=False,
    )
    op.create_index(
        op.f("ix_components_tenant_id_name_version"),
        "components",
        ["tenant_id", "name", "version"],
        unique=False,
    )
    op.create_index(
        op.f("ix_events_tenant_id_at_id"), "events", ["tenant_id", "at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_events_tenant_id_kind_at"), "events", ["tenant_id", "kind", "at"], unique=False
    )
    op.create_index(
        op.f("ix_events_tenant_id_subject_id_at"),
        "events",
        ["tenant_id", "subject_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_files_tenant_id_expires_at"), "files", ["tenant_id", "expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_idempotency_tenant_id_created_at"),
        "idempotency",
        ["tenant_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_imports_tenant_id_created_at"),
        "imports",
        ["tenant_id", "created_at"],
        unique=False,
    )
    op.create_index("ix_jobs_open", "jobs", ["state", "due_at"], unique=False)
    op.create_index(
        op.f("ix_jobs_tenant_id_created_at"), "jobs", ["tenant_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_jobs_tenant_id_kind_created_at"),
        "jobs",
        ["tenant_id", "kind", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_jobs_tenant_id_state_due_at"),
        "jobs",
        ["tenant_id", "state", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_jobs_tenant_id_subject_id"), "jobs", ["tenant_id", "subject_id"], unique=False
    )
    op.create_index(op.f("ix_queue_available_at"), "queue", ["available_at"], unique=False)
    op.create_index(op.f("ix_queue_job_id"), "queue", ["job_id"], unique=False)
    op.create_index(
        op.f("ix_reports_tenant_id_created_at"),
        "reports",
        ["tenant_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_scans_tenant_id_created_at"), "scans", ["tenant_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_schedules_tenant_id_next_at"), "schedules", ["tenant_id", "next_at"], unique=False
    )
    op.create_index(op.f("ix_sign_on_tenant_id_id"), "sign_on", ["tenant_id", "id"], unique=False)
    op.create_index(op.f("ix_users_issuer_subject"), "users", ["issuer", "subject"], unique=False)
    op.create_index(op.f("ix_api_keys_tenant_id_id"), "api_keys", ["tenant_id", "id"], unique=False)
    op.create_index(
        op.f("ix_asset_components_tenant_id_component_id"),
        "asset_components",
        ["tenant_id", "component_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_asset_labels_tenant_id_key_value"),
        "asset_labels",
        ["tenant_id", "key", "value"],
        unique=False,
    )
    op.create_index(
        op.f("ix_asset_names_tenant_id_asset_id"),
        "asset_names",
        ["tenant_id", "asset_id"],
        unique=False,
    )
    op.create_index("ix_deliveries_open", "deliveries", ["state", "due_at"], unique=False)
    op.create_index(
        op.f("ix_deliveries_tenant_id_channel_id_created_at"),
        "deliveries",
        ["tenant_id", "channel_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_deliveries_tenant_id_key"), "deliveries", ["tenant_id", "key"], unique=False
    )
    op.create_index(
        op.f("ix_deliveries_tenant_id_state_due_at"),
        "deliveries",
        ["tenant_id", "state", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
    op.create_index(
        op.f("ix_runs_tenant_id_asset_id_tool_at"),
        "runs",
        ["tenant_id", "asset_id", "tool", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_runs_tenant_id_at"), "runs", ["tenant_id", "at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_index(op.f("ix_suppressions_asset_id"), "suppressions", ["asset_id"], unique=False)
    op.create_index(
        op.f("ix_suppressions_tenant_id_expires_at"),
        "suppressions",
        ["tenant_id", "expires_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_suppressions_tenant_id_rule"), "suppressions", ["tenant_id", "rule"], unique=False
    )
    op.create_index(
        op.f("ix_tallies_tenant_id_asset_id"), "tallies", ["tenant_id", "asset_id"], unique=False
    )
    op.create_index(
        op.f("ix_tickets_tenant_id_created_at"),
        "tickets",
        ["tenant_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_tenant_id_subject_id"),
        "tickets",
        ["tenant_id", "subject_id"],
        unique=False,
    )
    op.create_index(
        "ix_findings_asset", "findings", ["tenant_id", "asset_id", "score", "id"], unique=False
    )
    op.create_index(
        "ix_findings_first_seen", "findings", ["tenant_id", "first_seen", "id"], unique=False
    )
    op.create_index(
        "ix_findings_last_seen", "findings", ["tenant_id", "last_seen", "id"], unique=False
    )
    op.create_index(
        "ix_findings_severity", "findings", ["tenant_id", "severity", "score", "id"], unique=False
    )
    op.create_index(
        "ix_findings_status", "findings", ["tenant_id", "status", "score", "id"], unique=False
    )
    op.create_index(
        op.f("ix_findings_tenant_id_component_id"),
        "findings",
        ["tenant_id", "component_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_findings_tenant_id_rule_id"), "findings", ["tenant_id", "rule_id"], unique=False
    )
    op.create_index(
        "ix_findings_work", "findings", ["tenant_id", "counts", "score", "id"], unique=False
    )
    op.create_index(
        op.f("ix_gathered_tenant_id_rule_id_at"),
        "gathered",
        ["tenant_id", "rule_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_comments_tenant_id_finding_id_created_at"),
        "comments",
        ["tenant_id", "finding_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_finding_history_tenant_id_at_id"),
        "finding_history",
        ["tenant_id", "at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_finding_history_tenant_id_finding_id_at"),
        "finding_history",
        ["tenant_id", "finding_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_finding_names_tenant_id_finding_id"),
        "finding_names",
        ["tenant_id", "finding_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_finding_tickets_ticket_id"), "finding_tickets", ["ticket_id"], unique=False
    )
    op.create_index(
        op.f("ix_observations_tenant_id_finding_id"),
        "observations",
        ["tenant_id", "finding_id"],
        unique=False,
    )
    for table in tables:
        _protect(table)


def _protect(table: sa.Table) -> None:
    if op.get_context().dialect.name == "postgresql":
        statements = policies.secure(table, context.config.attributes["role"])
    elif table.name in policies.APPEND_ONLY:
        statements = policies.keep_append_only(table.name)
    else:
        return
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    # A policy on users looks at memberships, so neither table could go before the other.
    cascade = " CASCADE" if op.get_context().dialect.name == "postgresql" else ""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}{cascade}")
