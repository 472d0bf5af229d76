"""The first of two walls between tenants: no statement runs that does not name its tenant.

Every statement is looked at before it is sent. Each tenant table in it, under whatever alias
and at whatever depth, must be held to the scope's tenant by a comparison of its `tenant_id`,
or be joined by it to one that is; each row that is written must carry it. The second wall is
PostgreSQL's row-level security (`policies.py`), which does not depend on this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    Grouping,
    TextClause,
)
from sqlalchemy.sql.selectable import Alias, CompoundSelect, Join

from vigie.stores.relational.scopes import Scope
from vigie.stores.relational.tables.schema import is_shared, is_tenants

_PLAIN = re.compile(r"\*|\w+|'\w*'")  # written out in SQL, and harmless
_FOR_ALL = ("users", "tenants")  # row-level security shows what concerns the tenant


class ScopeError(RuntimeError):
    """A statement reaches beyond its scope. Always a bug of ours; it was not sent."""


# Statements of one shape differ in their values alone. Of each shape that stayed within its
# scope: the places, among its values, of the tenant ids that held it. A page costs the walk
# over its statement (milliseconds) once, and a look at these places from then on.
_KNOWN: dict[tuple[Any, ...], tuple[int, ...]] = {}
_MOST_KNOWN = 4000


def check(statement: Any, parameters: Sequence[Mapping[str, Any]], scope: Scope) -> None:
    """Raises ScopeError unless the statement stays within the scope."""
    if not isinstance(statement, (Select, CompoundSelect, Insert, Update, Delete)):
        raise ScopeError(f"only built statements run in a scope, not {type(statement).__name__}")
    if scope.tenant and isinstance(statement, (Insert, Update)):
        _check_rows(statement, parameters, scope.tenant)
    # The key by which SQLAlchemy itself finds the SQL again that it made of such a shape.
    shape = statement._generate_cache_key()  # noqa: SLF001
    if shape is None:
        _check_shape(statement, scope)
        return
    known = _KNOWN.get((scope.system, *shape.key))
    if known is not None and all(shape.bindparams[n].value == scope.tenant for n in known):
        return
    holding = _check_shape(statement, scope)
    places = {id(value): number for number, value in enumerate(shape.bindparams)}
    if all(id(value) in places for value in holding):
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[scope.system, *shape.key] = tuple(places[id(value)] for value in holding)


def _check_shape(statement: Any, scope: Scope) -> list[BindParameter[Any]]:
    """Walk the whole statement; the values that hold it. Raises ScopeError."""
    elements = list(_elements(statement))
    _check_written_out(elements)
    tables = _tables(elements)
    if scope.system:
        closed = sorted(_name(t) for t in tables.values() if not is_shared(_origin(t)))
        if closed:
            raise ScopeError(f"{', '.join(closed)}: not reached in the system's scope")
        return []
    if isinstance(statement, Insert) and is_tenants(statement.table):
        tables.pop(id(statement.table), None)
    held, holding = _held(elements, scope.tenant)
    for key, table in tables.items():
        origin = _origin(table)
        if not is_tenants(origin):
            if origin.name not in _FOR_ALL:
                raise ScopeError(f"{origin.name}: not reached in a tenant's scope")
        elif key not in held:
            raise ScopeError(f"{origin.name}: nothing holds the statement to its tenant")
    return holding


def _elements(statement: Any) -> Iterator[Any]:
    """Every part of the statement, at whatever depth."""
    yield from visitors.iterate(statement)
    table = getattr(statement, "table", None)
    if table is not None:
        yield table
    select = getattr(statement, "select", None)
    if isinstance(statement, Insert) and select is not None:
        yield from visitors.iterate(select)


def _check_written_out(elements: Sequence[Any]) -> None:
    """Nobody can tell which tables a piece of written SQL names."""
    for element in elements:
        if isinstance(element, TextClause) or (
            isinstance(element, ColumnClause)
            and element.is_literal
            and not _PLAIN.fullmatch(element.name)
        ):
            raise ScopeError("SQL written out inside a statement")


def _tables(elements: Sequence[Any]) -> dict[int, Any]:
    """Every table, and every alias of one, that is read or written."""
    found: dict[int, Any] = {}
    named: set[int] = set()
    aliased: set[int] = set()
    for element in elements:
        if isinstance(element, Alias) and isinstance(element.element, Table):
            found[id(element)] = element
            aliased.add(id(element.element))
        elif isinstance(element, Table):
            found.setdefault(id(element), element)
        elif isinstance(element, Select):
            # A table stands among the froms also when only one of its columns is asked for.
            for source in element.get_final_froms():
                named.update(id(table) for table in _of_source(source))
        elif isinstance(element, (Insert, Update, Delete)):
            named.add(id(element.table))
    for key in aliased - named:  # it is only there under its alias
        found.pop(key, None)
    return found


def _of_source(source: Any) -> Iterator[Any]:
    if isinstance(source, Join):
        yield from _of_source(source.left)
        yield from _of_source(source.right)
    elif isinstance(source, Table):
        yield source


def _held(elements: Sequence[Any], tenant: str) -> tuple[set[int], list[BindParameter[Any]]]:
    """The tables that a condition holds to the tenant, and the values that do: a condition that
    must be true of every row, not one side of an OR and not inside a NOT."""
    held: set[int] = set()
    holding: list[BindParameter[Any]] = []
    joined: list[tuple[int, int]] = []
    for condition, only in _conditions(elements):
        left, right = condition.left, condition.right
        if _is_tenant(left) and isinstance(right, BindParameter):
            if right.value == tenant and (only is None or id(left.table) in only):
                held.add(id(left.table))
                holding.append(right)
        elif _is_tenant(left) and _is_tenant(right):
            one, other = id(left.table), id(right.table)
            joined += [(a, b) for a, b in ((one, other), (other, one)) if only is None or b in only]
    for _ in joined:  # once for each, so that a chain of joins is followed to its end
        held |= {other for one, other in joined if one in held}
    return held, holding


def _conditions(elements: Sequence[Any]) -> Iterator[tuple[BinaryExpression[Any], set[int] | None]]:
    """Every equality that must hold, and the tables it holds (None: all that it names).

    The condition of an outer join holds the joined side alone.
    """
    for element in elements:
        if isinstance(element, (Select, Update, Delete)):
            # What where() was given, each part of which must hold; it is kept nowhere else.
            for criterion in element._where_criteria:  # noqa: SLF001
                for equality in _equalities(criterion):
                    yield equality, None
        if isinstance(element, Join):
            only = None
            if element.isouter or element.full:
                only = set() if element.full else {id(element.right)}
                only |= set() if element.full else {id(t) for t in _of_source(element.right)}
            for equality in _equalities(element.onclause):
                yield equality, only
        if isinstance(element, Select):
            for source in element.get_final_froms():
                yield from _conditions([j for j in visitors.iterate(source) if isinstance(j, Join)])


def _equalities(criterion: Any) -> Iterator[BinaryExpression[Any]]:
    if isinstance(criterion, Grouping):
        yield from _equalities(criterion.element)
    elif isinstance(criterion, BooleanClauseList) and criterion.operator is operators.and_:
        for part in criterion.clauses:
            yield from _equalities(part)
    elif isinstance(criterion, BinaryExpression) and criterion.operator is operators.eq:
        yield criterion


def _is_tenant(element: Any) -> bool:
    return getattr(element, "name", "") == "tenant_id" and hasattr(element, "table")


def _check_rows(
    statement: Insert | Update, parameters: Sequence[Mapping[str, Any]], tenant: str
) -> None:
    """What is written belongs to the tenant: rows carry its id, and none is moved to another."""
    if not is_tenants(statement.table) or getattr(statement, "select", None) is not None:
        return
    # What values() was given is only kept in these.
    own: Any = statement._values or {}  # noqa: SLF001
    several: Any = statement._multi_values  # noqa: SLF001
    fixed = _plain(own)
    rows: list[Mapping[str, Any]] = list(parameters) or [{}]
    for group in several:
        rows = [_plain(row) for row in group]
    missing = None if isinstance(statement, Insert) else tenant
    for row in rows:
        if row.get("tenant_id", fixed.get("tenant_id", missing)) != tenant:
            raise ScopeError(f"{_name(statement.table)}: a row for another tenant")


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {getattr(c, "name", c): getattr(v, "value", v) for c, v in row.items()}


def _origin(table: Any) -> Any:
    return table.element if isinstance(table, Alias) else table


def _name(table: Any) -> str:
    return str(getattr(_origin(table), "name", table))
