"""CycloneDX XML into the shape of the JSON form, the old vulnerability extension included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.markup import Element
from vigie.sources.reports.parsers.cyclonedx.bom import Bom, Entry
from vigie.sources.reports.records import Record, RecordError

_COMPONENT = ("type", "group", "name", "version", "purl", "cpe", "description")
_VULNERABILITY = ("id", "description", "detail", "recommendation", "workaround", "created",
                  "published", "updated")  # fmt: skip
# Read whole so that the components inside them are not taken for parts of the product.
_ASIDE = ("services", "formulation", "annotations", "declarations", "definitions", "compositions")


def read_xml(document: ReportDocument) -> Bom:
    """Gather an XML document. Raises RecordError when it is none of CycloneDX."""
    if document.sketch.root != "bom":
        raise RecordError("has no bom element")
    bom = Bom(Record({}))
    wanted = ("metadata", "component", "vulnerability", "dependency", *_ASIDE)
    for element in document.elements(*wanted):
        if element.tag == "metadata":
            bom.metadata = Record(_metadata(element), "metadata")
        elif element.tag == "component":
            _add_component(bom, element)
        elif element.tag == "vulnerability":
            bom.vulnerabilities.append(Entry(element.pointer, _vulnerability(element, "")))
        elif element.tag == "dependency":
            below = tuple(item.attribute("ref") for item in element.children("dependency"))
            bom.dependencies[element.attribute("ref")] = below
    bom.assesses = bool(bom.vulnerabilities)
    return bom


def _add_component(bom: Bom, element: Element) -> None:
    """A component, its nested ones, and the vulnerabilities that the extension puts inside."""
    data = _component(element)
    bom.components.append(Entry(element.pointer, data))
    for item in element.children("vulnerabilities", "vulnerability"):
        # Old writers name no component, or name it by a reference that nothing has.
        data["bom-ref"] = data["bom-ref"] or element.pointer
        bom.vulnerabilities.append(Entry(item.pointer, _vulnerability(item, data["bom-ref"])))
    for nested in element.children("components", "component"):
        _add_component(bom, nested)


def _metadata(element: Element) -> dict[str, Any]:
    component = element.child("component")
    tools = [_tool(item) for item in element.children("tools", "tool")]
    tools += [_tool(item) for item in element.children("tools", "components", "component")]
    return {
        "timestamp": element.text("timestamp"),
        "component": _component(component) if component is not None else {},
        "tools": tools,
        "authors": [{"name": item.text("name")} for item in element.children("authors", "author")],
        "supplier": {"name": element.text("supplier", "name")},
    }


def _tool(element: Element) -> dict[str, Any]:
    return {name: element.text(name) for name in ("vendor", "name", "version")}


def _component(element: Element) -> dict[str, Any]:
    data: dict[str, Any] = {name: element.text(name) for name in _COMPONENT}
    data["type"] = element.attribute("type")
    data["bom-ref"] = element.attribute("bom-ref")
    data["licenses"] = list(_licences(element))
    data["properties"] = list(_properties(element))
    data["evidence"] = {
        "occurrences": [
            {"location": item.text("location")}
            for item in element.children("evidence", "occurrences", "occurrence")
        ]
    }
    return data


def _licences(element: Element) -> Iterator[dict[str, Any]]:
    for item in element.children("licenses", "license"):
        yield {"license": {"id": item.text("id"), "name": item.text("name")}}
    for item in element.children("licenses", "expression"):
        yield {"expression": item.text()}


def _properties(element: Element) -> Iterator[dict[str, str]]:
    for item in element.children("properties", "property"):
        yield {"name": item.attribute("name"), "value": item.text()}


def _vulnerability(element: Element, inside: str) -> dict[str, Any]:
    """One vulnerability; `inside` is the component that the old extension put it into."""
    data: dict[str, Any] = {name: element.text(name) for name in _VULNERABILITY}
    advice = [item.text() for item in element.children("recommendations", "recommendation")]
    targets = [_target(item) for item in element.children("affects", "target")]
    reference = inside or element.attribute("ref")
    analysis = element.child("analysis")
    data |= {
        "bom-ref": element.attribute("bom-ref"),
        "recommendation": data["recommendation"] or "\n".join(filter(None, advice)),
        "source": _source(element),
        "references": [
            {"id": item.text("id"), "source": _source(item)}
            for item in element.children("references", "reference")
        ],
        "ratings": [_rating(item) for item in element.children("ratings", "rating")],
        "cwes": [item.text() for item in element.children("cwes", "cwe")],
        "advisories": [
            {"title": item.text("title"), "url": item.text("url") or item.text()}
            for item in element.children("advisories", "advisory")
        ],
        "analysis": _analysis(analysis) if analysis is not None else {},
        "affects": targets or ([{"ref": reference}] if reference else []),
        "properties": list(_properties(element)),
    }
    return data


def _source(element: Element) -> dict[str, str]:
    source = element.child("source")
    if source is None:
        return {}
    return {"name": source.text("name") or source.attribute("name"), "url": source.text("url")}


def _rating(element: Element) -> dict[str, Any]:
    return {
        "source": _source(element),
        "score": element.text("score", "base") or element.text("score"),
        **{name: element.text(name) for name in ("severity", "method", "vector")},
    }


def _analysis(element: Element) -> dict[str, Any]:
    names = ("state", "justification", "detail", "firstIssued", "lastUpdated")
    responses = [item.text() for item in element.children("responses", "response")]
    return {name: element.text(name) for name in names} | {"response": responses}


def _target(element: Element) -> dict[str, Any]:
    versions = [
        {name: item.text(name) for name in ("version", "range", "status")}
        for item in element.children("versions", "version")
    ]
    return {"ref": element.text("ref"), "versions": versions}
