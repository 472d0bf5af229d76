"""Kubescape JSON: version 2 and later (one resource × one control is one record), and version 1.

Version 1 (`--format-version v1`) lists frameworks with control reports; one rule response, or
one control that nothing failed, is a record there.

Source: `PostureReport` in kubescape/opa-utils `reporthandling/v2`, the statuses in
`reporthandling/apis/statuses.go`, and `FrameworkReport` in `reporthandling/datastructures.go`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import (
    Claim,
    Fix,
    Kind,
    Location,
    Observation,
    Rule,
    Stance,
    Verdict,
)
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import Severity, severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.parsers.kubescape.first_version import read_first_version
from vigie.sources.reports.parsers.kubescape.severity import severity_of_factor
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

# `ScanningTarget` of opa-utils: 0 cluster, 1 file, 2 repository, 3 local git, 4 directory.
_CLUSTER = 0
_VERSION = re.compile(r"(?:api=)?v\d")


class KubescapeParser:
    format = "kubescape"
    tool = "kubescape"
    label = "Kubescape"
    coverage = Coverage(frozenset({Kind.MISCONFIGURATION}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is Form.JSON_ARRAY:
            return "controlReports" in sketch.keys
        return {"summaryDetails", "results"} <= sketch.keys or "controlReports" in sketch.keys

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        if document.sketch.form is Form.JSON_ARRAY or root.get("controlReports") is not None:
            yield from read_first_version(root)
            return
        if root.get("summaryDetails") is None:
            raise RecordError("has no summaryDetails")
        tally = Tally()
        controls = _controls(root)
        resources = _resources(root)
        for result in root.items("results"):
            _read_resource(result, resources, controls, tally)
        _note_skipped(controls, tally)
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=root.text("metadata", "scanMetadata", "kubescapeVersion"),
            ended=_moment(root.text("generationTime")),
            asset=_asset(root),
        )


@dataclass(frozen=True, slots=True)
class _Resource:
    """A Kubernetes object: "Deployment/default/web" and the file it came from."""

    name: str
    path: str


def _controls(root: Node) -> Mapping[str, Record]:
    node = root.get("summaryDetails", "controls")
    controls = node.fields() if node is not None else {}
    return {name: control.record() for name, control in controls.items() if control.first == b"{"}


def _resources(root: Node) -> Mapping[str, _Resource]:
    found = {}
    for node in root.items("resources"):
        if node.first != b"{":
            continue
        # The object may be a whole manifest: decode only what names it.
        path = node.text("source", "relativePath") or node.text("source", "path")
        thing = node.get("object")
        name = _named(thing) if thing is not None else ""
        found[node.text("resourceID")] = _Resource(name, path)
    return found


def _named(thing: Node) -> str:
    """ "Deployment/default/web"; version 2's group objects hold the kind and name flat."""
    parts = (
        thing.text("kind"),
        thing.text("metadata", "namespace") or thing.text("namespace"),
        thing.text("metadata", "name") or thing.text("name"),
    )
    return "/".join(filter(None, parts)) if parts[2] else ""


def _read_resource(
    result: Node, resources: Mapping[str, _Resource], controls: Mapping[str, Record], tally: Tally
) -> None:
    identity = result.text("resourceID")
    resource = resources.get(identity) or _Resource(_name_from(identity), "")
    for node in result.items("controls"):
        tally.read(node, lambda node: _observe(node, resource, controls))


def _name_from(identity: str) -> str:
    """The object in "apps/v1/default/Deployment/web"; cluster-wide ones have no namespace."""
    parts = identity.split("/")
    if len(parts) < 3:
        return identity
    space, kind, name = parts[-3:]
    return "/".join(filter(None, (kind, "" if _VERSION.match(space) else space, name)))


def _observe(node: Node, resource: _Resource, controls: Mapping[str, Record]) -> Observation:
    control = node.record()
    identity = control.need("controlID")
    summary = controls.get(identity, Record({}))
    rules = list(control.children("rules"))
    verdict, claim = _verdict(control, rules)
    severity, said = _severity(control, summary)
    name = control.text("name") or summary.text("name")
    paths = _failed_paths(rules)
    return Observation(
        tool="kubescape",
        kind=Kind.MISCONFIGURATION,
        rule=Rule(
            id=identity,
            title=name,
            description=summary.text("description"),
            references=(f"https://hub.armosec.io/docs/{identity.lower()}",),
        ),
        record=control.pointer,
        verdict=verdict,
        severity=severity,
        severity_said=said,
        message="\n".join((name, *paths)),
        locations=(Location(path=resource.path, resource=resource.name),),
        fix=Fix(advice="\n".join((*_fixes(rules), *filter(None, (summary.text("remediation"),))))),
        claim=claim,
    )


