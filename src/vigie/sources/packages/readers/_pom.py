"""A Maven project as its pom.xml writes it, nothing resolved yet.

Source: Maven's POM reference and its model descriptor.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import Locator

import defusedxml.sax

from vigie.model.errors import UserError
from vigie.model.text import T

_DEEPEST = 64
_MOST_ELEMENTS = 500_000


@dataclass(slots=True)
class Element:
    """One element: its name without a prefix, its own text, and where it begins."""

    name: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, *names: str) -> Element | None:
        found: Element | None = self
        for name in names:
            found = next((c for c in found.children if c.name == name), None) if found else None
        return found

    def children_at(self, *names: str) -> list[Element]:
        found = self.child(*names)
        return found.children if found else []

    def said(self, name: str) -> str:
        found = self.child(name)
        return found.text.strip() if found else ""


@dataclass(frozen=True, slots=True)
class Dependency:
    group: str
    name: str
    version: str
    kind: str
    classifier: str
    scope: str
    optional: bool
    line: int
    profiled: bool = False

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.group, self.name, self.kind or "jar", self.classifier


@dataclass(frozen=True, slots=True)
class Project:
    """`parent` is (group, name, version, relative path) or None. `managed` holds imported
    lists as well (scope "import"). `properties` are of the project and its usual profiles."""

    group: str
    name: str
    version: str
    parent: tuple[str, str, str, str] | None
    properties: Mapping[str, str]
    managed: tuple[Dependency, ...]
    dependencies: tuple[Dependency, ...]


def read_pom(data: bytes, path: str) -> Project:
    """The project. Raises UserError when the file is no pom.xml, or one with entities."""
    builder = _Builder()
    try:
        defusedxml.sax.parse(io.BytesIO(data), builder)
    except (SAXException, ValueError, LookupError) as error:
        raise UserError(T("{path} is no pom.xml: {why}", path=path, why=str(error))) from None
    root = builder.root
    if root is None or root.name != "project":
        raise UserError(T("{path} is no pom.xml: {why}", path=path, why=T("it has no project")))
    return _project(root)


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._open: list[Element] = []
        self._seen = 0
        self._where: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the handler's own name
        self._where = locator

    def startElement(self, name: str, attrs: object) -> None:  # noqa: ARG002, N802
        self._seen += 1
        if self._seen > _MOST_ELEMENTS or len(self._open) >= _DEEPEST:
            raise ValueError("it is nested too deeply or too large")
        line = self._where.getLineNumber() if self._where else 0
        element = Element(name.rpartition(":")[2], line or 0)
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        self._open.pop()

    def characters(self, content: str) -> None:
        # Text around children is layout; what counts is the text of elements without any.
        element = self._open[-1]
        if not element.children and len(element.text) < 4096:
            element.text += content


def _project(root: Element) -> Project:
    parent = root.child("parent")
    properties = dict(_properties(root))
    managed = list(_dependencies(root.children_at("dependencyManagement", "dependencies")))
    dependencies = list(_dependencies(root.children_at("dependencies")))
    for profile in root.children_at("profiles"):
        usual = profile.child("activation", "activeByDefault")
        if usual is not None and usual.text.strip() == "true":
            properties |= _properties(profile)
            managed += _dependencies(profile.children_at("dependencyManagement", "dependencies"))
            dependencies += _dependencies(profile.children_at("dependencies"))
        else:
            dependencies += _dependencies(profile.children_at("dependencies"), profiled=True)
    return Project(
        group=root.said("groupId"),
        name=root.said("artifactId"),
        version=root.said("version"),
        parent=_parent(parent) if parent else None,
        properties=properties,
        managed=tuple(managed),
        dependencies=tuple(dependencies),
    )


def _parent(parent: Element) -> tuple[str, str, str, str]:
    # An empty relativePath says that the parent is in no folder near by.
    beside = parent.child("relativePath")
    path = beside.text.strip() if beside else "../pom.xml"
    return parent.said("groupId"), parent.said("artifactId"), parent.said("version"), path


def _properties(element: Element) -> dict[str, str]:
    return {one.name: one.text.strip() for one in element.children_at("properties")}


def _dependencies(elements: list[Element], *, profiled: bool = False) -> Iterator[Dependency]:
    for one in elements:
        if one.name == "dependency":
            yield Dependency(
                group=one.said("groupId"),
                name=one.said("artifactId"),
                version=one.said("version"),
                kind=one.said("type"),
                classifier=one.said("classifier"),
                scope=one.said("scope"),
                optional=one.said("optional") == "true",
                line=one.line,
                profiled=profiled,
            )
