"""The scan of a GitLab report: which analyzer, what type, how it went."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vigie.model.assets import Asset, AssetKind
from vigie.model.ecosystems import package_type
from vigie.model.observations import Kind
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, RecordError
from vigie.sources.reports.tree import Node
from vigie.sources.reports.web import endpoint

KINDS = {
    "container_scanning": Kind.VULNERABILITY,
    "container_scanning_for_registry": Kind.VULNERABILITY,
    "cluster_image_scanning": Kind.VULNERABILITY,
    "dependency_scanning": Kind.VULNERABILITY,
    "sast": Kind.WEAKNESS,
    "dast": Kind.WEAKNESS,
    "api_fuzzing": Kind.WEAKNESS,
    "coverage_fuzzing": Kind.WEAKNESS,
    "secret_detection": Kind.SECRET,
}

# Analyzers that have another name elsewhere in Vigie, and those of infrastructure code,
# whose reports are of type sast.
_KNOWN_AS = {"zaproxy": "zap", "owasp_zap": "zap", "find_sec_bugs": "spotbugs"}
_CONFIGURATION = frozenset({"checkov", "kics", "tfsec"})


@dataclass(frozen=True, slots=True)
class Scan:
    """What the report says of its scan; reports before version 14 may say nothing.

    `managers` gives the purl type of each dependency file, `solutions` the summary of a
    remediation by the vulnerability's id or old `cve` key.
    """

    tool: str = "gitlab"
    version: str = ""
    kind: Kind | None = None
    status: str = ""
    started: str = ""
    ended: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    asset: Asset | None = None
    managers: dict[str, str] = field(default_factory=dict)
    solutions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Node) -> Scan:
        """Read everything in the report that is not a vulnerability."""
        scan = _record(root.get("scan"))
        tool = scanner_id(scan.text("scanner", "id") or scan.text("analyzer", "id"))
        messages = ((m.text("level").lower(), m.text("value")) for m in scan.children("messages"))
        return cls(
            tool=tool or "gitlab",
            version=scan.text("scanner", "version"),
            kind=Kind.MISCONFIGURATION if tool in _CONFIGURATION else KINDS.get(scan.text("type")),
            status=scan.text("status").lower(),
            started=scan.text("start_time"),
            ended=scan.text("end_time"),
            messages=tuple(messages),
            asset=_asset(root),
            managers=_managers(root),
            solutions=_solutions(root),
        )


def scanner_id(said: str) -> str:
    """An analyzer's id as Vigie calls the tool."""
    slug = re.sub(r"[^a-z0-9_]+", "-", said.lower()).strip("-")
    return _KNOWN_AS.get(slug, slug)


def image_asset(name: str) -> Asset | None:
    """The image of a container scan: "registry/app:1" or "registry/app@sha256:…"."""
    if not name:
        return None
    digest = name.partition("@")[2]
    return Asset(AssetKind.IMAGE, name, frozenset({f"manifest:{digest}"} if digest else ()))


def _asset(root: Node) -> Asset | None:
    """What the first vulnerability is about; others that differ carry their own."""
    node = next(root.items("vulnerabilities"), None)
    location = _record(node.get("location") if node is not None else None)
    return endpoint(location.text("hostname")) or image_asset(location.text("image"))


def _managers(root: Node) -> dict[str, str]:
    found = {}
    for node in root.items("dependency_files"):
        path, manager = clean_path(node.text("path")), node.text("package_manager")
        if package_type(manager):
            found[path] = package_type(manager)
    return found


def _solutions(root: Node) -> dict[str, str]:
    found = {}
    for node in root.items("remediations"):
        for fix in node.items("fixes"):
            for key in (fix.text("id"), fix.text("cve")):
                if key:
                    found[key] = node.text("summary")
    return found


def _record(node: Node | None) -> Record:
    try:
        return node.record() if node is not None else Record({})
    except RecordError:
        return Record({})
