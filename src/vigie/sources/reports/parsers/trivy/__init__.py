"""Trivy JSON: schema 2, the array of before 0.20, and `trivy k8s` reports.

Source: aquasecurity/trivy `pkg/types/report.go`, `pkg/types/finding.go` and
`pkg/k8s/report/report.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Kind
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.trivy.assets import image_asset, legacy_asset, report_asset
from vigie.sources.reports.parsers.trivy.results import Subject, read_results
from vigie.sources.reports.records import Record, Tally
from vigie.sources.reports.tree import Node

_ECOSYSTEMS = frozenset(
    {"apk", "bitnami", "cargo", "cocoapods", "composer", "conan", "conda", "deb", "gem", "golang",
     "hex", "julia", "maven", "npm", "nuget", "pub", "pypi", "rpm", "swift"}
)  # fmt: skip

# Members of a Kubernetes report that list resources; the last two are of Trivy before 0.35.
_RESOURCE_LISTS = ("Resources", "Findings", "Vulnerabilities", "Misconfigurations")


class TrivyParser:
    format = "trivy"
    tool = "trivy"
    label = "Trivy"
    coverage = Coverage(
        frozenset({Kind.VULNERABILITY, Kind.MISCONFIGURATION, Kind.SECRET, Kind.LICENCE}),
        _ECOSYSTEMS,
    )

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.JSON_ARRAY:
            return "Target" in sketch.keys and bool(
                sketch.keys & {"Vulnerabilities", "Type", "Class", "Misconfigurations", "Secrets"}
            )
        if sketch.form is not Form.JSON_OBJECT:
            return False
        if "ClusterName" in sketch.keys:
            return bool(sketch.keys.intersection(_RESOURCE_LISTS)) or "SchemaVersion" in sketch.keys
        return ("SchemaVersion" in sketch.keys and "ArtifactName" in sketch.keys) or isinstance(
            sketch.at("Results", 0, "Target"), str
        )

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if document.sketch.form is Form.JSON_ARRAY:
            yield self._read_legacy(root)
        elif "ClusterName" in document.sketch.keys:
            yield self._read_cluster(root)
        elif document.sketch.keys & {"Results", "SchemaVersion", "ArtifactName"}:
            yield self._read_artifact(root)

    def _read_artifact(self, root: Node) -> Report:
        tally = Tally()
        metadata = section(root, "Metadata")
        asset = report_asset(root.text("ArtifactName"), root.text("ArtifactType"), metadata)
        subject = Subject(distro=asset.distro if asset else "")
        ecosystems = read_results(root.items("Results"), subject, tally)
        return self._report(root, tally, asset, ecosystems)

    def _read_legacy(self, root: Node) -> Report:
        """An array of results without a head: the image is named in the results' targets."""
        tally = Tally()
        asset = legacy_asset(root)
        ecosystems = read_results(root.items(), Subject(asset.distro if asset else ""), tally)
        return self._report(root, tally, asset, ecosystems)

    def _read_cluster(self, root: Node) -> Report:
        tally = Tally()
        ecosystems: set[str] | None = None
        for name in _RESOURCE_LISTS:
            for resource in root.items(name):
                seen = _read_resource(resource, tally)
                ecosystems = seen if ecosystems is None else ecosystems | (seen or set())
        asset = Asset(AssetKind.CLUSTER, root.text("ClusterName"))
        return self._report(root, tally, asset, ecosystems)

    def _report(
        self, root: Node, tally: Tally, asset: Asset | None, ecosystems: set[str] | None
    ) -> Report:
        return Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=root.text("Trivy", "Version"),
            ended=root.text("CreatedAt"),
            asset=asset,
            ecosystems=None if ecosystems is None else frozenset(ecosystems),
        )


def section(root: Node, name: str) -> Record:
    """The object at a member, an empty record when there is none."""
    node = root.get(name)
    return node.record() if node is not None and node.first == b"{" else Record({})


def _read_resource(resource: Node, tally: Tally) -> set[str] | None:
    """One Kubernetes resource: its own misconfigurations, and what is wrong in its image."""
    name = "/".join(filter(None, (resource.text(part) for part in ("Namespace", "Kind", "Name"))))
    error = " ".join(resource.text("Error").split())[:300]
    if error:
        tally.note(
            ProblemCode.REPORT,
            T("Trivy could not scan {name}: {error}", name=name, error=error),
            where=name,
        )
    image = image_asset(resource)
    subject = Subject(
        distro=image.distro if image else "", resource=name or resource.pointer, image=image
    )
    return read_results(resource.items("Results"), subject, tally)


PARSER = TrivyParser()
