"""SPDX JSON: 2.2 and 2.3 documents, and 3.0 as JSON-LD.

Each package is one record (an inventory statement); so is each security advisory that a 2.x
package refers to, and each (vulnerability assessment, package) of a 3.0 document.
Source: SPDX Specification 2.3 (ISO/IEC 5962:2021 is 2.2.1), clauses 6 and 7 and annexes F
and K; SPDX 3.0.1, profiles Core, Software, SimpleLicensing and Security.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.spdx.graph import read_graph
from vigie.sources.reports.parsers.spdx.packages import read_packages
from vigie.sources.reports.records import RecordError


class SpdxParser:
    format = "spdx"
    tool = "spdx"
    label = "SPDX"
    coverage = Coverage(frozenset({Kind.LICENCE}))

    def recognises(self, sketch: Sketch) -> bool:
        if "spdxVersion" in sketch.keys:
            return str(sketch.at("spdxVersion")).startswith("SPDX-")
        context = sketch.at("@context") if "@graph" in sketch.keys else None
        contexts = context if isinstance(context, list) else [context]
        return any(isinstance(item, str) and "spdx.org/rdf/3" in item for item in contexts)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        names = document.root.members().keys()
        if "@graph" in names:
            yield read_graph(document.root)
        elif "spdxVersion" in names or "packages" in names:
            yield read_packages(document.root)
        else:
            raise RecordError("has no spdxVersion")


PARSER = SpdxParser()
