"""`vigie push`: sends results and reports to a Vigie server."""

from __future__ import annotations

from typing import Any

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import (
    CRITICALITIES,
    EXPOSURES,
    common_options,
    report_formats,
    server_options,
)
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.printable import clean
from vigie.model.text import T


@command(
    "push",
    T(
        "Send results and reports to a Vigie server. The server has kept them when this ends; "
        "--wait ends only when it has taken them in, with exit code 3 when it could not. The "
        "API key is taken from VIGIE_API_KEY or from the file that VIGIE_API_KEY_FILE names."
    ),
    Example("vigie push result.json", T("Send a saved result to VIGIE_SERVER")),
    Example(
        "vigie push trivy.json --server https://vigie.example --asset shop --wait",
        T("Send a report of an image, and wait until it is taken in"),
    ),
)
@click.argument("files", metavar="RESULT|REPORT...", nargs=-1, required=True)
@server_options(bare=False)
@option("--as", "forced", metavar="FORMAT", names=report_formats,
        say=T("Read every report as FORMAT instead of recognising it."))  # fmt: skip
@option("--owner", metavar="NAME", say=T("Who looks after it."))
@option("--label", "labels", metavar="KEY=VALUE", multiple=True,
        say=T("A label of the asset; may be given again."))  # fmt: skip
@option("--exposure", metavar="WORD", names=lambda: EXPOSURES,
        say=T("Who can reach it: open, controlled, small or unknown."))  # fmt: skip
@option("--criticality", metavar="WORD", names=lambda: CRITICALITIES,
        say=T("What it would cost to lose it: high, medium, low or unknown."))  # fmt: skip
@option("--wait", is_flag=True, say=T("Wait until the server has taken everything in."))
@common_options
def COMMAND(  # noqa: N802
    session: Session, files: tuple[str, ...], wait: bool, patience: float | None, **typed: Any
) -> int:
    from vigie.faces.cli.server import (  # noqa: PLC0415
        client_of,
        labels_of,
        patience_of,
        uploads_of,
    )
    from vigie.services import pushing  # noqa: PLC0415

    more = {"format": typed.pop("forced") or "", "owner": typed.pop("owner") or "",
            "labels": typed.pop("labels")}  # fmt: skip
    asset = typed.pop("asset")
    settings = session.settings(**typed)
    with client_of(settings, session) as client:
        about = labels_of(settings, asset, **more)
        sent = pushing.push(client, uploads_of(files), about, session.note)
        if wait or patience is not None:
            sent = pushing.wait(client, sent, session.note, patience=patience_of(patience))
    for one in sent:
        click.echo(clean(f"{one.id}  {one.state}  {one.name}"))
    return ExitCode.FINE
