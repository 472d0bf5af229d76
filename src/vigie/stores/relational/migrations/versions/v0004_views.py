"""Saved views of lists: a person's own, and those that a tenant shares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from vigie.stores.relational import policies, types

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    table = op.create_table(
        "views",
        sa.Column("tenant_id", types.Id(), nullable=False),
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("user_id", types.Id(), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("shared", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("updated_at", types.Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sa.UniqueConstraint(
            "tenant_id", "user_id", "room", "name",
            name=op.f("uq_views_tenant_id_user_id_room_name"),
        ),
        info={"tenant": True, "shared": False},
    )  # fmt: skip
    op.create_index(op.f("ix_views_tenant_id_room"), "views", ["tenant_id", "room"])
    if op.get_context().dialect.name == "postgresql":
        for statement in policies.secure(table, context.config.attributes["role"]):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("views")
