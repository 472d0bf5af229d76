"""A bill of materials, gathered into one shape whether it was JSON or XML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the document as it was decoded, whatever it is, and where it stands."""

    pointer: str
    data: Any

    def record(self) -> Record:
        """The item as a record. Raises RecordError when it is no object."""
        if not isinstance(self.data, dict):
            raise RecordError("is not an object")
        return Record(self.data, self.pointer)


@dataclass(slots=True)
class Bom:
    """`components` hold nested ones too, each once. `dependencies` are refs by ref.

    `assesses` is True when the document speaks about vulnerabilities at all, even if it
    lists none. Everything has the member names of the JSON form.
    """

    metadata: Record
    components: list[Entry] = field(default_factory=list)
    vulnerabilities: list[Entry] = field(default_factory=list)
    dependencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assesses: bool = False


def read_json(document: ReportDocument) -> Bom:
    """Gather a JSON document. Raises RecordError when it is none of CycloneDX."""
    root = document.root
    if not root.members().keys() & {"bomFormat", "components", "vulnerabilities"}:
        raise RecordError("has neither components nor vulnerabilities")
    metadata = root.get("metadata")
    known = metadata is not None and metadata.first == b"{"
    bom = Bom(metadata.record() if metadata is not None and known else Record({}))
    for node in root.items("components"):
        bom.components.extend(_with_nested(Entry(node.pointer, node.value())))
    bom.vulnerabilities = [Entry(n.pointer, n.value()) for n in root.items("vulnerabilities")]
    bom.assesses = root.get("vulnerabilities") is not None
    bom.dependencies = dict(_dependencies(root))
    return bom


def _with_nested(top: Entry) -> Iterator[Entry]:
    waiting = [top]
    while waiting:
        entry = waiting.pop()
        yield entry
        nested = entry.data.get("components") if isinstance(entry.data, dict) else None
        if isinstance(nested, list):
            waiting.extend(
                Entry(f"{entry.pointer}.components[{index}]", nested[index])
                for index in reversed(range(len(nested)))
            )


def _dependencies(root: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in root.items("dependencies"):
        value = node.value()
        if isinstance(value, dict):
            record = Record(value)
            yield record.text("ref"), record.texts("dependsOn")
