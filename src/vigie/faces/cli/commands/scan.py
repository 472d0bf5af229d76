"""`vigie scan`: every scanner at hand looks at the target, and one answer comes out."""

from __future__ import annotations

from typing import Any

import click

from vigie.faces.cli.inputs import read_inputs
from vigie.faces.cli.options import answer_options, common_options, scan_options
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.scanning import scan_targets
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.faces.cli.verdict import code_of_scan
from vigie.faces.cli.warnings import warn_of
from vigie.model.text import T


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
)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@scan_options
@answer_options
@common_options
def COMMAND(session: Session, targets: tuple[str, ...], **typed: Any) -> int:  # noqa: N802
    settings = session.settings(**typed)
    outputs = outputs_of(settings.format)
    inputs = read_inputs(settings, session, target=", ".join(targets))
    result = scan_targets(targets, settings, inputs, session)
    write_outputs(result, outputs, session)
    warn_of(result, session)
    return code_of_scan(result)
