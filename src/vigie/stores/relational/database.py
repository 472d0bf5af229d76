"""Opens the database and gives out transactions, each in one scope."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, CursorResult
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.stores.relational import audit_chain, guard
from vigie.stores.relational.engines import begin_reading, engine_of, url_of
from vigie.stores.relational.scopes import Scope

Rows = Sequence[Mapping[str, Any]]


class Work:
    """One transaction in one scope. Everything it changes happens whole or not at all.

    `audit` gathers entries that are chained and written as the last step before the commit:
    when one cannot be written, nothing of the transaction happens.
    """

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self.connection = connection
        self.scope = scope
        self.entries: list[tuple[Scope, audit_chain.Entry]] = []
        self.after: list[Any] = []  # called once it is committed
        self.topics: dict[str, None] = {}  # announced then

    @property
    def tenant(self) -> str:
        """The tenant's id. Raises ValueError in the system's scope."""
        if not self.scope.tenant:
            raise ValueError("the system's scope has no tenant")
        return self.scope.tenant

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.dialect.name

    def run(
        self, statement: Any, rows: Rows | Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Execute a built statement, once for each of `rows`. Raises ScopeError when it would
        reach beyond the scope."""
        given = [rows] if isinstance(rows, Mapping) else list(rows or ())
        guard.check(statement, given, self.scope)
        return self.connection.execute(statement, given) if given else (
            self.connection.execute(statement)
        )  # fmt: skip

    def insert(self, table: sa.Table, rows: Rows) -> None:
        """Add rows of this tenant; `tenant_id` is filled in."""
        if rows:
            self.run(sa.insert(table), [{"tenant_id": self.tenant, **row} for row in rows])

    def mine(self, table: Any) -> sa.ColumnElement[bool]:
        """The condition that a row of this table or alias is the tenant's."""
        condition: sa.ColumnElement[bool] = table.c.tenant_id == self.tenant
        return condition

    def audit(self, entry: audit_chain.Entry) -> None:
        """Write this entry with the transaction, to the log of the scope that it is in now."""
        self.entries.append((self.scope, entry))

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """For a while in another scope of the same transaction: what belongs to the platform (a
        person) changes together with what belongs to a tenant (its keys, its audit log). When
        something is raised inside, what was done inside is undone."""
        before, said, whole = self.scope, len(self.entries), False
        try:
            # PostgreSQL sets back with the savepoint what was set after it.
            with self.connection.begin_nested():
                _say_whose(self.connection, scope)
                self.scope = scope
                yield
            whole = True
        finally:
            self.scope = before
            if not whole:
                del self.entries[said:]
        _say_whose(self.connection, before)

    def then(self, call: Any) -> None:
        """Call it when the transaction is committed; not at all when it is not."""
        self.after.append(call)

    def announce(self, topic: str) -> None:
        """Say on this topic, once the transaction is committed, that something is new."""
        self.topics[topic] = None


class Database:
    """One database, by its URL: `sqlite:///file` or `postgresql://user@host/name`."""

    def __init__(self, url: str, *, pool: int = 20) -> None:
        self.url = url_of(url)
        self.engine = engine_of(self.url, pool)
        self._writing = threading.Lock()
        self.audit_key = b""  # what the heads of the audit chains are sealed with
        self.announce: Callable[[str], None] = lambda _topic: None  # raises nothing

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self, scope: Scope) -> Iterator[Work]:
        """A transaction that may write. Committed at the end, undone when anything is raised.

        Raises SourceError (retryable) when the database cannot be reached or is too busy.
        """
        work: Work | None = None
        # Threads of one process queue here rather than in SQLite, which would let them spin.
        with self._turn(), self._connection(scope, write=True) as connection:
            work = Work(connection, scope)
            yield work
            self._append(connection, work)
        for topic in work.topics:
            self.announce(topic)
        for call in work.after:
            call()

    def _append(self, connection: Connection, work: Work) -> None:
        # In one order for all, so that no two wait for each other's heads.
        for scope in sorted({scope for scope, _ in work.entries}, key=lambda scope: scope.chain):
            _say_whose(connection, scope)
            entries = [entry for whose, entry in work.entries if whose == scope]
            audit_chain.append(connection, scope, entries, self.audit_key)

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Work]:
        """A transaction that only reads: one state of the whole database, and never waits for
        a writer."""
        with self._connection(scope, write=False) as connection:
            yield Work(connection, scope)

    def alive(self) -> bool:
        """True when it answers."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except (DBAPIError, PoolTimeout):
            return False
        return True

    def look_at_sizes(self) -> None:
        """Let SQLite see how large its tables have become, where that may change how it looks
        things up. PostgreSQL does so by itself."""
        if self.dialect == "sqlite":
            with self._turn(), self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit=1000")
                connection.exec_driver_sql("PRAGMA optimize")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.dialect != "sqlite":
            yield
            return
        with self._writing:
            yield

    @contextmanager
    def _connection(self, scope: Scope, *, write: bool) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection.execution_options(vigie_write=write)
                reading = not write and self.dialect == "postgresql"
                if reading:  # the driver begins nothing by itself: see `begin_reading`
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                with connection.begin():
                    if reading:
                        begin_reading(connection, scope.tenant)
                    else:
                        _say_whose(connection, scope)
                    yield connection
        except (OperationalError, PoolTimeout) as error:
            raise _unreachable(self.engine.url) from error


def _say_whose(connection: Connection, scope: Scope) -> None:
    """Tell PostgreSQL whose transaction this is. `is_local`: the pool's next user starts anew."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(
        "SELECT set_config('vigie.tenant', %s, true), set_config('vigie.system', %s, true)",
        (scope.tenant, "on" if scope.system else ""),
    )


def _unreachable(url: URL) -> SourceError:
    where = url.database if url.get_backend_name() == "sqlite" else f"{url.host}:{url.port or 5432}"
    return SourceError(
        T("the database at {where} does not answer", where=where or ""),
        T("See whether it runs, and whether VIGIE_DATABASE_URL is right."),
        retryable=True,
    )
