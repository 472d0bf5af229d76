"""Policies keep their versions. What a policy says now is its first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from vigie.stores.relational import policies, types

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    version = sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    op.add_column("policies", version)
    table = op.create_table(
        "policy_versions",
        sa.Column("tenant_id", types.Id(), nullable=False),
        sa.Column("policy_id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_id", sa.Text(), server_default="", nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["policies.id"],
            name=op.f("fk_policy_versions_policy_id_policies"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "policy_id",
            "version",
            name=op.f("uq_policy_versions_tenant_id_policy_id_version"),
        ),
        info={"tenant": True, "shared": False},
    )
    op.create_index(op.f("ix_policy_versions_policy_id"), "policy_versions", ["policy_id"])
    is_postgres = op.get_context().dialect.name == "postgresql"
    if is_postgres:
        # Row security holds the owner too, who would see no tenant's policies.
        op.execute("ALTER TABLE policies NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO policy_versions (tenant_id, policy_id, version, name, source, at) "
        "SELECT tenant_id, id, 1, name, source, updated_at FROM policies"
    )
    if is_postgres:
        op.execute("ALTER TABLE policies FORCE ROW LEVEL SECURITY")
        for statement in policies.secure(table, context.config.attributes["role"]):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("policy_versions")
    op.drop_column("policies", "version")
