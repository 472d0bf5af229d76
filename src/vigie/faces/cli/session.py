"""What one call of the command line knows: its language, how much it says, its settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.model.errors import VigieError
from vigie.model.printable import clean
from vigie.model.runs import Problem
from vigie.model.text import T, Text, Words

if TYPE_CHECKING:
    from vigie.wiring.settings import Settings


@dataclass(slots=True)
class Session:
    """Handed to every command as `ctx.obj`. `verbosity` is -1 for quiet, 1 and more for talk."""

    words: Words = field(default_factory=Words)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    verbosity: int = 0
    config: str | None = None
    lang: str | None = None

    def settings(self, **command_line: Any) -> Settings:
        """The settings that hold for this call; what the person left out is None here.

        `a__b` names the setting `b` in section `a`. Speaks the settings' language from here on.
        """
        from vigie.wiring.settings import load_settings  # noqa: PLC0415
        from vigie.wiring.words import language, words  # noqa: PLC0415

        typed: dict[str, Any] = {}
        for name, value in {"lang": self.lang, **command_line}.items():
            if value is None or value == ():
                continue
            section, _, key = name.rpartition("__")
            (typed.setdefault(section, {}) if section else typed)[key] = value
        settings = load_settings(
            environ=self.environ,
            command_line=typed,
            config=Path(self.config) if self.config else None,
        )
        self.words = words(language(settings.lang, self.environ))
        return settings

    def log(self, event: str, **facts: Any) -> None:
        """One line of the log, which `-v` asks for; structlog is not even imported without it."""
        if self.verbosity > 0:
            import structlog  # noqa: PLC0415

            structlog.get_logger().info(event, **facts)

    def said(self, text: Text | str) -> str:
        """In the reader's language; names from outside in it cannot steer the terminal."""
        return clean(self.words(text))

    def note(self, text: Text | str) -> None:
        """One line for the person, on standard error; nothing when quiet."""
        if self.verbosity >= 0:
            click.echo(self.said(text), err=True)

    def warn(self, problem: Problem) -> None:
        """One warning with its hint; nothing when quiet, because the result holds it too."""
        if self.verbosity < 0:
            return
        click.echo(self._label(T("warning: "), "yellow") + self.said(problem.message), err=True)
        if problem.hint and problem.hint.template:
            click.echo(self._label(T("hint: "), "cyan") + self.said(problem.hint), err=True)

    def fail(self, error: VigieError) -> None:
        """What went wrong and what to do, on standard error, also when quiet."""
        click.echo(self._label(T("error: "), "red") + self.said(error.message), err=True)
        if error.hint.template:
            click.echo(self._label(T("hint: "), "cyan") + self.said(error.hint), err=True)

    def coloured(self, *, stdout: bool = True) -> bool:
        """Whether colour is wanted: a terminal, and no NO_COLOR (no-color.org)."""
        stream = sys.stdout if stdout else sys.stderr
        return stream.isatty() and not self.environ.get("NO_COLOR")

    def _label(self, text: Text, colour: str) -> str:
        label = self.words(text)
        return click.style(label, fg=colour, bold=True) if self.coloured(stdout=False) else label


def session_of(ctx: click.Context) -> Session:
    """The session of this call; a plain English one where none was given."""
    found = ctx.find_root().obj
    return found if isinstance(found, Session) else Session()
