"""XML read with the place of every element, so that a file can be changed in place.

expat is driven directly for its byte offsets; a document type is refused, and with it entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from vigie.model.errors import UserError
from vigie.model.text import T

_LARGEST = 8 * 1024**2
_DEEPEST = 100


@dataclass(slots=True)
class Element:
    """An element without its namespace. `start` and `end` bound what is inside, in bytes."""

    tag: str
    outer: int
    start: int
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, *path: str) -> Iterator[Element]:
        """The elements at a path of tags."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        return next(self.all(*path), None)

    def said(self, *path: str) -> str:
        """The text at a path, stripped; "" when there is none."""
        found = self.first(*path)
        return found.text.strip() if found is not None else ""


def parse(path: str, data: bytes) -> Element:
    """The root of a document in UTF-8. Raises UserError."""
    try:
        return _Reader(data).root
    except (expat.ExpatError, ValueError) as error:
        raise UserError(
            T("{path} is no XML: {why}", path=path, why=str(error)), T("It was not touched.")
        ) from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        if len(data) > _LARGEST:
            raise ValueError("too large")
        self.data = data
        self.open: list[Element] = []
        self.found: list[Element] = []
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(data, True)

    @property
    def root(self) -> Element:
        return self.found[0]

    def _doctype(self, *_: object) -> None:
        raise ValueError("it declares a document type")

    def _start(self, name: str, _attributes: object) -> None:
        outer = self.parser.CurrentByteIndex
        # The tag ends at the first ">" outside of its attributes' quotes.
        place, quote = outer, 0
        while quote or self.data[place] != 0x3E:
            sign = self.data[place]
            quote = 0 if sign == quote else quote or (sign if sign in b"\"'" else 0)
            place += 1
        element = Element(name.rpartition(":")[2], outer, place + 1)
        if len(self.open) > _DEEPEST:
            raise ValueError("too deep")
        (self.open[-1].children if self.open else self.found).append(element)
        self.open.append(element)

    def _end(self, _name: str) -> None:
        element = self.open.pop()
        empty = self.data[element.start - 2 : element.start] == b"/>"
        element.end = element.start if empty else self.parser.CurrentByteIndex

    def _text(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text
