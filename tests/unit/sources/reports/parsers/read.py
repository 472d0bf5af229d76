"""Reads a small report given as Python values, for the parsers' unit tests."""

from __future__ import annotations

import json
from typing import Any

from tests.plugs.report_samples import PARSERS

from vigie.model.observations import Location, Observation
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise


def read_all(format_name: str, content: Any) -> list[Report]:
    """The reports in `content` (JSON values, or JSON lines as a list of lines in a str)."""
    data = content if isinstance(content, str) else json.dumps(content)
    document = document_from_bytes(data.encode())
    assert recognise(document, PARSERS.load_all()).format == format_name
    return read_document(PARSERS[format_name], document)


def read(format_name: str, content: Any) -> Report:
    """The only report in `content`."""
    (report,) = read_all(format_name, content)
    return report


def first(format_name: str, content: Any) -> Observation:
    """The first observation of the first report in `content`."""
    return read_all(format_name, content)[0].observations[0]


def place(format_name: str, content: Any) -> Location:
    """The first location of the first observation."""
    return first(format_name, content).locations[0]


def identity(format_name: str, content: Any) -> tuple[str, str, str]:
    """What must stay when lines shift: rule, path and anchor of the first observation."""
    observation = first(format_name, content)
    where = observation.locations[0]
    return observation.rule.id, where.path, where.anchor


def spelt(reports: Any) -> str:
    """Everything in the reports as text, to search for what must not be there."""
    return repr(reports)
