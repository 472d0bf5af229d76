"""`vigie sbom`: what is inside, as a software bill of materials."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.inputs import now
from vigie.faces.cli.options import common_options, formats
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.faces.cli.warnings import warn_of
from vigie.model.errors import UserError
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.model.runs import Coverage
from vigie.model.text import T
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.engine import TOOL, inventory_report
from vigie.services.intake import Reading, run_of
from vigie.services.inventory import InventoryOptions, take_inventory
from vigie.services.scan import DEFAULT_EXCLUDED, resolve_target
from vigie.wiring.plugs import PACKAGES, REPORTS, Plugs

_FORMATS = ("cyclonedx", "spdx")


def _names() -> Sequence[str]:
    return tuple(name for name in formats() if name in _FORMATS)


@command(
    "sbom",
    T(
        "List every package of a folder, a root file system, an image, an image archive or "
        "another SBOM. Needs no scanner and, but for an image in a registry, no network."
    ),
    Example("vigie sbom .", T("This folder, as CycloneDX on standard output")),
    Example("vigie sbom image.tar --format spdx=image.spdx.json", T("An archive, as SPDX")),
    Example("vigie sbom / --format cyclonedx=host.cdx.json", T("What is installed here")),
)
@click.argument("target", metavar="TARGET")
@option(
    "--format",
    metavar="F[=FILE]",
    multiple=True,
    names=_names,
    listed=True,
    say=T("The form of the list, to standard output or to FILE; may be given again."),
)
@option("--platform", metavar="OS/ARCH", say=T("Which image of several (linux/amd64)."))
@option("--offline", is_flag=True, say=T("Reach for no network, not even for databases."))
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    target: str,
    format: tuple[str, ...],  # noqa: A002
    platform: str | None,
    offline: bool,
) -> int:
    for word in format:
        if word.partition("=")[0] not in _FORMATS:
            raise UserError(
                T("{name} is no form of an SBOM", name=word.partition("=")[0]),
                T("Choose from: {names}", names=_FORMATS),
            )
    outputs = outputs_of(format, default="cyclonedx")
    session.settings()
    result = _list(target, platform or "linux/amd64", offline, session)
    write_outputs(result, outputs, session)
    warn_of(result, session)
    return ExitCode.FINE if result.complete else ExitCode.INCOMPLETE


def _list(target: str, platform: str, offline: bool, session: Session) -> Result:
    """The inventory as a result that has components and no findings."""
    parsers = Plugs(REPORTS)
    readers = Plugs(PACKAGES)
    with tempfile.TemporaryDirectory(prefix="vigie-sbom-") as workspace:
        options = InventoryOptions(Path(workspace), DEFAULT_EXCLUDED, platform, offline)
        inventory = take_inventory(resolve_target(target), readers.working(), parsers, options)
    report = inventory_report(inventory)
    # What a broken plug would have read is not in the list.
    problems = (*readers.disabled, *report.problems)
    # It lists packages and looks for nothing in them.
    report = replace(report, problems=problems, coverage=Coverage(frozenset({Kind.LICENCE})))
    reading = Reading(run_of(report, parsers[TOOL]), report)
    return conclude([reading], ConcludeOptions(created=now(session), target=target))
