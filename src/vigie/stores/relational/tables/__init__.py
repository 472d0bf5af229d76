"""Every table, a module for each family of nouns. `METADATA` knows them all."""

from vigie.stores.relational.tables.schema import METADATA, is_shared, is_tenants

from vigie.stores.relational.tables import (  # isort: skip
    access,
    assets,
    findings,
    governance,
    operations,
    telling,
)

__all__ = [
    "METADATA",
    "access",
    "assets",
    "findings",
    "governance",
    "is_shared",
    "is_tenants",
    "operations",
    "telling",
]
