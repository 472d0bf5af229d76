"""SARIF 2.1.0 of any tool. Each run is one report, under a slug of its driver's name.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (plus Errata 01); section
numbers in this folder are that document's.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage, Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.sarif.runs import read_run

_KINDS = frozenset(
    {Kind.WEAKNESS, Kind.VULNERABILITY, Kind.SECRET, Kind.MISCONFIGURATION, Kind.LICENCE}
)


class SarifParser:
    format = "sarif"
    tool = "sarif"
    label = "SARIF"
    coverage = Coverage(_KINDS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT or "runs" not in sketch.keys:
            return False
        schema, version = sketch.at("$schema"), sketch.at("version")
        return (
            (isinstance(schema, str) and "sarif" in schema.lower())
            or (isinstance(version, str) and version.startswith("2.1"))
            or isinstance(sketch.at("runs", 0, "tool", "driver"), dict)
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        found = False
        for run in document.root.need_items("runs"):
            found = True
            yield read_run(run)
        if not found:
            # No tool ran, which is not the same as a tool that found nothing.
            text = T("the report holds no run of any tool")
            yield Report(self.tool, 0, (), (Problem(ProblemCode.REPORT, text),))


PARSER = SarifParser()
