"""The second wall between tenants: PostgreSQL's row-level security.

The application signs in as a role that owns nothing and cannot bypass policies. Each
transaction says whose it is with `set_config('vigie.tenant', …, true)`; without it
`nullif(current_setting('vigie.tenant', true), '')` is NULL and no row is seen. Shared tables
are reached in the system's scope too (`vigie.system`).
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from vigie.stores.relational.ids import PLATFORM
from vigie.stores.relational.tables.schema import is_shared, is_tenants

_TENANT = "nullif(current_setting('vigie.tenant', true), '')::uuid"
_SYSTEM = "current_setting('vigie.system', true) = 'on'"

# Never changed or removed, whoever asks.
APPEND_ONLY = frozenset({"audit", "audit_checkpoints"})
# In a tenant's scope these platform tables show what concerns the tenant, and no more.
_SEEN = {
    "users": "id IN (SELECT m.user_id FROM memberships m WHERE m.tenant_id = {tenant})",
    "tenants": "id = {tenant}",
}


def secure(table: sa.Table, role: str) -> Iterator[str]:
    """The statements that put a table under row-level security and give `role` its rights."""
    name = table.name
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    for number, (command, using, check) in enumerate(_conditions(table)):
        clauses = (f" USING ({using})" if using else "") + (
            f" WITH CHECK ({check})" if check else ""
        )
        yield f"CREATE POLICY {name}_{number} ON {name} FOR {command} TO {role}{clauses}"
    rights = "SELECT, INSERT" if name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {rights} ON {name} TO {role}"


def _conditions(table: sa.Table) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) of each policy."""
    name = table.name
    if is_tenants(table):
        own = f"tenant_id = {_TENANT}"
        yield "ALL", own, own
        if is_shared(table):
            # The system writes its own audit chain and reads no tenant's.
            mine = f"{_SYSTEM} AND tenant_id = '{PLATFORM}'" if "audit" in name else _SYSTEM
            yield "ALL", mine, mine
        return
    yield "ALL", _SYSTEM, _SYSTEM
    if name in _SEEN:
        yield "SELECT", _SEEN[name].format(tenant=_TENANT), ""


def keep_append_only(table: str) -> Iterator[str]:
    """SQLite has no rights: triggers refuse what PostgreSQL's missing grants refuse."""
    for command in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{command.lower()} BEFORE {command} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
