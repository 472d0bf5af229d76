"""`vigie merge`: reports made elsewhere become one answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vigie.faces.cli.inputs import answer, read_inputs, readers
from vigie.faces.cli.options import answer_options, common_options, report_formats
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.faces.cli.verdict import code_of_merge
from vigie.faces.cli.warnings import warn_of
from vigie.model.text import T
from vigie.services.intake import read_paths


@command(
    "merge",
    T(
        "Read reports, or folders of reports, that any scanner wrote; merge what they say about "
        "the same thing into one finding; rank the findings. The format is recognised from the "
        "content."
    ),
    Example("vigie merge trivy.json grype.json", T("Two reports, one ranked table")),
    Example(
        "vigie merge reports/ --format html=report.html --format json=result.json",
        T("A folder of reports as a page to hand on and as data"),
    ),
    Example(
        "vigie merge scan.json --as sarif --format sarif=merged.sarif",
        T("Say what a report is when it is not recognised"),
    ),
)
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@option(
    "--as",
    "forced",
    metavar="FORMAT",
    names=report_formats,
    listed=True,
    say=T("Read every report as FORMAT instead of recognising it."),
)
@option("--target", metavar="NAME", say=T("What the reports are about, in the answer's title."))
@answer_options
@common_options
def COMMAND(  # noqa: N802
    session: Session, reports: tuple[str, ...], forced: str | None, target: str | None, **typed: Any
) -> int:
    settings = session.settings(**typed)
    outputs = outputs_of(settings.format)
    inputs = read_inputs(settings, session, target=target or "")
    readings = read_paths(
        [Path(report) for report in reports],
        readers(inputs.parsers, forced or ""),
        forced=forced or "",
        limits=inputs.limits,
    )
    result = answer(readings, inputs, session)
    write_outputs(result, outputs, session)
    warn_of(result, session)
    return code_of_merge(result)
