"""The first of two walls between tenants: no statement runs that does not name its tenant.

Every statement is looked at before it is sent. Each tenant table in it, under whatever alias
and at whatever depth, must be held to the scope's tenant by a comparison of its `tenant_id`,
or be joined by it to one that is; each row that is written must carry it. The second wall is
PostgreSQL's row-level security (`policies.py`), which does not depend on this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ClauseElement
from sqlalchemy.sql.selectable import Alias, CompoundSelect

from vigie.stores.relational.scopes import Scope
from vigie.stores.relational.tables.schema import is_shared, is_tenants


class ScopeError(RuntimeError):
    """A statement reaches beyond its scope. Always a bug of ours; it was not sent."""


def check(statement: Any, parameters: Sequence[Mapping[str, Any]], scope: Scope) -> None:
    """Raises ScopeError unless the statement stays within the scope."""
    if not isinstance(statement, (Select, CompoundSelect, Insert, Update, Delete)):
        raise ScopeError(f"only built statements run in a scope, not {type(statement).__name__}")
    tables = _tables(statement)
    if scope.system:
        _check_system(tables)
        return
    _check_platform(tables)
    held = _held(statement, scope.tenant)
    if isinstance(statement, Insert):
        _check_rows(statement, parameters, scope.tenant)
        tables.pop(id(statement.table), None)
    loose = [table for key, table in tables.items() if key not in held]
    if loose:
        names = ", ".join(sorted(_name(table) for table in loose))
        raise ScopeError(f"{names}: nothing holds the statement to its tenant")


def _check_system(tables: Mapping[int, Any]) -> None:
    closed = sorted(_name(t) for t in tables.values() if not is_shared(_origin(t)))
    if closed:
        raise ScopeError(f"{', '.join(closed)}: not reached in the system's scope")


def _check_platform(tables: dict[int, Any]) -> None:
    """In a tenant's scope the platform's tables are not there; people are, by their membership."""
    for key, table in list(tables.items()):
        if not is_tenants(_origin(table)):
            if _origin(table).name not in ("users", "tenants"):
                raise ScopeError(f"{_name(table)}: not reached in a tenant's scope")
            del tables[key]


def _tables(statement: ClauseElement) -> dict[int, Any]:
    """Every table and alias of one that the statement reads or writes."""
    found: dict[int, Any] = {}
    aliased: set[int] = set()
    for element in _elements(statement):
        if isinstance(element, Alias):
            if isinstance(element.element, Table):
                found[id(element)] = element
                aliased.add(id(element.element))
        elif isinstance(element, Table):
            found.setdefault(id(element), element)
    named = {id(c.table) for e in _elements(statement) for c in _columns(e)}
    # A table that is only there under its alias is not there itself.
    for key in aliased - named:
        found.pop(key, None)
    return found


def _columns(element: Any) -> Iterator[Any]:
    if getattr(element, "__visit_name__", "") == "column" and element.table is not None:
        yield element


def _elements(statement: ClauseElement) -> Iterator[Any]:
    yield from visitors.iterate(statement)
    for cte in getattr(statement, "_independent_ctes", ()):
        yield from visitors.iterate(cte)
    table = getattr(statement, "table", None)
    if table is not None:
        yield table
    select = getattr(statement, "select", None)
    if isinstance(statement, Insert) and select is not None:
        yield from visitors.iterate(select)


def _held(statement: ClauseElement, tenant: str) -> set[int]:
    """The tables that a comparison of `tenant_id` holds to this tenant, directly or by a join."""
    held: set[int] = set()
    joined: list[tuple[int, int]] = []
    for element in _elements(statement):
        if not isinstance(element, BinaryExpression) or element.operator is not operators.eq:
            continue
        left, right = element.left, element.right
        if _is_tenant(left) and isinstance(right, BindParameter):
            if right.value == tenant:
                held.add(id(left.table))
        elif _is_tenant(left) and _is_tenant(right):
            joined.append((id(left.table), id(right.table)))
    for _ in joined:  # once for each, so that a chain of joins is followed to its end
        for one, other in joined:
            if one in held or other in held:
                held |= {one, other}
    return held


def _is_tenant(element: Any) -> bool:
    return getattr(element, "name", "") == "tenant_id" and hasattr(element, "table")


def _check_rows(statement: Insert, parameters: Sequence[Mapping[str, Any]], tenant: str) -> None:
    if not is_tenants(statement.table) or statement.select is not None:
        return
    # What values() was given is only kept in these.
    own: Any = statement._values or {}  # noqa: SLF001
    several: Any = statement._multi_values  # noqa: SLF001
    fixed = _plain(own)
    rows: list[Mapping[str, Any]] = list(parameters) or [{}]
    for group in several:
        rows = [_plain(row) for row in group]
    for row in rows:
        if row.get("tenant_id", fixed.get("tenant_id")) != tenant:
            raise ScopeError(f"{statement.table.name}: a row for another tenant")


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {getattr(c, "name", c): getattr(v, "value", v) for c, v in row.items()}


def _origin(table: Any) -> Any:
    return table.element if isinstance(table, Alias) else table


def _name(table: Any) -> str:
    return str(getattr(_origin(table), "name", table))
