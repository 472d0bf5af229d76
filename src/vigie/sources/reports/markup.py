"""XML reports: streamed, entity declarations refused, depth, count and tokens bounded.

expat is driven directly: only elements that a parser asks for become objects, and what could
make a small file large (entities, attribute defaults, endless tags and DTDs) is refused.
Source: Python library reference, "XML vulnerabilities" and `xml.parsers.expat`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree.ElementTree import Element as XmlElement
from xml.parsers import expat

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Form, Sketch
from vigie.sources.reports.records import RecordError

_CHUNK = 64 * 1024
# expat looks through an unfinished tag or comment again with each chunk: its length is bounded.
_TOKEN = 4 * 1024**2
_DOCTYPE = 1024**2
_TRUNCATED = frozenset({3, 5, 6, 20})  # no element, unclosed token, partial character, open CDATA


@dataclass(frozen=True, slots=True)
class XmlLimits:
    depth: int = 200
    elements: int = 5_000_000


class Element:
    """One XML element without namespaces. `pointer` is "issue[3]", counted per tag from 0."""

    __slots__ = ("pointer", "xml")

    def __init__(self, xml: XmlElement, pointer: str) -> None:
        self.xml = xml
        self.pointer = pointer

    @property
    def tag(self) -> str:
        return local(self.xml.tag)

    def attribute(self, name: str) -> str:
        """An attribute's value, stripped; "" when absent."""
        return self.xml.attrib.get(name, "").strip()

    def text(self, *path: str) -> str:
        """Text of the element at a path of tags, stripped; "" when absent."""
        found = self._find(path)
        return "".join(found.itertext()).strip() if found is not None else ""

    def need(self, *path: str) -> str:
        """The same, but it must be there. Raises RecordError."""
        value = self.text(*path)
        if not value:
            raise RecordError(f"has no {'/'.join(path)}")
        return value

    def number(self, *path: str) -> float | None:
        """A finite number; None when absent or no number."""
        try:
            value = float(self.text(*path))
        except ValueError:
            return None
        return value if value - value == 0 else None

    def child(self, *path: str) -> Element | None:
        """The first element at a path of tags."""
        found = self._find(path)
        return Element(found, f"{self.pointer}/{'/'.join(path)}") if found is not None else None

    def children(self, *path: str) -> Iterator[Element]:
        """Every element at a path of tags: `children("instances", "instance")`."""
        parent = self._find(path[:-1])
        if parent is None:
            return
        index = 0
        for item in parent:
            if local(item.tag) == path[-1]:
                yield Element(item, f"{self.pointer}/{'/'.join(path)}[{index}]")
                index += 1

    def _find(self, path: tuple[str, ...]) -> XmlElement | None:
        found: XmlElement | None = self.xml
        for tag in path:
            if found is None:
                return None
            found = next((item for item in found if local(item.tag) == tag), None)
        return found


def local(tag: object) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_root(stream: Any, name: str) -> Sketch:
    """Form, root tag, namespace and attributes, from the start of the document only."""
    reader = _Reader(name, (), XmlLimits())
    try:
        for _ in reader.read(stream):
            if reader.root is not None:
                break
    except UserError:
        # What is wrong further on is said when the elements are read.
        if reader.root is None:
            raise
    if reader.root is None:
        raise UserError(
            T("{name} holds no XML element", name=name), T("Give the report as the tool writes it.")
        )
    return reader.root


def read_elements(
    stream: Any, name: str, tags: tuple[str, ...], limits: XmlLimits
) -> Iterator[Element]:
    """Complete elements with one of `tags` (outermost first wins), freed after each is used."""
    for elements in _Reader(name, tags, limits).read(stream):
        yield from elements


