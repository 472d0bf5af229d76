"""The command line: a group that knows its commands by name and imports the one it needs."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

import vigie
from vigie.faces.cli.guard import guarded
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Entry, Example, LazyGroup, SpokenOption
from vigie.model.text import T
from vigie.wiring.words import LANGUAGES, language, language_in, words

_COMMANDS = "vigie.faces.cli.commands"

ENTRIES = {
    "scan": Entry(f"{_COMMANDS}.scan", T("Run scanners on a target and rank what they find.")),
    "merge": Entry(f"{_COMMANDS}.merge", T("Merge reports made elsewhere into one answer.")),
    "report": Entry(f"{_COMMANDS}.report", T("Write a saved result in another form.")),
    "gate": Entry(f"{_COMMANDS}.gate", T("Decide by a policy whether a build may ship.")),
    "push": Entry(f"{_COMMANDS}.push", T("Send results and reports to a Vigie server.")),
    "explain": Entry(f"{_COMMANDS}.explain", T("Show all that stands behind one finding.")),
    "scanners": Entry(f"{_COMMANDS}.scanners", T("List the scanners there are, or install some.")),
    "fix": Entry(f"{_COMMANDS}.fix", T("Plan upgrades, write them as a patch and prove it.")),
    "sbom": Entry(f"{_COMMANDS}.sbom", T("List every package of a target (CycloneDX, SPDX).")),
    "db": Entry(f"{_COMMANDS}.db", T("Keep the database of advisories, also without a network.")),
    "secrets": Entry(f"{_COMMANDS}.secrets", T("Seal secrets; settings only name them.")),
    "up": Entry(f"{_COMMANDS}.up", T("Start the whole platform on one folder.")),
    "server": Entry(f"{_COMMANDS}.server", T("Serve the API of a platform.")),
    "worker": Entry(f"{_COMMANDS}.worker", T("Work off the jobs of a platform.")),
    "scheduler": Entry(f"{_COMMANDS}.scheduler", T("Start what is due on a platform.")),
    "migrate": Entry(f"{_COMMANDS}.migrate", T("Bring a platform's database up to date.")),
    "audit": Entry(f"{_COMMANDS}.audit", T("Prove that the audit log is whole, or export it.")),
    "keys": Entry(f"{_COMMANDS}.keys", T("Show or replace the keys of access tokens.")),
    "reset-password": Entry(f"{_COMMANDS}.reset_password", T("Give somebody a new password.")),
    "completion": Entry(f"{_COMMANDS}.completion", T("Print the completion script of a shell.")),
    "version": Entry(f"{_COMMANDS}.version", T("Print the version of Vigie and its parts.")),
    "engine": Entry(f"{_COMMANDS}.engine", T("The embedded engine as a program."), hidden=True),
    "clair": Entry(f"{_COMMANDS}.clair", T("What asks a Clair server."), hidden=True),
}

EXAMPLES = (
    Example("vigie scan .", T("Scan this folder with every scanner that is installed")),
    Example(
        "vigie merge trivy.json grype.json --format html=report.html",
        T("Merge two reports into one page to hand on"),
    ),
    Example(
        "vigie gate result.json --policy balanced", T("Ask whether it may ship; exit code 1 is no")
    ),
)

CLOSING = T(
    "Exit codes: 0 fine, 1 the gate says no, 2 wrong usage or input, 3 incomplete, 70 a bug."
)


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"vigie {vigie.__version__}")
        ctx.exit(0)


GROUP = LazyGroup(
    "vigie",
    about=T("One lookout over what every scanner says: merged, ranked, reported and gated."),
    entries=ENTRIES,
    examples=EXAMPLES,
    closing=CLOSING,
    no_args_is_help=False,
    params=[
        SpokenOption(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            say=T("Print the version and exit."),
        ),
        SpokenOption(
            ["--lang"],
            metavar="LANG",
            expose_value=False,
            names=lambda: LANGUAGES,
            say=T("Speak en or fr; without it, the language of your locale."),
        ),
    ],
)


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """One call of the command line; returns its exit code."""
    session = Session(environ=environ)

    def call() -> Any:
        # First, so that help and usage errors already speak the right language.
        session.words = words(language(language_in(arguments), environ))
        return GROUP.main(
            list(arguments) or ["--help"], prog_name="vigie", standalone_mode=False, obj=session
        )

    return guarded(session, call)


def _end_like_ctrl_c() -> None:
    """A pipeline that cancels or a terminal that closes ends it as Ctrl-C does: tidied up."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup's stays
            signal.signal(number, signal.default_int_handler)


def main() -> None:
    """The `vigie` program."""
    # One call gives one answer and ends: what it makes lives until then, so looking for
    # garbage among a hundred thousand findings only costs time (a third of it, measured).
    gc.disable()
    _end_like_ctrl_c()
    sys.exit(run(sys.argv[1:], os.environ))
