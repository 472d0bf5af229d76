"""Clair: the v4 vulnerability report (REST and `clairctl report -o json`), and its elders.

Source: Clair v4 OpenAPI schemas `vulnerability_report`, `vulnerability`, `package`; the lists
that clair-scanner and Klar wrote for Clair v2 are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.observations import Kind
from vigie.model.runs import Coverage
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.clair.elders import read_clair_scanner, read_klar
from vigie.sources.reports.parsers.clair.v4 import read_v4

_ECOSYSTEMS = frozenset({"apk", "deb", "gem", "golang", "maven", "npm", "pypi", "rpm"})


class ClairParser:
    format = "clair"
    tool = "clair"
    label = "Clair"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}), _ECOSYSTEMS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form not in (Form.JSON_OBJECT, Form.JSON_LINES):
            return False
        return bool(
            {"package_vulnerabilities", "vulnerabilities"} <= sketch.keys
            or {"manifest_hash", "packages"} <= sketch.keys
            or {"image", "unapproved", "vulnerabilities"} <= sketch.keys
            or {"LayerCount", "Vulnerabilities"} <= sketch.keys
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        # clairctl writes one report after the other when it is asked about several images.
        roots = [document.root] if document.sketch.form is Form.JSON_OBJECT else document.lines()
        for root in roots:
            members = root.members().keys()
            if members & {"package_vulnerabilities", "manifest_hash"}:
                yield read_v4(root)
            elif "unapproved" in members:
                yield read_clair_scanner(root)
            elif "LayerCount" in members:
                yield read_klar(root)


PARSER = ClairParser()
