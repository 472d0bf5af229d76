"""Indexes that lists of findings and their counts are read from."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_BEFORE = {
    "ix_findings_work": ["counts", "score", "id"],
    "ix_findings_status": ["status", "score", "id"],
    "ix_findings_severity": ["severity", "score", "id"],
    "ix_findings_tenant_id_rule_id": ["rule_id"],
    "ix_findings_tenant_id_component_id": ["component_id"],
}
_SORTS = ["severity", "status", "kind", "decision"]
_NOW = {
    "ix_findings_score": ["score", "id", *_SORTS, "counts", "fixable", "kev"],
    "ix_findings_rule": ["rule_id", *_SORTS, "component_id", "asset_id", "score"],
    "ix_findings_component": ["component_id", *_SORTS, "rule_id", "asset_id", "score"],
}
_TALLIES = ["kind", "severity", "status", "decision", "fixable", "count", "asset_id"]


def upgrade() -> None:
    for name in _BEFORE:
        op.drop_index(name, table_name="findings")
    for name, columns in _NOW.items():
        op.create_index(name, "findings", ["tenant_id", *columns])
    op.create_index("ix_tallies_sorts", "tallies", ["tenant_id", *_TALLIES])
    op.drop_index("ix_finding_history_tenant_id_at_id", table_name="finding_history")
    op.create_index("ix_finding_history_at", "finding_history", ["tenant_id", "at", "id", "what"])


def downgrade() -> None:
    op.drop_index("ix_finding_history_at", table_name="finding_history")
    op.create_index(
        "ix_finding_history_tenant_id_at_id", "finding_history", ["tenant_id", "at", "id"]
    )
    op.drop_index("ix_tallies_sorts", table_name="tallies")
    for name in _NOW:
        op.drop_index(name, table_name="findings")
    for name, columns in _BEFORE.items():
        op.create_index(name, "findings", ["tenant_id", *columns])
