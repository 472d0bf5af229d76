"""Brings a database to the schema that this version of Vigie works with, or back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from vigie.model.errors import UserError
from vigie.model.text import T, Text

APP_ROLE = "vigie_app"
_FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def upgrade(engine: Engine, target: str = "head", *, role: str = APP_ROLE) -> None:
    """Run every step up to `target`, each in a transaction of its own.

    In PostgreSQL `engine` signs in as the owner; `role` is the application's, which must be
    there already. Raises UserError when it is not, or could bypass row-level security, and when
    whoever signed in may not change the schema.
    """
    with _allowed(engine, T("{name} may not change the tables", name=engine.url.username or "?"),
                  T("Give VIGIE_OWNER_URL with the owner of the database and its tables."),
                  ), engine.connect() as connection:  # fmt: skip
        if connection.dialect.name == "postgresql":
            check_role(connection, role)
        connection.rollback()
        command.upgrade(_config(connection, role), target)
        if connection.dialect.name == "postgresql":
            # The application asks whether the schema is its own.
            connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {role}")
        connection.commit()


def downgrade(engine: Engine, target: str, *, role: str = APP_ROLE) -> None:
    """Run the steps back down to `target` ("base" for none)."""
    with engine.connect() as connection:
        command.downgrade(_config(connection, role), target)
        connection.commit()


def revision_of(engine: Engine) -> str:
    """The step this database is at, "" for one that is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The step this version of Vigie works with."""
    return ScriptDirectory(str(_FOLDER)).get_current_head() or ""


def check_current(engine: Engine) -> None:
    """Raises UserError unless the database is at the newest step."""
    there = revision_of(engine)
    if there != newest():
        raise UserError(
            T("the database is at step {there}, and this version works with {wanted}",
              there=there or "0", wanted=newest()),
            T("`vigie migrate` brings it there; newer than this version: install the newer Vigie."),
        )  # fmt: skip


def check_application(engine: Engine) -> None:
    """Raises UserError when the application would sign in to PostgreSQL as somebody whom
    row-level security does not hold: a superuser, one who bypasses it, or the tables' owner."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        name = connection.exec_driver_sql("SELECT current_user").scalar_one()
        owns = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() "
            "AND tableowner = current_user"
        ).scalar_one()
        if owns:
            raise UserError(
                T("the database role {role} owns the tables, so nothing would keep tenants apart",
                  role=name),
                T("Give VIGIE_DATABASE_URL with the application's role; `vigie migrate` makes it."),
            )  # fmt: skip
        check_role(connection, name)


def check_role(connection: Connection, role: str) -> None:
    """Raises UserError when the role is not there or stands above row-level security."""
    if not _NAME.fullmatch(role):
        raise UserError(
            T("{role} is no name for a database role", role=role),
            T("Small letters, digits and _ only."),
        )
    row = connection.execute(
        sa.text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = :name"),
        {"name": role},
    ).one_or_none()
    if row is None:
        raise UserError(
            T("there is no database role {role}", role=role),
            T("`vigie migrate --create-role` makes it, or: CREATE ROLE {role} LOGIN PASSWORD '…'",
              role=role),
        )  # fmt: skip
    if row.rolsuper or row.rolbypassrls:
        raise UserError(
            T("the database role {role} stands above row-level security", role=role),
            T("Use a role that is no superuser and has no BYPASSRLS."),
        )


def has_role(engine: Engine, role: str) -> bool:
    """Whether the server has this role."""
    with engine.connect() as connection:
        return _is_there(connection, role)


def create_role(engine: Engine, role: str, password: str) -> None:
    """Make the application's role with this password; one that is there gets the password and
    keeps its rights. Raises UserError when whoever signed in may not."""
    if not _NAME.fullmatch(role):
        raise UserError(
            T("{role} is no name for a database role", role=role),
            T("Small letters, digits and _ only."),
        )
    refused = T("{name} may not make the database role {role}",
                name=engine.url.username or "?", role=role)  # fmt: skip
    hint = T("Give VIGIE_OWNER_URL with a role that has CREATEROLE, or have the server's "
             "administrator make it: CREATE ROLE {role} LOGIN PASSWORD '…'", role=role)  # fmt: skip
    with _allowed(engine, refused, hint), engine.begin() as connection:
        # Whoever is no superuser may not even say NOSUPERUSER of a role that is there.
        no_rights = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE "
        verb, rights = ("ALTER", "") if _is_there(connection, role) else ("CREATE", no_rights)
        # A role's password is no parameter of the statement; the server quotes it itself.
        quoted = connection.execute(sa.text("SELECT quote_literal(:p)"), {"p": password}).scalar()
        connection.exec_driver_sql(
            f"{verb} ROLE {role} LOGIN {rights}PASSWORD {quoted}".replace("%", "%%")
        )


def _is_there(connection: Connection, role: str) -> bool:
    known = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    return connection.execute(known, {"name": role}).first() is not None


@contextmanager
def _allowed(engine: Engine, refused: Text, hint: Text) -> Iterator[None]:
    """What PostgreSQL does not allow is said in these words, never with the statement: a password
    may stand in it."""
    try:
        yield
    except sa.exc.ProgrammingError as error:
        # 42501 is insufficient_privilege (PostgreSQL, appendix A).
        if engine.dialect.name == "postgresql" and getattr(error.orig, "sqlstate", "") == "42501":
            raise UserError(refused, hint) from None
        raise


def _config(connection: Connection, role: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["role"] = role
    return config
