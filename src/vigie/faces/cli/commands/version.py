"""`vigie version`: what to paste into a bug report."""

from __future__ import annotations

import platform
from collections.abc import Callable

import click

import vigie
from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.text import T, Text
from vigie.wiring.plugs import OUTLETS, PACKAGES, PATCHES, REPORTS, SCANNERS, Place, Plugs

_PLUGS: tuple[tuple[Place, Callable[[int], Text]], ...] = (
    (REPORTS, lambda n: T("{count} report format", "{count} report formats", count=n)),
    (SCANNERS, lambda n: T("{count} scanner", "{count} scanners", count=n)),
    (PACKAGES, lambda n: T("{count} package reader", "{count} package readers", count=n)),
    (PATCHES, lambda n: T("{count} patch editor", "{count} patch editors", count=n)),
    (OUTLETS, lambda n: T("{count} output format", "{count} output formats", count=n)),
)


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
    for place, count_of in _PLUGS:
        plugs = Plugs(place)
        click.echo(session.words(count_of(len(plugs))))
        if session.verbosity > 0:
            click.echo("  " + ", ".join(plugs))
    return ExitCode.FINE