class _Reader:
    """Feeds expat and builds the wanted elements."""

    def __init__(self, name: str, tags: tuple[str, ...], limits: XmlLimits) -> None:
        self.root: Sketch | None = None
        self._name = name
        self._limits = limits
        self._counts = dict.fromkeys(tags, 0)
        self._done: list[Element] = []
        self._open: list[XmlElement] = []  # the wanted element and what is open inside it
        self._last: XmlElement | None = None  # the element that ended last inside it
        self._text: list[str] = []
        self._depth = 0
        self._seen = 0  # elements in all
        self._size = 0  # elements of the wanted one
        self._doctype: int | None = None  # where the document type began, while it is open
        self._expat = self._parser()

    def read(self, stream: Any) -> Iterator[list[Element]]:
        """The elements that became complete with each chunk. Raises UserError."""
        fed = 0
        while True:
            chunk = stream.read(_CHUNK) or b""
            fed += len(chunk)
            self._parse(chunk)
            at = self._expat.CurrentByteIndex
            doctype = self._doctype
            if fed - at > _TOKEN or (doctype is not None and fed - doctype > _DOCTYPE):
                self._refuse_size()
            done, self._done = self._done, []
            yield done
            if not chunk:
                return

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        # Defaults of a DTD would repeat in every element what the file says once.
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        if self._counts:
            parser.CharacterDataHandler = self._text.append
        # Burp puts a DTD of element declarations inside; entities stay forbidden.
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        for handler in ("EntityDeclHandler", "UnparsedEntityDeclHandler",
                        "ExternalEntityRefHandler", "SkippedEntityHandler"):  # fmt: skip
            setattr(parser, handler, self._refuse_entity)
        return parser

    def _parse(self, chunk: bytes) -> None:
        try:
            self._expat.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            self._refuse(error)
        except (LookupError, ValueError) as error:
            raise UserError(
                T("{name} is not readable XML: {error}", name=self._name, error=str(error)),
                T("Save it as UTF-8."),
            ) from None

    # -- what expat calls

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._seen += 1
        if self.root is None:
            self.root = _sketch(tag, attributes)
        wanted = bool(self._open) or local(tag) in self._counts
        self._size = self._size + 1 if self._open else 0
        if (
            self._depth > self._limits.depth
            or self._seen > self._limits.elements * 20
            or self._size > self._limits.elements
        ):
            self._refuse_size()
        if not wanted:
            self._text.clear()
            return
        element = XmlElement(tag, attributes)
        if self._open:
            self._keep_text()
            self._open[-1].append(element)
        self._text.clear()
        self._open.append(element)
        self._last = None

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._open:
            self._text.clear()
            return
        self._keep_text()
        self._last = self._open.pop()
        if not self._open:
            name = local(tag)
            self._done.append(Element(self._last, f"{name}[{self._counts[name]}]"))
            self._counts[name] += 1
            self._last = None

    def _keep_text(self) -> None:
        """Text stands before the first child of an element or after one of its children."""
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        if self._last is not None:
            self._last.tail = text
        else:
            self._open[-1].text = text

    def _start_doctype(self, *_: object) -> None:
        self._doctype = self._expat.CurrentByteIndex

    def _end_doctype(self) -> None:
        self._doctype = None

    # -- refusals

    def _refuse_entity(self, *_: object) -> NoReturn:
        raise UserError(
            T("{name} declares XML entities, as entity bombs do", name=self._name),
            T("No scanner writes them; do not trust this file."),
        )

    def _refuse_size(self) -> NoReturn:
        raise UserError(
            T("{name} is nested too deeply or too large to be a report", name=self._name),
            T("No known tool writes that; see where the file comes from."),
        )

    def _refuse(self, error: expat.ExpatError) -> NoReturn:
        if error.code in _TRUNCATED:
            raise UserError(
                T("{name} is truncated: its XML stops in the middle", name=self._name),
                T("The tool or the copy was interrupted; make the report again."),
            ) from None
        raise UserError(
            T("{name} is not valid XML: {error}", name=self._name, error=str(error)),
            T("Give the report as the tool writes it."),
        ) from None


def _sketch(tag: str, attributes: dict[str, str]) -> Sketch:
    namespace, _, root = tag.rpartition("}")
    plain = {local(key): value for key, value in attributes.items()}
    return Sketch(Form.XML, root=root, namespace=namespace, attributes=plain)
