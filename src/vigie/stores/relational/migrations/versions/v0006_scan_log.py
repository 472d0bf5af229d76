"""The log of a scan: what each of its scanners did and wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from vigie.stores.relational import policies, types

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    table = op.create_table(
        "scan_log",
        sa.Column("tenant_id", types.Id(), nullable=False),
        sa.Column("scan_id", types.Id(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scanner", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("said", types.Document(), nullable=True),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["scans.id"], name=op.f("fk_scan_log_scan_id_scans"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "tenant_id", "scan_id", "seq", name=op.f("uq_scan_log_tenant_id_scan_id_seq")
        ),
        info={"tenant": True, "shared": False},
    )
    op.create_index(op.f("ix_scan_log_scan_id"), "scan_log", ["scan_id"])
    if op.get_context().dialect.name == "postgresql":
        for statement in policies.secure(table, context.config.attributes["role"]):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("scan_log")
