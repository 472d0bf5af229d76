"""Which format is this? From the content, never from the file's name."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Document, ReportParser


def recognise(document: Document, parsers: Iterable[ReportParser]) -> ReportParser:
    """The one parser whose format this is. Raises UserError for none or several."""
    found = [parser for parser in parsers if parser.recognises(document.sketch)]
    if len(found) == 1:
        return found[0]
    if found:
        formats = tuple(parser.format for parser in found)
        raise UserError(
            T("{name} could be any of {formats}", name=document.name, formats=formats),
            T("Say which with --as FORMAT."),
        )
    sketch = document.sketch
    seen = sketch.root or ", ".join((sketch.columns or sorted(sketch.keys))[:6]) or "nothing"
    raise UserError(
        T(
            "{name} is no report that Vigie knows ({form}: {seen})",
            name=document.name,
            form=sketch.form.value,
            seen=seen,
        ),
        T("Say what it is with --as FORMAT; `vigie merge --help` lists the formats."),
    )
