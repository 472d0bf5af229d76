"""`vigie version`: what to paste into a bug report."""

from __future__ import annotations

import platform

import click

import vigie
from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.text import T
from vigie.wiring.plugs import OUTLETS, REPORTS, SCANNERS, Plugs


@command(
    "version",
    T("Print the version of Vigie, of Python, and how many plugs of each kind there are."),
    Example("vigie version", T("What to put into a bug report")),
)
@common_options
def COMMAND(session: Session) -> int:  # noqa: N802
    system = f"{platform.system()} {platform.machine()}"
    click.echo(f"vigie {vigie.__version__}")
    click.echo(f"python {platform.python_version()} ({system})")
    for place, line in (
        (REPORTS, T("{count} report format", "{count} report formats", count=len(Plugs(REPORTS)))),
        (SCANNERS, T("{count} scanner", "{count} scanners", count=len(Plugs(SCANNERS)))),
        (OUTLETS, T("{count} output format", "{count} output formats", count=len(Plugs(OUTLETS)))),
    ):
        click.echo(session.words(line))
        plugs = Plugs(place)
        if session.verbosity > 0:
            click.echo("  " + ", ".join(plugs))
    return ExitCode.FINE
