"""`vigie keys`: the keys that sign access tokens, and new ones when one may be in wrong hands."""

from __future__ import annotations

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, log_to_stderr, settings_of
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.errors import UserError
from vigie.model.text import T

ACTIONS = ("list", "rotate")


@command(
    "keys",
    T(
        "Show the keys that sign access tokens, or make a new one that takes the place of all of "
        "them: when one may be in wrong hands. `rotate` ends every access token within ten "
        "seconds; sessions and API keys go on. Nothing needs it otherwise: the platform renews "
        "its keys by itself. It works on the platform's own database, so only for who may read "
        "that."
    ),
    Example("vigie keys", T("Which keys hold now")),
    Example("vigie keys rotate", T("A new one instead of all of them, at once")),
)
@click.argument("action", metavar="[list|rotate]", default="list")
@data_option
@common_options
def COMMAND(session: Session, action: str, data: str | None) -> int:  # noqa: N802
    if action not in ACTIONS:
        raise UserError(
            T("there is nothing called {name!r} to do with signing keys", name=action[:100]),
            T("Choose from: {names}", names=ACTIONS),
        )
    settings = settings_of(session, data=data)
    from vigie.services.access.stored_keys import replace_all, ring_of  # noqa: PLC0415
    from vigie.wiring.platform import opened  # noqa: PLC0415

    with opened(settings, session.environ, log_to_stderr(session)) as platform:
        if action == "rotate":
            ring = replace_all(platform, actor="command line")
            session.note(
                T("A new key signs from now on; access tokens that are out end within ten seconds.")
            )
        else:
            ring = ring_of(platform)
        now = platform.clock()
        for key in ring.valid(now):
            click.echo(f"{key.kid}  {key.algorithm}  {key.signs_from:%Y-%m-%dT%H:%M:%SZ}")
    return ExitCode.FINE
