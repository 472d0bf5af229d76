"""Which format is this? From the content, never from the file's name."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Document, Form, ReportParser, Sketch


def recognise(document: Document, parsers: Iterable[ReportParser]) -> ReportParser:
    """The one parser whose format this is. Raises UserError for none or several."""
    found = [parser for parser in parsers if parser.recognises(document.sketch)]
    if len(found) == 1:
        return found[0]
    if found:
        formats = tuple(parser.format for parser in found)
        raise UserError(
            T("{name} could be any of {formats}", name=document.name, formats=formats),
            T("Say which of them it is (on the command line: --as FORMAT)."),
        )
    sketch = document.sketch
    if sketch.form is Form.JSON_ARRAY and not sketch.keys:
        raise UserError(
            T("{name} is an empty list, which could be of any tool", name=document.name),
            T("Say which tool wrote it (on the command line: --as FORMAT)."),
        )
    raise UserError(
        T(
            "{name} is no report that Vigie knows ({form}: {seen})",
            name=document.name,
            form=sketch.form.value,
            seen=_shape(sketch),
        ),
        T(
            "Say in which format it is (on the command line: --as FORMAT; "
            "`vigie merge --help` lists them)."
        ),
    )


def _shape(sketch: Sketch) -> str:
    """The first names in the document, short and on one line whatever they are."""
    names = (sketch.root,) if sketch.root else sketch.columns[:6]
    names = names or tuple(nsmallest(6, sketch.keys))
    return ", ".join(repr(name[:40])[1:-1] for name in names) or "nothing"
