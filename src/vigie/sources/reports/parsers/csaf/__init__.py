"""CSAF 2.0 (VEX and security advisories; 2.1 where it is the same).

Each (vulnerability, status group, product) is one record.
Source: OASIS Common Security Advisory Framework 2.0, sections 3.2.2 (product tree) and
3.2.3 (vulnerabilities).
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.csaf.products import ProductTree
from vigie.sources.reports.parsers.csaf.statements import Origin, read_statements
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node


class CsafParser:
    format = "csaf"
    tool = "csaf"
    label = "CSAF"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}))

    def recognises(self, sketch: Sketch) -> bool:
        return "document" in sketch.keys and isinstance(sketch.at("document", "csaf_version"), str)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        head = _section(root, "document")
        if not head:
            raise RecordError("has no document")
        origin = Origin(
            author=head.text("publisher", "name"),
            timestamp=head.text("tracking", "current_release_date"),
            advisory=head.text("tracking", "id"),
            severity=head.text("aggregate_severity", "text"),
        )
        tree = ProductTree(_section(root, "product_tree"))
        tally = Tally()
        for node in root.items("vulnerabilities"):
            read_statements(node, tree, origin, tally)
        engine = head.child("tracking", "generator", "engine")
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=" ".join(filter(None, (engine.text("name"), engine.text("version")))),
            ended=origin.timestamp,
        )


def _section(root: Node, name: str) -> Record:
    node = root.get(name)
    return node.record() if node is not None and node.first == b"{" else Record({})


PARSER = CsafParser()
