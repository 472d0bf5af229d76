"""`vigie gate`: may this ship? The exit code is the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from vigie.faces.cli.inputs import answer, read_inputs, readers, today
from vigie.faces.cli.options import (
    CONFIGURED,
    answer_options,
    common_options,
    scan_options,
    server_options,
)
from vigie.faces.cli.outputs import outputs_of, write_outputs
from vigie.faces.cli.rulings import lines_of
from vigie.faces.cli.scanning import scan_targets
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.faces.cli.verdict import code_of_gate, code_of_merge, code_of_scan
from vigie.faces.cli.warnings import warn_of
from vigie.model.errors import UserError
from vigie.model.printable import clean
from vigie.model.results import Result
from vigie.model.text import T
from vigie.services.arguments import Given, sort_out
from vigie.services.decisions import load_policy
from vigie.services.intake import read_paths
from vigie.services.judging import judge_result
from vigie.services.results import load_result
from vigie.wiring.plugs import REPORTS, Plugs
from vigie.wiring.settings import Settings

DEFAULT = "balanced"


@command(
    "gate",
    T(
        "Judge a saved result, reports, or targets that are scanned first, by a policy. Names the "
        "finding, the rule and the waiver of each decision, and what would have to change. Exit "
        "code 0 is yes, 1 is no, 3 is incomplete: nobody can say yes."
    ),
    Example("vigie gate result.json", T("Judge a saved result by the balanced policy")),
    Example("vigie gate trivy.json grype.json --policy strict", T("Judge reports made elsewhere")),
    Example(
        "vigie gate . --policy new-only --baseline main.json",
        T("Scan, and block only what is new since the main branch"),
    ),
    Example(
        "vigie gate result.json --server https://vigie.example",
        T("Send it to your server, and ask the policy that holds there"),
    ),
)
@click.argument("subjects", metavar="RESULT|REPORT|TARGET...", nargs=-1, required=True)
@scan_options
@answer_options
@server_options(bare=True)
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    subjects: tuple[str, ...],
    asset: str | None,
    patience: float | None,
    **typed: Any,
) -> int:
    server = typed.pop("server")
    if server is not None:
        from vigie.faces.cli.server_gate import gate_of_server  # noqa: PLC0415

        address = None if server == CONFIGURED else server
        return gate_of_server(session, subjects, {**typed, "server": address}, asset, patience)
    refuse_without_server(asset, patience)
    settings = session.settings(**typed)
    # Here the verdict is what is asked for; other forms only when they are typed.
    outputs = outputs_of(typed["format"]) if typed["format"] else []
    given = sort_out(subjects, readers(Plugs(REPORTS)))
    if given is Given.RESULT:
        _refuse_what_comes_too_late(typed)
    result = _judged(given, subjects, settings, session)
    write_outputs(result, outputs, session)
    if not any(output.file is None for output in outputs):
        click.echo(clean("\n".join(lines_of(result, session.words))))
    warn_of(result, session)
    return _CODES[given](result)


_CODES = {
    Given.RESULT: code_of_gate,
    Given.REPORTS: code_of_merge,
    Given.TARGETS: code_of_scan,
}
# What a saved result can still be asked; everything else went into it when it was made.
_FOR_RESULTS = frozenset({"policy", "baseline", "format"})


def refuse_without_server(asset: str | None, patience: float | None) -> None:
    """Raises UserError: they would be passed over in silence."""
    given = {"--asset": asset, "--patience": patience}
    names = tuple(name for name, value in given.items() if value is not None)
    if names:
        raise UserError(
            T("{names} says nothing without --server", names=names),
            T("Add --server, or leave it out."),
        )


def _refuse_what_comes_too_late(typed: dict[str, Any]) -> None:
    late = tuple(
        "--" + name.removeprefix("scan__").replace("_", "-")
        for name, value in typed.items()
        if name not in _FOR_RESULTS and value not in (None, ())
    )
    if late:
        raise UserError(
            T("a saved result is not changed by {names}", names=late),
            T("Give it to the scan or merge that makes the result, or judge the reports."),
        )


def _judged(
    given: Given, subjects: tuple[str, ...], settings: Settings, session: Session
) -> Result:
    if given is Given.RESULT:
        baseline = load_result(Path(settings.baseline)) if settings.baseline else None
        policy = load_policy(settings.policy or DEFAULT)
        return judge_result(load_result(Path(subjects[0])), policy, today(session), baseline)
    inputs = read_inputs(settings, session, target=", ".join(subjects))
    if inputs.policy is None:
        inputs = replace(inputs, policy=load_policy(DEFAULT))
    if given is Given.TARGETS:
        return scan_targets(subjects, settings, inputs, session)
    paths = [Path(subject) for subject in subjects]
    readings = read_paths(paths, readers(inputs.parsers), limits=inputs.limits)
    return answer(readings, inputs, session)
