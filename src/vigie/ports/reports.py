"""The seam for report parsers: `vigie.report` plugs turn a tool's report into observations.

A built-in parser is a module in `vigie/sources/reports/parsers/` that holds one object named
`PARSER`; a third party registers the same object under the entry point group `vigie.reports`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from vigie.model.assets import Asset
from vigie.model.observations import Observation
from vigie.model.runs import Coverage, Problem


class Form(StrEnum):
    """The outer form of a report."""

    JSON_OBJECT = "json object"
    JSON_ARRAY = "json array"
    JSON_LINES = "json lines"
    XML = "xml"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Sketch:
    """A cheap look at a document, enough to recognise its format.

    `keys` are the top-level keys of a JSON object, of the first object of an array or of the
    first line; `columns` are a CSV header's; `root` is an XML root tag without its namespace
    and `namespace` that namespace; `attributes` are the root's.
    `head` is the JSON object that `keys` were read from; look into it with `at`, which
    decodes only what is asked for.
    """

    form: Form
    keys: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    root: str = ""
    namespace: str = ""
    attributes: Mapping[str, str] | None = None
    head: Head | None = None

    def at(self, *path: str | int) -> Any:
        """The decoded value at a path of the head, or None. `sketch.at("scan", "type")`.

        A container of more than a mebibyte comes back empty; look deeper with a longer path.
        """
        return self.head.at(*path) if self.head is not None else None


class Head(Protocol):
    """A JSON object whose values are decoded when asked for."""

    def at(self, *path: str | int) -> Any:
        """The decoded value at `path`, None when there is none."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a parser made of one tool's words about one asset.

    `records` is counted from the document before anything is made of it, and
    `records == len(observations) + problems that name a record`. A problem without a record
    is about the report itself (the tool says that a file could not be scanned): it makes the
    run partial unless its code is `NOTE`.
    `ecosystems` are purl types the tool is known to have looked at; None when unknown.
    """

    tool: str
    records: int
    observations: Sequence[Observation]
    problems: tuple[Problem, ...] = ()
    version: str = ""
    database_date: str = ""
    started: str = ""
    ended: str = ""
    asset: Asset | None = None
    ecosystems: frozenset[str] | None = None
    coverage: Coverage | None = None  # only to override the parser's own


class Document(Protocol):
    """An opened report: bounded in size, decoded only where it is asked for."""

    @property
    def name(self) -> str: ...
    @property
    def sketch(self) -> Sketch: ...
    def lines(self) -> Iterator[Any]: ...


class ReportParser(Protocol):
    """Turns one format into reports. Holds no state.

    `format` is the word for `--as`, `tool` the tool's id in results, `label` its name for
    people, `coverage` what the tool can see at all.
    """

    format: str
    tool: str
    label: str
    coverage: Coverage

    def recognises(self, sketch: Sketch) -> bool:
        """True when the document is surely this format. Pure and cheap."""

    def read(self, document: Any) -> Iterable[Report]:
        """The reports in the document: one for each tool and asset it speaks about.

        Raises UserError when the document as a whole cannot be this format. A record that
        cannot be read becomes a problem that names it and stops nothing.
        """
