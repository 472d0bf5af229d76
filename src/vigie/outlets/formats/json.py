"""The whole result as JSON, for other programs and for `vigie report`, `gate` and `explain`.

Layout: `catalog/schema/result-1.json`. One finding stands on each line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.plain import sections
from vigie.model.results import Result
from vigie.outlets.stream import document, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING


class JsonOutlet:
    format = "json"
    label = "JSON"
    suffix = ".json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(gathered(document(_members(result, view))))


OUTLET = JsonOutlet()


def _members(result: Result, view: View) -> Iterator[tuple[str, Any]]:
    """Findings are made plain one at a time: a second copy of 100,000 would not fit."""
    for key, value in sections(result, *view.languages, view.words):
        yield key, listed(value) if isinstance(value, Iterator) else value
