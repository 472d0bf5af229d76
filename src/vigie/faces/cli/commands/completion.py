"""`vigie completion`: the script that makes a shell complete our words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.errors import UserError
from vigie.model.text import T

SHELLS = ("bash", "zsh", "fish")


@command(
    "completion",
    T("Print the completion script of bash, zsh or fish."),
    Example('eval "$(vigie completion bash)"', T("Complete in this shell, now")),
    Example(
        "vigie completion fish > ~/.config/fish/completions/vigie.fish", T("Complete in every fish")
    ),
)
@click.argument("shell", metavar="SHELL")
@common_options
def COMMAND(session: Session, shell: str) -> int:  # noqa: ARG001, N802
    from vigie.faces.cli.main import GROUP  # noqa: PLC0415  the group lists this very module

    found = get_completion_class(shell) if shell in SHELLS else None
    if found is None:
        raise UserError(
            T("there is no completion for {shell!r}", shell=shell),
            T("Choose from: {names}", names=SHELLS),
        )
    click.echo(found(GROUP, {}, "vigie", "_VIGIE_COMPLETE").source())
    return ExitCode.FINE
