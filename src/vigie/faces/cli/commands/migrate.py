"""`vigie migrate`: brings the database of a platform to the schema of this version."""

from __future__ import annotations

import secrets

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, log_to_stderr, settings_of
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.wiring.variables import value_of

OWNER_VARIABLE = "VIGIE_OWNER_URL"
PASSWORD_VARIABLE = "VIGIE_APP_PASSWORD"


@command(
    "migrate",
    T(
        "Bring the database of a platform to the schema of this version. In PostgreSQL the owner "
        "of the tables does that, by VIGIE_OWNER_URL; the platform itself signs in as another "
        "role, which row-level security holds. `vigie up` does it for the SQLite in its folder."
    ),
    Example("vigie migrate", T("The SQLite in the folder, or the database of VIGIE_OWNER_URL")),
    Example(
        "vigie migrate --create-role",
        T("Make the role vigie_app too, with the password in VIGIE_APP_PASSWORD or a new one"),
    ),
)
@data_option
@option(
    "--database",
    metavar="URL",
    say=T("The database, as its owner; VIGIE_OWNER_URL keeps a password out of sight."),
)
@option("--create-role", is_flag=True, say=T("Make the platform's role in PostgreSQL."))
@common_options
def COMMAND(  # noqa: N802
    session: Session, data: str | None, database: str | None, create_role: bool
) -> int:
    settings = settings_of(session, data=data)
    from vigie.stores.relational import migration  # noqa: PLC0415
    from vigie.stores.relational.database import Database  # noqa: PLC0415
    from vigie.wiring.platform import reach  # noqa: PLC0415

    owner = database or value_of(session.environ, OWNER_VARIABLE) or settings.database
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    log_to_stderr(session)
    store = Database(owner)
    try:
        reach(store)
        if create_role:
            _make_role(session, store)
        before = migration.revision_of(store.engine)
        migration.upgrade(store.engine)
        session.note(
            T("the database was at step {before} and is at {after}",
              before=before or "0", after=migration.newest())
        )  # fmt: skip
    finally:
        store.close()
    return ExitCode.FINE


def _make_role(session: Session, store: object) -> None:
    from vigie.stores.relational import migration  # noqa: PLC0415
    from vigie.stores.relational.database import Database  # noqa: PLC0415

    if not isinstance(store, Database) or store.dialect != "postgresql":
        raise UserError(
            T("SQLite has no roles"),
            T("Leave out --create-role, or give the owner of a PostgreSQL database."),
        )
    given = value_of(session.environ, PASSWORD_VARIABLE)
    if not given and migration.has_role(store.engine, migration.APP_ROLE):
        # A new password would lock out the platform that signs in with the old one.
        session.note(T("the role {role} is there already and stays as it is; VIGIE_APP_PASSWORD "
                       "gives it a new password", role=migration.APP_ROLE))  # fmt: skip
        return
    password = given or secrets.token_urlsafe(24)
    migration.create_role(store.engine, migration.APP_ROLE, password)
    session.note(T("the role {role} is there", role=migration.APP_ROLE))
    if not given:
        import click  # noqa: PLC0415

        click.echo(password)  # alone on standard output, so that a script can take it
