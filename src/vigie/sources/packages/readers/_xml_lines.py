"""XML elements one after the other with their lines; entities and document types are refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import Locator

from defusedxml import DefusedXmlException
from defusedxml import sax as safe_sax

from vigie.ports.packages import PackageFile
from vigie.sources.packages.readers._records import content_of, refused

_MOST = 16 * 1024**2  # bytes
_DEEPEST = 100
_LONGEST_TEXT = 4096


@dataclass(slots=True)
class Element:
    """One element without namespaces: attributes, own text, and texts of its children by tag.

    `above` are the tags around it, the outermost first.
    """

    tag: str
    line: int
    attributes: dict[str, str]
    above: tuple[str, ...] = ()
    text: str = ""
    children: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """An attribute, or else a child's text, stripped; "" when there is neither."""
        return (self.attributes.get(name) or self.children.get(name, "")).strip()


class _Collector(ContentHandler):
    def __init__(self, tags: frozenset[str]) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._tags = tags
        self._open: list[Element] = []
        self._place: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802  a name of SAX
        self._place = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  a name of SAX
        if len(self._open) >= _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")
        line = (self._place.getLineNumber() if self._place is not None else 0) or 0
        tag = name.rpartition(":")[2]
        above = tuple(one.tag for one in self._open)
        element = Element(tag, line, {key: attrs.getValue(key) for key in attrs.getNames()}, above)
        self._open.append(element)
        if tag in self._tags:
            self.found.append(element)

    def characters(self, content: str) -> None:
        if self._open and len(self._open[-1].text) < _LONGEST_TEXT:
            self._open[-1].text += content

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002  a name of SAX
        element = self._open.pop()
        if self._open:
            self._open[-1].children[element.tag] = element.text


def xml_elements(file: PackageFile, label: str, *tags: str) -> Iterator[Element]:
    """Every element of these tags in the file's order. Raises UserError for what is no XML, is
    too large or too deep, or declares a document type."""
    collector = _Collector(frozenset(tags))
    data = content_of(file, _MOST)
    try:
        safe_sax.parse(io.BytesIO(data), collector, forbid_dtd=True)
    except (SAXException, DefusedXmlException, ValueError, LookupError) as error:
        raise refused(file, label, str(error)) from None
    yield from collector.found
