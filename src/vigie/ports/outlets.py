"""The seam for outlets: a result goes in, bytes come out. Plugs for documents and formats.

A built-in outlet is a module or folder in `vigie/outlets/documents/` (for people) or
`vigie/outlets/formats/` (for programs) that holds one object named `OUTLET`; a third party
registers the same object under the entry point group `vigie.outlets`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from vigie.model.results import Result
from vigie.model.text import Words
from vigie.ports.plugs import Needs


@dataclass(frozen=True, slots=True)
class View:
    """How somebody wants to see it. `width` in columns and `colour` are for terminals.

    `words` is the language of documents; `languages` are all there are, for the formats that
    carry every text in each of them.
    """

    words: Words = field(default_factory=Words)
    width: int = 100
    colour: bool = False
    version: str = ""  # of Vigie, for the formats that name their producer
    languages: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One output file. `name` is "" for the main one, else a word put before the suffix."""

    chunks: Iterable[bytes]
    name: str = ""


class Outlet(Protocol):
    """Writes a result in one format. Holds no state, keeps no clock, opens no file.

    `format` is the word for `--format`, `suffix` the usual ending (".sarif"), `label` its
    name for people, `binary` True when it must not be written to a terminal.
    """

    format: str
    label: str
    suffix: str
    media_type: str
    binary: bool
    needs: Needs

    def render(self, result: Result, view: View) -> Iterable[Part]:
        """The output, in one part or, where the format has limits, in several.

        The same result and view give the same bytes. Raises UserError when what it needs
        (`needs.extra`) is not installed, with the command that installs it.
        """