def _verdict(control: Record, rules: list[Record]) -> tuple[Verdict, Claim | None]:
    status = control.child("status") or control.child("statusInfo")
    word = (status.text("status") or control.text("status")).lower()
    sub = (status.text("subStatus") or control.text("subStatus")).lower()
    if not word:
        words = {rule.text("status").lower() for rule in rules}
        word = next((w for w in ("failed", "skipped", "excluded", "passed") if w in words), "")
    sub = sub or next(filter(None, (rule.text("subStatus").lower() for rule in rules)), "")
    if word == "excluded" or (sub == "w/exceptions" and word == "passed"):
        # It fails, and an exception disables it. One that only silences the alert leaves it
        # "failed", and it counts.
        statement = status.text("info") or "an exception in Kubescape"
        return Verdict.FAIL, Claim(Stance.SUPPRESSED, statement=statement, author="kubescape")
    if sub == "irrelevant" or word in ("irrelevant", "not applicable"):
        return Verdict.NOT_APPLICABLE, None
    return {"failed": Verdict.FAIL, "passed": Verdict.PASS}.get(word, Verdict.UNKNOWN), None


def _severity(control: Record, summary: Record) -> tuple[Severity, str]:
    said = control.text("severity") or summary.text("severity")
    if said:
        return severity_from_word(said), said
    factor = summary.number("scoreFactor") or control.number("baseScore")
    return severity_of_factor(factor), ""


def _failed_paths(rules: list[Record]) -> tuple[str, ...]:
    found = (
        path.first("failedPath", "reviewPath", "deletePath") or path.text("fixPath", "path")
        for rule in rules
        for path in rule.children("paths")
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _fixes(rules: list[Record]) -> tuple[str, ...]:
    found = []
    for path in (path for rule in rules for path in rule.children("paths")):
        if path.text("fixPath", "path"):
            found.append(f"{path.text('fixPath', 'path')} = {path.text('fixPath', 'value')}")
        if path.text("fixCommand"):
            found.append(path.text("fixCommand"))
    return tuple(dict.fromkeys(found))


def _note_skipped(controls: Mapping[str, Record], tally: Tally) -> None:
    """Controls that no resource was tried against have no record; say that they are unknown."""
    skipped = [
        identity
        for identity, control in controls.items()
        if (control.text("statusInfo", "status") or control.text("status")) == "skipped"
        and not control.at("resourceIDs")
    ]
    if skipped:
        tally.note(
            ProblemCode.NOTE,
            T("Kubescape skipped {count} control, which is therefore unknown: {controls}",
              "Kubescape skipped {count} controls, which are therefore unknown: {controls}",
              count=len(skipped), controls=tuple(sorted(skipped))),
            hint=T("They need configuration, a node agent or a person's review."),
        )  # fmt: skip


def _asset(root: Node) -> Asset | None:
    metadata = ("metadata", "clusterMetadata", "contextMetadata")
    cluster = (
        root.text("clusterName")
        or root.text(*metadata, "clusterContextMetadata", "contextName")
        or root.text("metadata", "targetMetadata", "clusterContextMetadata", "contextName")
    )
    target = root.get("metadata", "scanMetadata", "scanningTarget")
    if cluster or (target is not None and target.value() == _CLUSTER):
        return Asset(AssetKind.CLUSTER, cluster) if cluster else None
    for context, key in (
        ("repoContextMetadata", "repo"),
        ("fileContextMetadata", "filePath"),
        ("directoryContextMetadata", "basePath"),
        ("helmContextMetadata", "chartName"),
        ("gitRepoContextMetadata", "localRootPath"),
    ):
        name = root.text("metadata", "targetMetadata", context, key)
        if name:
            return Asset(AssetKind.REPOSITORY, name)
    return None


def _moment(time: str) -> str:
    return "" if time.startswith("0001-") else time


PARSER = KubescapeParser()
