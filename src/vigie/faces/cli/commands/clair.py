"""`vigie clair`: asks a Clair server about an image, for the scanner of that name."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import command, option
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services.targets import resolve_target

_FOUND, _NOTHING, _UNABLE = 42, 43, 44
_LARGEST_KEY = 65536


@command("clair", T("Have a Clair server look at one image and write its report."))
@click.argument("target", metavar="[TARGET]", required=False)
@option("--report", metavar="FILE", say=T("Where the report goes."))
@option("--url", metavar="ADDRESS", say=T("The address of Clair, or of its indexer."))
@option("--matcher", metavar="ADDRESS", say=T("The address of its matcher when that is another."))
@option("--issuer", metavar="NAME", say=T("Who we say we are (clairctl)."))
@option("--psk-file", metavar="FILE", say=T("A file with the pre-shared key."))
@option("--serve", metavar="HOST:PORT", say=T("Where layers are served to Clair."))
@option("--reach", metavar="ADDRESS", say=T("Where Clair finds the layers, if elsewhere."))
@option("--platform", metavar="OS/ARCH", say=T("Which image of several (linux/amd64)."))
@option("--about", is_flag=True, say=T("Print what this is, and exit."))
@common_options
def COMMAND(  # noqa: N802, PLR0913 - one for each option
    session: Session,  # noqa: ARG001  every command is given one
    *,
    target: str | None,
    report: str | None,
    url: str | None,
    matcher: str | None,
    issuer: str | None,
    psk_file: str | None,
    serve: str | None,
    reach: str | None,
    platform: str | None,
    about: bool,
) -> int:
    if about:
        click.echo(json.dumps({"clair": "v4"}))
        return ExitCode.FINE
    if not target or not report or not url:
        raise UserError(
            T("vigie clair needs an image, --url and --report FILE"),
            T("Use vigie scan TARGET --with clair."),
        )
    from vigie.services.clair import clair_options, look, unable  # noqa: PLC0415

    try:
        options = clair_options(
            url,
            matcher or "",
            key=_key(psk_file),
            issuer=issuer or "",
            serve=serve or "",
            reach=reach or "",
            platform=platform or "",
        )
        with tempfile.TemporaryDirectory(prefix="vigie-clair-") as workspace:
            seen = look(resolve_target(target), options, Path(workspace))
    except (UserError, SourceError) as error:
        Path(report).write_bytes(unable(error))
        return _UNABLE
    if seen is None:
        return _NOTHING
    Path(report).write_bytes(seen.report)
    return _FOUND if seen.found else ExitCode.FINE


def _key(file: str | None) -> str:
    """The key as it was given. It leaves the environment, so that no helper of ours sees it."""
    key = os.environ.pop("CLAIR_PSK", "")
    if key or not file:
        return key
    try:
        with Path(file).open(encoding="ascii") as stream:
            return stream.read(_LARGEST_KEY)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise UserError(
            T("the key for Clair cannot be read from {path}: {why}",
              path=file, why=why or "not ASCII"),
            T("Give in psk_file of [scanner.clair] a file that holds the key alone."),
        ) from None  # fmt: skip
