"""`vigie scan`: every scanner at hand looks at the target, and one answer comes out."""

from __future__ import annotations

from typing import Any

import click

from vigie.faces.cli.inputs import read_inputs
from vigie.faces.cli.options import answer_options, common_options, scan_options, server_options
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.scanning import scan_targets
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.faces.cli.verdict import code_of_scan
from vigie.faces.cli.warnings import warn_of
from vigie.model.errors import UserError
from vigie.model.results import Result
from vigie.model.text import T
from vigie.wiring.settings import Settings


@command(
    "scan",
    T(
        "Run every scanner that is installed and suits the target, side by side; merge what they "
        "find and rank it. A target is a folder, a file, a root file system, an image archive or "
        "OCI layout, an SBOM, an image in its registry, or the address of a service."
    ),
    Example("vigie scan .", T("This folder, with every scanner that is installed")),
    Example(
        "vigie scan src Dockerfile --with bandit,hadolint --format html=report.html",
        T("Two targets, two scanners, one page to hand on"),
    ),
    Example(
        "vigie scan . --policy balanced --baseline main.json --format json=result.json",
        T("In a pipeline: judge what is new since the main branch"),
    ),
    Example("vigie scan . --push", T("And send the result to your server (VIGIE_SERVER)")),
)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@scan_options
@answer_options
@option("--push", is_flag=True, say=T("Send the result to the server, too."))
@server_options(bare=False)
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    targets: tuple[str, ...],
    push: bool,
    asset: str | None,
    patience: float | None,
    **typed: Any,
) -> int:
    settings = session.settings(**typed)
    outputs = outputs_of(settings.format)
    if not push:
        refuse_without_push(typed["server"], asset, patience)
    else:
        check_server(settings, session)
    inputs = read_inputs(settings, session, target=", ".join(targets))
    result = scan_targets(targets, settings, inputs, session)
    write_outputs(result, outputs, session)
    warn_of(result, session)
    if push:
        push_result(result, settings, session, asset, patience)
    return code_of_scan(result)


def refuse_without_push(server: str | None, asset: str | None, patience: float | None) -> None:
    """Raises UserError: they would be passed over in silence."""
    given = {"--server": server, "--asset": asset, "--patience": patience}
    names = tuple(name for name, value in given.items() if value is not None)
    if names:
        raise UserError(
            T("{names} says nothing without --push", names=names),
            T("Add --push, or leave it out."),
        )


def check_server(settings: Settings, session: Session) -> None:
    """Raises UserError before a scan that could not be sent."""
    from vigie.faces.cli.server import client_of  # noqa: PLC0415

    with client_of(settings, session):
        pass


def push_result(
    result: Result, settings: Settings, session: Session, asset: str | None, patience: float | None
) -> None:
    """Send it, and wait when it is said how long. Raises SourceError and UserError."""
    from vigie.faces.cli.server import client_of, labels_of, upload_of  # noqa: PLC0415
    from vigie.services import pushing  # noqa: PLC0415

    with client_of(settings, session) as client, upload_of(result, session) as upload:
        sent = pushing.push(client, [upload], labels_of(settings, asset), session.note)
        if patience is not None:
            pushing.wait(client, sent, session.note, patience=patience)
        else:
            session.note(T("sent as import {id}", id=sent[0].id))
