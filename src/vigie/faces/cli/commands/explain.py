"""`vigie explain`: all that stands behind one finding, and corrections of the merge."""

from __future__ import annotations

from pathlib import Path

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.explanation import lines_of
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import UserError
from vigie.model.findings import Finding
from vigie.model.printable import clean
from vigie.model.results import Result
from vigie.model.text import T
from vigie.services.corrections import keep_correction
from vigie.services.results import load_result
from vigie.triage.corrections import Correction
from vigie.triage.explain import explain, find


@command(
    "explain",
    T(
        "Show every observation behind a finding, why they were joined, and whose severity and fix "
        "won. FINDING is the start of a fingerprint, an identifier, or IDENTIFIER@PACKAGE."
    ),
    Example("vigie explain result.json CVE-2024-3094", T("Why this finding, and why here")),
    Example(
        "vigie explain result.json CVE-2024-3094@xz-utils --split grype "
        "--corrections corrections.yaml --reason 'another package'",
        T("Grype means something else: take its observations out from the next run on"),
    ),
    Example(
        "vigie explain result.json CVE-2024-3094 --join 8f14e45f --corrections corrections.yaml",
        T("Two findings are one: join them from the next run on"),
    ),
)
@click.argument("result", metavar="RESULT")
@click.argument("finding", metavar="FINDING")
@option("--split", metavar="TOOL", say=T("Take this tool's observations out of the finding."))
@option("--join", metavar="FINDING", multiple=True, say=T("Make this other finding one with it."))
@option("--reason", metavar="TEXT", say=T("Why, for those who read the corrections later."))
@option(
    "--corrections", metavar="FILE", say=T("The file that keeps corrections; made when needed.")
)
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    result: str,
    finding: str,
    split: str | None,
    join: tuple[str, ...],
    reason: str | None,
    corrections: str | None,
) -> int:
    settings = session.settings(corrections=corrections)
    loaded = load_result(Path(result))
    found = find(loaded, finding)
    wanted = _corrections(loaded, found, split, join, reason or "")
    if wanted and not settings.corrections:
        raise UserError(
            T("a correction needs a file that keeps it"),
            T("Add --corrections FILE, and give the same file to scan and merge."),
        )
    if not wanted:
        explanation = explain(loaded, found)
        click.echo(clean("\n".join(lines_of(explanation, loaded, session.words))))
    for correction in wanted:
        keep_correction(Path(settings.corrections), correction)
        session.note(T("kept in {path}; it holds from the next run on", path=settings.corrections))
    return ExitCode.FINE


def _corrections(
    result: Result, finding: Finding, split: str | None, join: tuple[str, ...], reason: str
) -> list[Correction]:
    wanted = []
    if split:
        tools = {observation.tool for observation in finding.evidence}
        if split not in tools:
            raise UserError(
                T("{tool} has no part in this finding", tool=split),
                T("Choose from: {names}", names=tuple(sorted(tools))),
            )
        if len(tools) == 1:
            raise UserError(
                T("only {tool} says this finding: there is nothing to split", tool=split),
                T("To leave it out, suppress it with a reason instead."),
            )
        wanted.append(Correction("split", (finding.fingerprint,), split, reason))
    for needle in join:
        other = find(result, needle)
        if other.fingerprint == finding.fingerprint:
            raise UserError(
                T("{name} is the same finding", name=needle), T("Give two different findings.")
            )
        wanted.append(Correction("join", (finding.fingerprint, other.fingerprint), reason=reason))
    return wanted
