"""Snyk JSON: `snyk test`, `snyk container test` and `snyk iac test`, one project or many.

`snyk code test --json` is SARIF and is read as SARIF.
Source: snyk/cli `src/lib/snyk-test/legacy.ts` and `src/lib/formatters/types.ts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.ecosystems import package_type
from vigie.model.observations import Kind
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.snyk.infrastructure import observe_setting
from vigie.sources.reports.parsers.snyk.issues import Project, observe_issue, observe_patched
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Tally
from vigie.sources.reports.tree import Node

_ECOSYSTEMS = frozenset(
    {"apk", "cargo", "cocoapods", "composer", "deb", "gem", "golang", "hex", "maven", "npm",
     "nuget", "pub", "pypi", "rpm", "swift"}
)  # fmt: skip

_SETTINGS = "infrastructureAsCodeIssues"
_READ = frozenset({"vulnerabilities", "error", _SETTINGS})
_SETTINGS_COVERAGE = Coverage(frozenset({Kind.MISCONFIGURATION}))

_PROJECT = frozenset(
    {
        "dependencyCount",
        "packageManager",
        "projectName",
        "licensesPolicy",
        "uniqueCount",
        "filtered",
    }
)


@dataclass(slots=True)
class _Gathered:
    """What the projects of one asset add up to."""

    tally: Tally = field(default_factory=Tally)
    ecosystems: set[str] = field(default_factory=set)


class SnykParser:
    format = "snyk"
    tool = "snyk"
    label = "Snyk"
    coverage = Coverage(frozenset({Kind.VULNERABILITY, Kind.LICENCE}), _ECOSYSTEMS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form not in (Form.JSON_OBJECT, Form.JSON_ARRAY):
            return False
        if {"ok", "error", "path"} <= sketch.keys and sketch.at("ok") is False:
            return True
        if _SETTINGS in sketch.keys:
            return True
        if "vulnerabilities" not in sketch.keys or "auditReportVersion" in sketch.keys:
            return False
        if "bomFormat" in sketch.keys:
            return False  # an SBOM may name its vulnerabilities as Snyk does
        known = len(_PROJECT & sketch.keys) + ("ok" in sketch.keys)
        identity = sketch.at("vulnerabilities", 0, "id")
        named = isinstance(identity, str) and identity.startswith(("SNYK-", "npm:", "snyk:"))
        return known >= (1 if named else 3)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        """One report for each folder or image: projects of one folder belong together."""
        root = document.root
        array = document.sketch.form is Form.JSON_ARRAY
        gathered: _Parts = {}
        for node in root.items() if array else [root]:
            if node.members().keys() & _READ:
                _read_project(node, gathered)
        for (tool, asset), part in gathered.items():
            yield Report(
                tool=tool,
                records=part.tally.records,
                observations=part.tally.told(),
                problems=tuple(part.tally.problems),
                asset=asset,
                ecosystems=frozenset(part.ecosystems) or None,
                coverage=None if tool == self.tool else _SETTINGS_COVERAGE,
            )


_Parts = dict[tuple[str, Asset | None], _Gathered]  # by tool and asset


def _read_project(node: Node, gathered: _Parts, image: Project | None = None) -> None:
    if node.get(_SETTINGS) is not None:
        _read_settings(node, gathered)
        return
    project = _project(node, image)
    part = gathered.setdefault(("snyk", project.asset), _Gathered())
    if node.text("error"):
        part.tally.note(
            ProblemCode.REPORT,
            T("Snyk could not test {name}: {error}", name=node.text("path") or "?",
              error=" ".join(node.text("error").split())[:300]),
            where=node.text("path"),
        )  # fmt: skip
    if project.type:
        part.ecosystems.add(project.type)
    part.tally.read_all(node.items("vulnerabilities"), partial(observe_issue, project))
    part.tally.read_all(node.items("filtered", "ignore"), partial(observe_issue, project))
    part.tally.read_all(node.items("filtered", "patch"), partial(observe_patched, project))
    for application in node.items("applications"):
        _read_project(application, gathered, project)


def _read_settings(node: Node, gathered: _Parts) -> None:
    """Infrastructure code: one object for each file, all of them one repository."""
    name = node.text("projectName") or node.text("path")
    asset = Asset(AssetKind.REPOSITORY, name) if name else None
    part = gathered.setdefault(("snyk-iac", asset), _Gathered())
    project = Project(asset, clean_path(node.text("targetFile") or node.text("path")))
    part.tally.read_all(node.items(_SETTINGS), partial(observe_setting, project))


def _project(node: Node, image: Project | None) -> Project:
    path = node.text("displayTargetFile") or node.text("targetFile")
    kind = package_type(node.text("packageManager").partition(":")[0])
    if image is not None:
        return Project(image.asset, path, kind, image=True)
    name = node.text("path") or node.text("projectName")
    if node.get("docker") is None:
        asset = Asset(AssetKind.REPOSITORY, name) if name else None
        return Project(asset, path.replace("\\", "/"), kind)
    config = node.text("docker", "imageId") or node.text("docker", "imageID")
    digests = frozenset({f"config:{config}"} if config.startswith("sha256:") else ())
    return Project(Asset(AssetKind.IMAGE, name, digests), "", kind, image=True)


PARSER = SnykParser()
