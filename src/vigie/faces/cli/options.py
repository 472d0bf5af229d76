"""Options that several commands share, each written once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import click

from vigie.faces.cli.session import session_of
from vigie.faces.cli.speech import option
from vigie.model.text import T
from vigie.wiring.plugs import OUTLETS, REPORTS, SCANNERS, Plugs
from vigie.wiring.words import LANGUAGES

Function = Callable[..., Any]

EXPOSURES = ("open", "controlled", "small", "unknown")
CRITICALITIES = ("high", "medium", "low", "unknown")


def formats() -> Sequence[str]:
    """Words for `--format`."""
    return tuple(Plugs(OUTLETS))


def report_formats() -> Sequence[str]:
    """Words for `--as`."""
    return tuple(Plugs(REPORTS))


def scanner_names() -> Sequence[str]:
    """Words for `--with`."""
    return ("auto", *Plugs(SCANNERS))


def common_options(function: Function) -> Function:
    """--config, --lang, -v and -q; hands the session to the function."""

    @option("--config", metavar="FILE", say=T("Read settings from FILE instead of the usual ones."))
    @option(
        "--lang",
        metavar="LANG",
        names=lambda: LANGUAGES,
        say=T("Speak en or fr; without it, the language of your locale."),
    )
    @option("-v", "--verbose", count=True, say=T("Say what is being done; twice for everything."))
    @option("-q", "--quiet", is_flag=True, say=T("Say nothing but errors and the result."))
    @click.pass_context
    @functools.wraps(function)
    def called(
        ctx: click.Context,
        /,
        *,
        config: str | None,
        lang: str | None,
        verbose: int,
        quiet: bool,
        **values: Any,
    ) -> Any:
        session = session_of(ctx)
        session.verbosity = -1 if quiet else verbose
        session.config, session.lang = config, lang
        if session.verbosity > 0:
            from vigie.wiring.logging import configure_logging  # noqa: PLC0415

            configure_logging(session.verbosity)
        return function(session, **values)

    return called


def answer_options(function: Function) -> Function:
    """What `scan` and `merge` share: how the answer is found and in which forms it is given."""
    for decorate in reversed(
        (
            format_option,
            policy_option,
            option("--baseline", metavar="FILE", say=T("Mark what is new since this result.")),
            option("--exposure", metavar="WORD", names=lambda: EXPOSURES,
                   say=T("Who can reach it: open, controlled, small or unknown.")),
            option("--criticality", metavar="WORD", names=lambda: CRITICALITIES,
                   say=T("What it would cost to lose it: high, medium, low or unknown.")),
            option("--kev", metavar="FILE",
                   say=T("CISA's catalogue of known exploited vulnerabilities (JSON).")),
            option("--epss", metavar="FILE", say=T("FIRST's EPSS scores (CSV).")),
            option("--vex", metavar="FILE", multiple=True,
                   say=T("A VEX document (OpenVEX, CycloneDX, CSAF); may be given again.")),
            option("--suppress", metavar="FILE",
                   say=T("Suppressions, each with its reason, owner and expiry (YAML).")),
            option("--corrections", metavar="FILE",
                   say=T("Corrections of the merge that `vigie explain` has kept (YAML).")),
        )
    ):  # fmt: skip
        function = decorate(function)
    return function


policy_option = option(
    "--policy",
    metavar="NAME|FILE",
    say=T("Judge by this policy: strict, balanced, new-only, or a file (YAML)."),
)

format_option = option(
    "--format",
    metavar="F[=FILE]",
    multiple=True,
    names=formats,
    listed=True,
    say=T("The form of the answer, to standard output or to FILE; may be given again."),
)


def scan_options(function: Function) -> Function:
    """What `scan` and `gate` share: which scanners run, and within which limits."""
    for decorate in reversed(
        (
            option("--with", "scan__with", metavar="NAMES", names=scanner_names,
                   say=T("Scanners, with commas between; auto is every one that is installed.")),
            option("--timeout", "scan__timeout", metavar="SECONDS",
                   say=T("Stop a scanner that takes longer (600).")),
            option("--jobs", "scan__jobs", metavar="COUNT",
                   say=T("Scanners at once; 0 is one for each processor.")),
            option("--max-db-age", "scan__max_db_age", metavar="DAYS",
                   say=T("A scanner whose database is older makes the scan partial (7).")),
            option("--offline", "scan__offline", is_flag=True, default=None,
                   say=T("Reach for no network, not even for databases.")),
        )
    ):  # fmt: skip
        function = decorate(function)
    return function


CONFIGURED = "-"  # `--server` without an address: the one that the settings name


def server_options(*, bare: bool) -> Callable[[Function], Function]:
    """--server, --patience and --asset; `bare` lets the server's address be left out."""
    more: dict[str, Any] = {"is_flag": False, "flag_value": CONFIGURED} if bare else {}
    said = T("The server's address; without it, VIGIE_SERVER or the setting `server`.")
    if bare:
        said = T("Send it to this server and ask its gate; without URL, to VIGIE_SERVER.")

    def decorate(function: Function) -> Function:
        for one in reversed(
            (
                option("--server", metavar="[URL]" if bare else "URL", say=said, **more),
                option("--asset", metavar="NAME",
                       say=T("For a server: what it is about, where reports do not say so.")),
                option("--patience", metavar="SECONDS",
                       type=click.FloatRange(min=0, min_open=True),
                       say=T("Give the server so long to take it in (600).")),
            )
        ):  # fmt: skip
            function = one(function)
        return function

    return decorate
