"""Semgrep: the command line's JSON, and the AppSec Platform's findings and supply-chain JSON.

Sources: semgrep/semgrep-interfaces `semgrep_output_v1.atd` for `semgrep scan --json`;
the platform's `GET /deployments/{slug}/findings`; its supply-chain export (`vulns`).
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.semgrep.local import read_local
from vigie.sources.reports.parsers.semgrep.platform import read_findings
from vigie.sources.reports.parsers.semgrep.supply_chain import read_vulns


class SemgrepParser:
    format = "semgrep"
    tool = "semgrep"
    label = "Semgrep"
    coverage = Coverage(frozenset({Kind.WEAKNESS, Kind.SECRET, Kind.VULNERABILITY}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT:
            return False
        return _is_local(sketch) or _is_findings(sketch) or _is_vulns(sketch)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if root.get("vulns") is not None:
            yield read_vulns(root)
        elif root.get("findings") is not None:
            yield read_findings(root)
        else:
            yield read_local(root)


def _is_local(sketch: Sketch) -> bool:
    """Any other tool's `results` have other fields; an empty report is told by its frame."""
    if "results" not in sketch.keys:
        return False
    if isinstance(sketch.at("results", 0, "check_id"), str):
        return isinstance(sketch.at("results", 0, "extra"), dict)
    if sketch.at("results", 0) is not None or not isinstance(sketch.at("errors"), list):
        return False
    foreign = {"metrics", "generated_at", "plugins_used"} & sketch.keys
    return not foreign and sketch.at("results") == []


def _is_findings(sketch: Sketch) -> bool:
    first = sketch.at("findings", 0)
    return isinstance(first, dict) and (
        {"rule_name", "location"} <= first.keys() or {"match_based_id", "rule"} <= first.keys()
    )


def _is_vulns(sketch: Sketch) -> bool:
    return "vulns" in sketch.keys and (
        isinstance(sketch.at("vulns", 0, "matchedDependency"), dict)
        or (sketch.at("vulns") == [] and "hasMore" in sketch.keys)
    )


PARSER = SemgrepParser()
