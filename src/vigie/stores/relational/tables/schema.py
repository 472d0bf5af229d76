"""How a table is declared: whose its rows are, and what every noun's table has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

from vigie.stores.relational.types import Id, Moment

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def tenant_table(name: str, *items: SchemaItem, shared: bool = False) -> Table:
    """A table whose every row belongs to one tenant, by its column `tenant_id`.

    `shared` ones are reached in the system's scope too: what must be found before it is known
    whose it is (a session), or by what serves all tenants. None of them holds what was found.
    """
    tenant = Column("tenant_id", Id(), nullable=False)
    return Table(name, METADATA, tenant, *items, info={"tenant": True, "shared": shared})


def system_table(name: str, *items: SchemaItem) -> Table:
    """A table of the platform itself; a tenant's scope does not reach it."""
    return Table(name, METADATA, *items, info={"tenant": False, "shared": True})


def is_tenants(table: Any) -> bool:
    """True when its rows belong to tenants."""
    return bool(getattr(table, "info", {}).get("tenant"))


def is_shared(table: Any) -> bool:
    """True when the system's scope reaches it."""
    return bool(getattr(table, "info", {}).get("shared"))


def id_column() -> Column[Any]:
    """The primary key: a UUIDv7."""
    return Column("id", Id(), primary_key=True)


def refers(name: str, target: str, *, nullable: bool = False, on_delete: str = "CASCADE") -> Any:
    """A foreign key `name` to `target` ("assets.id")."""
    return Column(name, Id(), ForeignKey(target, ondelete=on_delete), nullable=nullable)


def text(name: str, *, nullable: bool = False, default: str | None = "") -> Column[Any]:
    """A text; "" when nothing is known unless it is `nullable`."""
    if nullable:
        return Column(name, Text, nullable=True)
    return Column(name, Text, nullable=False, server_default=default)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """A time."""
    return Column(name, Moment, nullable=nullable)


def index(*columns: str, unique: bool = False, name: str | None = None) -> Index:
    """An index that begins with the tenant, as every query does."""
    names = columns if columns[0] == "tenant_id" else ("tenant_id", *columns)
    return Index(name, *names, unique=unique)
