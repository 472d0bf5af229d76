"""What we look after: assets, their names and labels, components, runs over them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    tenant_table,
    text,
)
from vigie.stores.relational.types import Document

ASSETS = tenant_table(
    "assets",
    id_column(),
    text("kind"),
    text("key"),  # what survives a new tag, as triage names it
    text("name"),
    text("owner"),
    text("exposure", default="unknown"),
    text("criticality", default="unknown"),
    text("distro"),
    Column("digests", Document),
    Column("tags", Document),
    Column("labels", Document),
    Column("search", Text, nullable=False, server_default=""),  # lower case: name, key, labels
    moment("first_seen"),
    moment("last_seen"),
    moment("looked_at", nullable=True),  # by a complete run
    moment("archived_at", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),  # of what people edit
    Column("content", Integer, nullable=False, server_default="0"),  # counts imports into it
    UniqueConstraint("tenant_id", "key"),
    index("kind", "name"),
    index("last_seen"),
)

# Every further name that finds the asset again: keys of other reports, content digests.
ASSET_NAMES = tenant_table(
    "asset_names",
    text("name"),
    refers("asset_id", "assets.id"),
    UniqueConstraint("tenant_id", "name"),
    index("asset_id"),
)

ASSET_LABELS = tenant_table(
    "asset_labels",
    refers("asset_id", "assets.id"),
    text("key"),
    text("value"),
    UniqueConstraint("tenant_id", "asset_id", "key"),
    index("key", "value"),
)

COMPONENTS = tenant_table(
    "components",
    id_column(),
    text("key"),  # type, name and version: one row a package version and tenant
    text("type"),
    text("name"),
    text("version"),
    text("purl"),
    Column("licences", Document),
    Column("search", Text, nullable=False, server_default=""),
    moment("first_seen"),
    UniqueConstraint("tenant_id", "key"),
    index("name", "version"),
)

ASSET_COMPONENTS = tenant_table(
    "asset_components",
    refers("asset_id", "assets.id"),
    refers("component_id", "components.id"),
    Column("direct", Boolean),
    Column("sources", Document),
    Column("paths", Document),
    moment("last_seen"),
    UniqueConstraint("tenant_id", "asset_id", "component_id"),
    index("component_id"),
)

RUNS = tenant_table(
    "runs",
    id_column(),
    refers("asset_id", "assets.id"),
    Column("import_id", Text),
    text("tool"),
    text("version"),
    text("format"),
    text("outcome"),
    text("database_date"),
    Column("records", Integer, nullable=False, server_default="0"),
    Column("observations", Integer, nullable=False, server_default="0"),
    Column("document", Document),  # the whole run as the result writes it
    Column("latest", Boolean, nullable=False, server_default="1"),  # of this tool at this asset
    moment("at"),
    index("asset_id", "tool", "at"),
    index("at"),
)
