"""GitLab security reports, schema versions 2 to 15: every report type, with or without `scan`.

Source: gitlab-org/security-products/security-report-schemas. A report that several analyzers
were merged into becomes one report for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.gitlab.scans import KINDS, Scan, scanner_id
from vigie.sources.reports.parsers.gitlab.vulnerabilities import VulnerabilityReader
from vigie.sources.reports.records import RecordError, Tally
from vigie.sources.reports.tree import Node

_FRAME = frozenset(
    {"$schema", "schema", "version", "vulnerabilities", "remediations", "scan", "dependency_files"}
)


class GitLabParser:
    format = "gitlab"
    tool = "gitlab"
    label = "GitLab"
    coverage = Coverage(
        frozenset({Kind.VULNERABILITY, Kind.WEAKNESS, Kind.SECRET, Kind.MISCONFIGURATION})
    )

    def recognises(self, sketch: Sketch) -> bool:
        keys = sketch.keys
        if sketch.form is not Form.JSON_OBJECT or "vulnerabilities" not in keys:
            return False
        first = sketch.at("vulnerabilities", 0)
        if "bomFormat" in keys or (first is None and sketch.at("vulnerabilities") != []):
            return False
        scan = sketch.at("scan", "type")
        if isinstance(scan, str) and scan in KINDS:
            return True
        if isinstance(first, dict):
            located = isinstance(first.get("location"), dict)
            return located and (
                isinstance(first.get("identifiers"), list) or {"severity", "category"} <= set(first)
            )
        return "version" in keys and keys <= _FRAME

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        scan = Scan.of(root)
        observe = VulnerabilityReader(scan)
        tallies: dict[str, Tally] = {}
        for node in root.need_items("vulnerabilities"):
            tool = _tool(node, scan)
            tallies.setdefault(tool, Tally()).read(node, observe)
        first = next(iter(tallies), scan.tool)
        _note_scan(tallies.setdefault(first, Tally()), scan)
        for tool, tally in tallies.items():
            yield Report(
                tool=tool,
                records=tally.records,
                observations=tally.told(),
                problems=tuple(tally.problems),
                version=scan.version if tool == scan.tool else "",
                started=scan.started,
                ended=scan.ended,
                asset=scan.asset,
                coverage=_coverage(scan, tally),
            )


def _tool(node: Node, scan: Scan) -> str:
    """The vulnerability's own scanner, named in reports until version 14, else the scan's."""
    try:
        return scanner_id(node.text("scanner", "id")) or scan.tool
    except RecordError:
        return scan.tool


def _coverage(scan: Scan, tally: Tally) -> Coverage:
    kinds = frozenset(observation.kind for observation in tally.observations)
    return Coverage(kinds or frozenset({scan.kind or Kind.WEAKNESS}))


def _note_scan(tally: Tally, scan: Scan) -> None:
    """A scan that says that it failed has not looked at everything."""
    if scan.status not in ("", "success"):
        tally.note(ProblemCode.REPORT, T("the scan's own status is {status}", status=scan.status))
    for level, words in scan.messages:
        if level in ("fatal", "error", "warn", "warning"):
            hard = level in ("fatal", "error")
            tally.note(
                ProblemCode.REPORT if hard else ProblemCode.NOTE,
                T("the scanner said: {reason}", reason=" ".join(words.split())),
            )


PARSER = GitLabParser()
