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
