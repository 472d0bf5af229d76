"""People choose the time zone in which they are shown times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("users", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    # Not as a batch: making the table anew would take along what refers to its rows.
    op.drop_column("users", "time_zone")
