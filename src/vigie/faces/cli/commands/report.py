"""`vigie report`: a saved result in other forms, without scanning again."""

from __future__ import annotations

from pathlib import Path

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options, format_option
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.text import T
from vigie.services.results import load_result


@command(
    "report",
    T("Write a result, saved with --format json=FILE, in other forms or in another language."),
    Example("vigie report result.json", T("Show a saved result as a table")),
    Example(
        "vigie report result.json --format html=rapport.html --lang fr",
        T("The same result as a page in French"),
    ),
)
@click.argument("result", metavar="RESULT")
@format_option
@common_options
def COMMAND(session: Session, result: str, format: tuple[str, ...]) -> int:  # noqa: A002, N802
    settings = session.settings(format=format)
    outputs = outputs_of(settings.format)
    write_outputs(load_result(Path(result)), outputs, session)
    return ExitCode.FINE
