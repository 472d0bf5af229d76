"""What we believe: rules, findings, their words, history, comments and decisions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    tenant_table,
    text,
)
from vigie.stores.relational.types import DecisionRank, Document, SeverityRank

# What was matched, once for all findings of it: a search looks through these few rows.
RULES = tenant_table(
    "rules",
    id_column(),
    text("key"),  # kind and id
    text("name"),  # "CVE-2024-1", "B602"
    text("title"),
    Column("aliases", Document),
    Column("document", Document),  # description, references, weaknesses, published
    Column("search", Text, nullable=False, server_default=""),
    UniqueConstraint("tenant_id", "key"),
)

FINDINGS = tenant_table(
    "findings",
    id_column(),
    refers("asset_id", "assets.id"),
    refers("rule_id", "rules.id"),
    refers("component_id", "components.id", nullable=True, on_delete="SET NULL"),
    text("fingerprint"),
    text("kind"),
    Column("severity", SeverityRank, nullable=False),
    Column("decision", DecisionRank, nullable=False),
    Column("score", Float, nullable=False, server_default="0"),
    text("status"),  # model.findings.Status; "fixed" when a complete run no longer sees it
    Column("counts", Boolean, nullable=False, server_default="1"),  # it is somebody's work
    Column("fixable", Boolean, nullable=False, server_default="0"),
    text("fix_version"),
    Column("kev", Boolean),
    Column("epss", Float),
    text("place"),  # where, in a few words: a path and line, a URL, a package's file
    Column("sources", Document),
    text("assignee"),
    refers("suppression_id", "suppressions.id", nullable=True, on_delete="SET NULL"),
    moment("first_seen"),
    moment("last_seen"),
    moment("closed_at", nullable=True),
    Column("reopened", Integer, nullable=False, server_default="0"),  # how often
    Column("digest", Text, nullable=False, server_default=""),  # of `document`
    Column("document", Document),  # the finding as the result writes it
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "asset_id", "fingerprint"),
    # What is asked in SQL begins with the weightiest, or with what a search has found.
    index("score", "id", name="ix_findings_score"),
    index("rule_id", name="ix_findings_rule"),
    index("component_id", name="ix_findings_component"),
    # All that `columnar` reads, so that it never touches the rows with their long documents.
    index(
        "asset_id",
        "id",
        "severity",
        "status",
        "kind",
        "decision",
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
        name="ix_findings_columns",
    ),
)

# Every identity that any of its observations would give it alone.
FINDING_NAMES = tenant_table(
    "finding_names",
    refers("asset_id", "assets.id"),
    text("fingerprint"),
    refers("finding_id", "findings.id"),
    UniqueConstraint("tenant_id", "asset_id", "fingerprint"),
    index("finding_id"),
)

# How many findings there are of each sort, asset by asset: written anew with every change of
# the asset's findings, in the same transaction, so that a count never walks the findings.
TALLIES = tenant_table(
    "tallies",
    refers("asset_id", "assets.id"),
    text("kind"),
    Column("severity", SeverityRank, nullable=False),
    Column("decision", DecisionRank, nullable=False),
    text("status"),
    Column("fixable", Boolean, nullable=False, server_default="0"),
    Column("count", Integer, nullable=False),
    index("asset_id"),
    # Counts of a whole tenant are read from it in the order they are grouped in.
    index(
        "kind",
        "severity",
        "status",
        "decision",
        "fixable",
        "count",
        "asset_id",
        name="ix_tallies_sorts",
    ),
)

OBSERVATIONS = tenant_table(
    "observations",
    id_column(),
    refers("asset_id", "assets.id"),
    text("tool"),
    text("verdict"),
    Column("digest", Text, nullable=False),  # of `document`, without the record's number
    refers("finding_id", "findings.id", nullable=True, on_delete="SET NULL"),
    refers("run_id", "runs.id"),  # the latest that said it
    Column("document", Document),
    moment("first_seen"),
    moment("last_seen"),
    UniqueConstraint("tenant_id", "asset_id", "tool", "digest"),
    index("finding_id"),
)

HISTORY = tenant_table(
    "finding_history",
    id_column(),
    refers("finding_id", "findings.id"),
    text("what"),  # "found", "changed", "closed", "reopened", "triaged", "commented", "ticket"…
    text("actor"),
    text("actor_id"),
    Column("document", Document),  # from, to, why
    Column("run_id", Text),
    moment("at"),
    index("finding_id", "at"),
    index("at", "id", "what", name="ix_finding_history_at"),
)

COMMENTS = tenant_table(
    "comments",
    id_column(),
    refers("finding_id", "findings.id"),
    text("author"),
    text("author_id"),
    text("body"),
    moment("created_at"),
    moment("edited_at", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    index("finding_id", "created_at"),
)

# A decision that outlives one finding: it holds for this asset, this component, or the tenant.
SUPPRESSIONS = tenant_table(
    "suppressions",
    id_column(),
    text("scope"),  # "asset", "component", "tenant"
    refers("asset_id", "assets.id", nullable=True),
    text("component"),  # type and name without version; scope "component"
    text("kind"),
    text("rule"),  # rule name or alias
    text("fingerprint"),  # scope "asset": exactly this finding
    text("status"),  # model.findings.Status
    text("justification"),  # VEX (OpenVEX 0.2.0) where the status is not_affected
    text("reason"),
    text("source", default="person"),  # or "vex"
    text("owner"),
    text("owner_id"),
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("revoked_at", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    index("rule"),
    index("expires_at"),
    Index(None, "asset_id"),
)
