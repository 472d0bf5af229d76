"""Vigie's own engine: the packages it found and the advisories that are about them.

The engine runs in a process of its own, like any other scanner, and this is how it answers.
Source: `vigie.services.engine`, which writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from vigie.model.assets import Asset
from vigie.model.observations import Kind, Observation
from vigie.model.plain import plain_reader
from vigie.model.runs import Coverage, Problem
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import RecordError, Tally
from vigie.sources.reports.tree import Node

_MARK = "vigie_engine"
_LAYOUT = "1"


class EmbeddedParser:
    format = "embedded"
    tool = "embedded"
    label = "Vigie"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}))

    def recognises(self, sketch: Sketch) -> bool:
        return sketch.form is Form.JSON_OBJECT and sketch.keys >= {_MARK, "observations"}

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if root.text(_MARK) != _LAYOUT:
            raise RecordError(f"is no report of layout {_LAYOUT}")
        tally = Tally()
        tally.read_all(root.need_items("observations"), _observe)
        said = [_whole(plain_reader(Problem), node) for node in root.items("problems")]
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=(*tally.problems, *said),
            version=root.text("version"),
            database_date=root.text("database_date"),
            started=root.text("started"),
            ended=root.text("ended"),
            asset=_whole(plain_reader(Asset), root.get("asset")),
            ecosystems=_whole(plain_reader(frozenset[str]), root.get("ecosystems")),
        )


def _observe(node: Node) -> Observation:
    try:
        observation: Observation = plain_reader(Observation)(node.value())
    except ValueError as error:
        raise RecordError(str(error)) from None
    return replace(observation, tool=PARSER.tool, record=node.pointer)


def _whole(read: Callable[[Any], Any], node: Node | None) -> Any:
    """A part that must be right if it is there, since nothing else tells that it is wrong."""
    if node is None:
        return None
    try:
        return read(node.value())
    except ValueError as error:
        raise RecordError(f"{node.pointer}: {error}") from None


PARSER = EmbeddedParser()
