"""Connections to SQLite and PostgreSQL, set up as the platform needs them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url

from vigie.model.errors import UserError
from vigie.model.text import T

_IDLE = 1.0  # seconds after which a connection is asked whether it still stands
_BUSY = 30_000  # milliseconds that a writer waits for another (SQLite has one at a time)
# Many small questions at once: each is answered sooner by one process without a compiler, and the
# pages it needs are mostly in memory. A transaction that somebody left open ends by itself.
_TUNED = (
    "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1 "
    "-c idle_in_transaction_session_timeout=600000"
)


def url_of(text: str) -> URL:
    """The address of a database. Raises UserError for what is none, or not of our engines."""
    try:
        url = make_url(text)
    except sa.exc.ArgumentError:
        raise UserError(
            T("this is no address of a database"),
            T("Give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."),
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url
    raise UserError(
        T("Vigie does not keep its state in {name}", name=url.get_backend_name()),
        T("Give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."),
    )


def engine_of(url: URL, pool: int) -> Engine:
    """The engine with so many connections that stay, and as many that come and go."""
    engine = _sqlite(url, pool) if url.get_backend_name() == "sqlite" else _postgresql(url, pool)
    event.listen(engine, "handle_error", _refuse_value)
    return engine


def _sqlite(url: URL, pool: int) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, pool_size=pool, max_overflow=pool, poolclass=sa.QueuePool,
        connect_args={"check_same_thread": False, "timeout": _BUSY / 1000},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL, pool: int) -> Engine:
    engine = sa.create_engine(
        url, pool_size=pool, max_overflow=pool, pool_timeout=10,
        connect_args={"connect_timeout": 5, "application_name": "vigie", "options": _TUNED},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkin", _note_time)
    event.listen(engine, "checkout", _ping_if_idle)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # Ids are text in Python: no UUID is made of each only to be written out again.
    from psycopg.types.string import TextLoader  # noqa: PLC0415  who has SQLite may lack it

    connection.adapters.register_loader("uuid", TextLoader)


def _note_time(_connection: Any, record: Any) -> None:
    record.info["since"] = time.monotonic()


def _ping_if_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """Whether a connection that nobody used for a while still stands: the pool then opens another.
    To ask at each transaction would double what a small question costs."""
    from psycopg import OperationalError as Broken  # noqa: PLC0415  who has SQLite may lack it

    if time.monotonic() - record.info.get("since", time.monotonic()) < _IDLE:
        return
    try:
        connection.autocommit = True
        connection.execute("")
        connection.autocommit = False
    except Broken as error:
        raise sa.exc.DisconnectionError from error


# All statements see one state of the database: by default each would see what was committed
# before it began. An id holds nothing that would have to be quoted.
_READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
    "SET LOCAL vigie.tenant = '{tenant}'; SET LOCAL vigie.system = '{system}'"
)


def begin_reading(connection: Connection, tenant: str) -> None:
    """Begin a transaction of PostgreSQL that only reads, as a tenant's (its id) or the system's
    (""). One message: a list spends a good part of its time on waiting for the other side.

    Raises sqlalchemy.exc.OperationalError when the database does not answer.
    """
    from psycopg import Error  # noqa: PLC0415  who has SQLite may lack it

    text = _READING.format(tenant=tenant and str(UUID(tenant)), system="" if tenant else "on")
    try:
        driver: Any = connection.connection.driver_connection
        driver.execute(text, prepare=False)
    except Error as error:
        connection.invalidate(error)
        raise sa.exc.OperationalError(text, None, error) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver begins no transaction of its own: `_begin_sqlite` says which kind it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged is on disk
        "foreign_keys=ON",
        f"busy_timeout={_BUSY}",
        "cache_size=-32768",
        "temp_store=MEMORY",
        "mmap_size=2147418112",  # the most that SQLite is built for
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that became a writer later could not wait for another; so it says so at once.
    write = connection.get_execution_options().get("vigie_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _refuse_value(context: Any) -> None:
    """What the engine has no place for comes from outside: NUL in a text (PostgreSQL), a number
    beyond 64 bits. Raises UserError."""
    if isinstance(context.sqlalchemy_exception, sa.exc.DataError) or isinstance(
        context.original_exception, OverflowError
    ):
        raise UserError(
            T("a value holds what the database cannot keep"),
            T("Leave out NUL characters, and numbers of more than 64 bits."),
        ) from context.original_exception
