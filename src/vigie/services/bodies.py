"""Bodies of imports: reports of any format, and results that Vigie wrote in CI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.observations import Observation
from vigie.model.runs import Run
from vigie.model.text import Text
from vigie.services import files
from vigie.services.intake import Reading, read_file
from vigie.services.platform import Platform
from vigie.services.recording.returned import readings_of
from vigie.services.results import load_result
from vigie.sources.reports.document import Limits, open_document

RESULT = "vigie"  # the format of a result that Vigie wrote itself
_LIMITS = Limits(size=files.LARGEST)
_RESULT_KEYS = frozenset({"schema_version", "runs", "findings"})


def read_body(
    platform: Platform,
    path: Path,
    name: str,
    forced: str = "",
    lists: Callable[[], Sequence[Observation]] = list,
) -> tuple[list[Reading], str]:
    """What the report or result at `path` says, under the name it was sent by, and its format;
    `forced` is one that the sender gave, `lists` is as in `read_file`. Raises UserError in which
    `path` is not named."""
    try:
        if forced == RESULT or (not forced and _is_result(path)):
            return readings_of(load_result(path, files.LARGEST)), RESULT
        found = read_file(path, platform.plugs.parsers, forced=forced, limits=_LIMITS, lists=lists)
    except UserError as error:
        # Where the body lay for the moment is nobody's business.
        raise UserError(_renamed(error.message, path, name), error.hint) from None
    named = [replace(reading, run=_named(reading.run, path, name)) for reading in found]
    return named, named[0].run.format if named else forced


def _is_result(path: Path) -> bool:
    return open_document(path, _LIMITS).sketch.keys >= _RESULT_KEYS


def _named(run: Run, path: Path, name: str) -> Run:
    problems = tuple(
        replace(
            problem,
            message=_renamed(problem.message, path, name),
            where=problem.where.replace(str(path), name),
        )
        for problem in run.problems
    )
    return replace(run, file=name, problems=problems)


def _renamed(text: Text, path: Path, name: str) -> Text:
    params: dict[str, object] = {}
    for key, value in text.params.items():
        if isinstance(value, Text):
            params[key] = _renamed(value, path, name)
        else:
            params[key] = value.replace(str(path), name) if isinstance(value, str) else value
    return Text(text.template, params, text.plural)
