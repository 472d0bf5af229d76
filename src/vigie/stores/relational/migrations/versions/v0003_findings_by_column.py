"""One index that holds all that lists ask of findings, instead of one a question."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_SORTS = ["severity", "status", "kind", "decision"]
_BEFORE = {
    "ix_findings_score": ["score", "id", *_SORTS, "counts", "fixable", "kev"],
    "ix_findings_asset": ["asset_id", "score", "id"],
    "ix_findings_rule": ["rule_id", *_SORTS, "component_id", "asset_id", "score"],
    "ix_findings_component": ["component_id", *_SORTS, "rule_id", "asset_id", "score"],
    "ix_findings_first_seen": ["first_seen", "id"],
    "ix_findings_last_seen": ["last_seen", "id"],
}
_NOW = {
    "ix_findings_score": ["score", "id"],
    "ix_findings_rule": ["rule_id"],
    "ix_findings_component": ["component_id"],
    "ix_findings_columns": [
        "asset_id",
        "id",
        *_SORTS,
        "assignee",
        "rule_id",
        "component_id",
        "counts",
        "fixable",
        "kev",
        "score",
        "epss",
        "first_seen",
        "last_seen",
    ],
}


def upgrade() -> None:
    _instead(_BEFORE, _NOW)


def downgrade() -> None:
    _instead(_NOW, _BEFORE)


def _instead(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in old:
        op.drop_index(name, table_name="findings")
    for name, columns in new.items():
        op.create_index(name, "findings", ["tenant_id", *columns])
