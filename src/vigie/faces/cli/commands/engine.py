"""`vigie engine`: the embedded engine as a program, for the scanner of that name."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import click

import vigie
from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import command, option
from vigie.model.errors import SourceError, UserError
from vigie.model.observations import Verdict
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.services.targets import resolve_target

_FOUND, _NOTHING, _UNABLE = 42, 43, 44


@command("engine", T("Look at one target with Vigie's own engine and write its report."))
@click.argument("target", metavar="[TARGET]", required=False)
@option("--report", metavar="FILE", say=T("Where the report goes."))
@option(
    "--exclude", metavar="NAME", multiple=True, say=T("A folder to leave out; may be repeated.")
)
@option("--platform", metavar="OS/ARCH", say=T("Which image of several (linux/amd64)."))
@option("--offline", is_flag=True, say=T("Reach for no network, not even for databases."))
@option("--mirror", metavar="FEED=ADDRESS", multiple=True, say=T("A mirror of osv, kev or epss."))
@option("--about", is_flag=True, say=T("Print version and date of the advisories, and exit."))
@common_options
def COMMAND(  # noqa: N802
    session: Session,  # noqa: ARG001  every command is given one
    target: str | None,
    report: str | None,
    exclude: tuple[str, ...],
    platform: str | None,
    offline: bool,
    mirror: tuple[str, ...],
    about: bool,
) -> int:
    if about:
        return _about()
    if not target or not report:
        raise UserError(
            T("the engine needs a target and --report FILE"),
            T("Use vigie scan TARGET --with embedded."),
        )
    return _examine(target, Path(report), exclude, platform or "linux/amd64", offline, mirror)


def _about() -> int:
    from vigie.services.advisories import open_index  # noqa: PLC0415

    index = open_index()
    date = index.date if index is not None else ""
    click.echo(json.dumps({"version": vigie.__version__, "database_date": date}))
    return ExitCode.FINE


def _examine(
    target: str,
    report: Path,
    exclude: tuple[str, ...],
    platform: str,
    offline: bool,
    mirrors: tuple[str, ...],
) -> int:
    from vigie.services.engine import EngineOptions, Readers, examine, unable  # noqa: PLC0415
    from vigie.services.inventory import InventoryOptions  # noqa: PLC0415
    from vigie.sources.advisories.addresses import Addresses  # noqa: PLC0415
    from vigie.wiring.plugs import PACKAGES, REPORTS, Plugs  # noqa: PLC0415

    places = Addresses(**dict(mirror.split("=", 1) for mirror in mirrors))
    with tempfile.TemporaryDirectory(prefix="vigie-engine-") as workspace:
        how = InventoryOptions(Path(workspace), exclude, platform, offline)
        plugs = Plugs(PACKAGES)
        readers = Readers(plugs.working(), Plugs(REPORTS))
        try:
            found = examine(resolve_target(target), readers, EngineOptions(how, addresses=places))
        except (UserError, SourceError) as error:
            _write(report, unable(error))
            return _UNABLE
        # What a broken plug would have read was not looked at.
        found = replace(found, problems=(*plugs.disabled, *found.problems))
    _write(report, found)
    if any(o.verdict is not Verdict.NOT_APPLICABLE for o in found.observations):
        return _FOUND
    return ExitCode.FINE if found.observations or found.problems else _NOTHING


def _write(report: Path, found: Report) -> None:
    from vigie.services.engine import written  # noqa: PLC0415

    with report.open("wb") as file:
        file.writelines(written(found))
