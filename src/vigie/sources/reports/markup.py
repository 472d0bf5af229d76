"""XML reports: streamed, entity declarations refused, depth and count bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree.ElementTree import Element as XmlElement
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Form, Sketch
from vigie.sources.reports.records import RecordError


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
    for _, xml in _events(stream, name, ("start",)):
        namespace = xml.tag.partition("}")[0].lstrip("{") if "}" in xml.tag else ""
        attributes = {local(key): value for key, value in xml.attrib.items()}
        return Sketch(Form.XML, root=local(xml.tag), namespace=namespace, attributes=attributes)
    raise _refused(name)


def read_elements(
    stream: Any, name: str, tags: tuple[str, ...], limits: XmlLimits
) -> Iterator[Element]:
    """Complete elements with one of `tags` (outermost first wins), freed after each is used."""
    open_elements: list[XmlElement] = []
    counts: dict[str, int] = dict.fromkeys(tags, 0)
    inside = 0  # how many wanted elements are open: an inner one is part of the outer
    seen = 0
    for event, xml in _events(stream, name, ("start", "end")):
        tag = local(xml.tag)
        if event == "start":
            seen += 1
            open_elements.append(xml)
            if len(open_elements) > limits.depth or seen > limits.elements * 20:
                raise UserError(
                    T("{name} is nested too deeply or too large to be a report", name=name),
                    T("No known tool writes that; see where the file comes from."),
                )
            inside += tag in counts
            continue
        open_elements.pop()
        if tag in counts:
            inside -= 1
            if inside == 0:
                yield Element(xml, f"{tag}[{counts[tag]}]")
                counts[tag] += 1
        if inside == 0:
            # The parent holds every finished child: free it, or memory grows with the file.
            if open_elements:
                open_elements[-1].remove(xml)
            xml.clear()


def _events(stream: Any, name: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, XmlElement]]:
    try:
        # Burp puts a DTD of element declarations inside; entities stay forbidden.
        yield from iterparse(stream, events=wanted, forbid_dtd=False)
    except DefusedXmlException:
        raise UserError(
            T("{name} declares XML entities, as entity bombs do", name=name),
            T("No scanner writes them; do not trust this file."),
        ) from None
    except ParseError as error:
        _refuse(name, error)
    except (LookupError, ValueError) as error:
        raise UserError(
            T("{name} is not readable XML: {error}", name=name, error=str(error)),
            T("Save it as UTF-8."),
        ) from None


def _refuse(name: str, error: ParseError) -> NoReturn:
    message = str(error)
    # expat: 3 no element found, 5 unclosed token
    if error.code in (3, 5):
        raise UserError(
            T("{name} is truncated: its XML stops in the middle", name=name),
            T("The tool or the copy was interrupted; make the report again."),
        ) from None
    raise UserError(
        T("{name} is not valid XML: {error}", name=name, error=message),
        T("Give the report as the tool writes it."),
    ) from None


def _refused(name: str) -> UserError:
    return UserError(
        T("{name} holds no XML element", name=name), T("Give the report as the tool writes it.")
    )
