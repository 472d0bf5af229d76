"""`vigie reset-password`: for who sits at the machine and cannot get in."""

from __future__ import annotations

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, log_to_stderr, settings_of
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.text import T
from vigie.wiring.words import language


@command(
    "reset-password",
    T(
        "Give somebody a new password, shown once; their sessions end. Where nobody is yet, it "
        "makes the first administrator. It works on the platform's own database, so only for "
        "who may read that."
    ),
    Example("vigie reset-password admin@localhost", T("A new password for the administrator")),
    Example(
        "vigie reset-password ada@example.org --second-factor",
        T("For who lost the second factor and the recovery codes too"),
    ),
)
@click.argument("email", metavar="EMAIL")
@data_option
@option("--second-factor", is_flag=True, say=T("Switch the second factor off too."))
@common_options
def COMMAND(  # noqa: N802
    session: Session, email: str, data: str | None, second_factor: bool
) -> int:
    settings = settings_of(session, data=data)
    from vigie.services.founding import found, reset_password  # noqa: PLC0415
    from vigie.wiring.platform import opened  # noqa: PLC0415

    with opened(settings, session.environ, log_to_stderr(session)) as platform:
        speaks = language(session.lang or "", session.environ)
        made = found(platform, email, session.words(T("Home")), speaks)
        if made is not None:
            session.note(T("{email} is the first administrator, with this password:", email=email))
        else:
            made = reset_password(platform, email, second_factor=second_factor)
            session.note(T("{email} gets in with this password:", email=email))
    click.echo(made.password)
    return ExitCode.FINE
