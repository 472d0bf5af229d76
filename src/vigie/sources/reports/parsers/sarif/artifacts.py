"""Where a result is: artifact locations, their bases, and regions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from vigie.model.observations import Location
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")


class Artifacts:
    """The run's list of artifacts and of base URIs (3.14.14, 3.14.15)."""

    def __init__(self, frame: Record, run: Node) -> None:
        self._bases = frame.child("originalUriBaseIds")
        self._uris: list[Record] = []
        for node in run.items("artifacts"):
            try:
                self._uris.append(node.record().child("location"))
            except RecordError:
                self._uris.append(Record({}))

    def locations(self, result: Record) -> Iterator[Location]:
        """Every place of the result, then those it relates to. Without anchors."""
        for location in (*result.children("locations"), *result.children("relatedLocations")):
            found = self._location(location)
            if found is not None:
                yield found

    def _location(self, location: Record) -> Location | None:
        physical = location.child("physicalLocation")
        uri, is_url = self._path(physical.child("artifactLocation"))
        region = physical.child("region")
        resource = logical_name(location)
        if not uri and not resource:
            return None
        return Location(
            path="" if is_url else uri,
            start_line=region.line("startLine"),
            end_line=region.line("endLine"),
            start_column=region.line("startColumn"),
            url=uri if is_url else "",
            resource="" if uri else resource,
            snippet=region.text("snippet", "text"),
        )

    def _path(self, artifact: Record) -> tuple[str, bool]:
        """The path or URL, and whether it is a URL. Indexes lead into the list of artifacts."""
        index = artifact.integer("index")
        if not artifact.text("uri") and index is not None and 0 <= index < len(self._uris):
            artifact = self._uris[index]
        uri = artifact.text("uri")
        if uri.startswith(("http://", "https://")):
            return uri, True
        if _SCHEME.match(uri):
            return clean_path(uri), False
        return clean_path(self._prefix(artifact.text("uriBaseId")) + unquote(uri)), False

    def _prefix(self, base: str) -> str:
        """The relative part of a base: "src/" for SRCROOT = src/ under an absolute PROJECTROOT.

        What is absolute differs between machines and is left out.
        """
        prefix = ""
        for _ in range(len(self._bases.data)):  # a base may name another; no circle is followed
            entry = self._bases.child(base)
            uri = entry.text("uri")
            if not uri or _SCHEME.match(uri) or uri.startswith("/"):
                break
            prefix = f"{unquote(uri).rstrip('/')}/{prefix}"
            base = entry.text("uriBaseId")
        return prefix


def logical_name(location: Record) -> str:
    """The fully qualified name of a location's logical place, "" for none (3.33.5)."""
    for logical in location.children("logicalLocations"):
        name = logical.first("fullyQualifiedName", "decoratedName", "name")
        if name:
            return name
    return ""
