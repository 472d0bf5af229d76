"""`--format`: which forms the answer takes, and where each goes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import vigie
from vigie.faces.cli.session import Session
from vigie.model.errors import UserError
from vigie.model.results import Result
from vigie.model.text import T
from vigie.ports.outlets import Outlet, View
from vigie.services.results import write_parts
from vigie.wiring.plugs import OUTLETS, Plugs
from vigie.wiring.words import LANGUAGES, words

DEFAULT = "table"


@dataclass(frozen=True, slots=True)
class Output:
    """One form of the answer; `file` None is standard output."""

    outlet: Outlet
    file: Path | None = None


def outputs_of(asked: Sequence[str], default: str = DEFAULT) -> list[Output]:
    """What `F` and `F=FILE` ask for. Raises UserError before any work is done for nothing."""
    outlets = Plugs(OUTLETS)
    outputs: list[Output] = []
    for word in asked or (default,):
        name, equals, file = word.partition("=")
        outlet = outlets.need(name)
        if equals and not file:
            raise UserError(
                T("--format {word} names no file", word=word),
                T("Give it one: --format {name}=report{suffix}", name=name, suffix=outlet.suffix),
            )
        outputs.append(Output(outlet, Path(file) if file not in ("", "-") else None))
    _refuse_what_cannot_be(outputs)
    return outputs


def write_outputs(result: Result, outputs: Sequence[Output], session: Session) -> None:
    """Files first, so that a reader who closes the pipe early loses none of them."""
    for output in sorted(outputs, key=lambda one: one.file is None):
        session.log("writing", format=output.outlet.format, file=str(output.file or "-"))
        if output.file is None:
            _print(result, output.outlet, session)
            continue
        for path in write_parts(output.outlet.render(result, _view(session)), output.file):
            here = Path.cwd()
            shown = path.relative_to(here) if path.is_relative_to(here) else path
            session.note(T("wrote {path}", path=str(shown)))


def _refuse_what_cannot_be(outputs: Sequence[Output]) -> None:
    printed = [output.outlet for output in outputs if output.file is None]
    if len(printed) > 1:
        names = tuple(outlet.format for outlet in printed)
        raise UserError(
            T("{names} cannot all go to standard output", names=names),
            T("Give all but one a file: --format {name}=FILE", name=names[1]),
        )
    if printed and printed[0].binary and sys.stdout.isatty():
        name, suffix = printed[0].format, printed[0].suffix
        raise UserError(
            T("{name} is not for a terminal", name=name),
            T("Give it a file: --format {name}=report{suffix}", name=name, suffix=suffix),
        )
    files = [output.file for output in outputs if output.file is not None]
    for file in files:
        if not file.parent.is_dir():
            raise UserError(
                T("the folder of {path} does not exist", path=str(file)),
                T("Make it first, or give another place."),
            )
        if files.count(file) > 1:
            raise UserError(
                T("{path} is asked for twice", path=str(file)), T("Give each format its own file.")
            )


def _print(result: Result, outlet: Outlet, session: Session) -> None:
    parts = iter(outlet.render(result, _view(session, terminal=True)))
    out = sys.stdout.buffer
    for chunk in next(parts).chunks:
        out.write(chunk)
    out.flush()
    if next(parts, None) is not None:
        raise UserError(
            T("{name} needs several files for this result; only the first was printed",
              name=outlet.format),
            T("Give it a file: --format {name}=report{suffix}", name=outlet.format,
              suffix=outlet.suffix),
        )  # fmt: skip


def _view(session: Session, *, terminal: bool = False) -> View:
    width = shutil.get_terminal_size((100, 40)).columns if terminal else 100
    return View(
        words=session.words,
        width=width,
        colour=terminal and session.coloured(),
        version=vigie.__version__,
        languages=tuple(words(lang) for lang in LANGUAGES),
    )
