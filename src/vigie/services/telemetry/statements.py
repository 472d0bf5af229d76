"""Watches a database: how long statements take, how many connections are out, what is audited."""

from __future__ import annotations

import re
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from vigie.services.telemetry import metrics, traces
from vigie.stores.relational.tables.governance import AUDIT

_BEGAN = "vigie_began"
_ENTRIES = "vigie_audit_entries"
# Values are bound and do not stand in the text; what is quoted all the same is hidden.
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_LONGEST = 2000  # characters of a statement in a span


def watch(engine: Engine) -> None:
    """Count and trace whatever runs over this engine from now on."""
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "after_cursor_execute", _after)
    event.listen(engine, "handle_error", _failed)
    event.listen(engine, "after_execute", _audited)
    event.listen(engine, "commit", _committed)
    event.listen(engine, "rollback", _undone)
    event.listen(engine, "checkout", _taken)
    event.listen(engine, "checkin", _given_back)


def operation_of(context: Any) -> str:
    """select, insert, update, delete, or other."""
    if context is None or context.compiled is None:
        return "other"
    for name in ("insert", "update", "delete"):
        if getattr(context, f"is{name}", False):
            return name
    return "select"


def plain(statement: str) -> str:
    """The statement without any value."""
    return _QUOTED.sub("?", statement)[:_LONGEST]


def _before(
    connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    made = None
    if traces.tracing():
        operation = operation_of(context)
        made = traces.span(
            operation, "CLIENT", db__system__name=connection.dialect.name,
            db__operation__name=operation, db__query__text=plain(statement),
        )  # fmt: skip
        made.__enter__()
    connection.info.setdefault(_BEGAN, []).append((time.perf_counter(), made))


def _after(
    connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    began = connection.info.get(_BEGAN)
    if began:
        start, made = began.pop()
        if made is not None:
            made.__exit__(None, None, None)
        seconds = time.perf_counter() - start
        metrics.QUERY_SECONDS.labels(operation_of(context)).observe(seconds)


def _failed(context: Any) -> None:
    began = context.connection.info.get(_BEGAN) if context.connection is not None else None
    if began:
        _, made = began.pop()
        if made is not None:
            error = RuntimeError(type(context.original_exception).__name__)
            try:
                made.__exit__(type(error), error, None)
            except RuntimeError as again:
                assert again is error  # noqa: S101  the span hands on what it was told


def _audited(
    connection: Any, statement: Any, many: Any, single: Any, _options: Any, _result: Any
) -> None:
    if getattr(statement, "is_insert", False) and statement.table is AUDIT:
        count = len(many) or (1 if single else 0)
        connection.info[_ENTRIES] = connection.info.get(_ENTRIES, 0) + count


def _committed(connection: Any) -> None:
    metrics.AUDIT_ENTRIES.inc(connection.info.pop(_ENTRIES, 0))


def _undone(connection: Any) -> None:
    connection.info.pop(_ENTRIES, None)


def _taken(_connection: Any, _record: Any, _proxy: Any) -> None:
    metrics.CONNECTIONS.inc()


def _given_back(_connection: Any, _record: Any) -> None:
    metrics.CONNECTIONS.dec()
