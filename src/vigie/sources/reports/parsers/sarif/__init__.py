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
from vigie.sources.reports.records import RecordError

_KINDS = frozenset(
    {Kind.WEAKNESS, Kind.VULNERABILITY, Kind.SECRET, Kind.MISCONFIGURATION, Kind.LICENCE}
)


class SarifParser:
    format = "sarif"
    tool = "sarif"
    label = "SARIF"
    coverage = Coverage(_KINDS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT:
            return False
        schema, version = sketch.at("$schema"), sketch.at("version")
        named = isinstance(schema, str) and "sarif" in schema.lower()
        numbered = isinstance(version, str) and version.startswith("2.1")
        if "runs" not in sketch.keys:
            return named and numbered
        return named or numbered or isinstance(sketch.at("runs", 0, "tool", "driver"), dict)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if root.get("runs") is None and not self.recognises(document.sketch):
            raise RecordError("has no runs")
        runs = root.need_items("runs") if root.get("runs") is not None else iter(())
        found = False
        for run in runs:
            found = True
            yield read_run(run)
        if not found:
            # No tool ran (3.13.4), which is not the same as a tool that found nothing.
            text = T("the report holds no run of any tool")
            yield Report(self.tool, 0, (), (Problem(ProblemCode.REPORT, text),))


PARSER = SarifParser()
