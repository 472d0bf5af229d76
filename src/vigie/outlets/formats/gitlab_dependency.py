"""GitLab dependency scanning report: vulnerabilities of a project's own dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.outlets.formats._gitlab.report import path, report
from vigie.outlets.formats._wire.places import asset_of, assets_of, relative_uri
from vigie.outlets.stream import filled, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_KINDS = frozenset({Kind.VULNERABILITY})
_MANAGERS = {
    "pypi": "pip",
    "golang": "go",
    "gem": "bundler",
    "deb": "dpkg",
}


class GitLabDependencyOutlet:
    format = "gitlab-dependency"
    label = "GitLab dependency scanning"
    suffix = ".gitlab-dependency.json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        more = [("dependency_files", listed(_files(result)))]
        yield from report(result, view, "dependency_scanning", _KINDS, _belongs, _place, more)


def _belongs(finding: Finding, asset: Asset) -> bool:
    return finding.kind in _KINDS and asset.kind is not AssetKind.IMAGE


def _place(finding: Finding, asset: Asset) -> dict[str, Any]:
    return {"file": _file(finding, asset), "dependency": _dependency(finding)}


def _file(finding: Finding, asset: Asset) -> str:
    return path(finding) or relative_uri(None, asset)


def _dependency(finding: Finding) -> dict[str, Any]:
    part = finding.component or Component("unknown")
    said = {"package": {"name": part.name}, "version": part.version}
    return said if part.direct is None else said | {"direct": part.direct}


def _files(result: Result) -> Iterator[dict[str, Any]]:
    """The files that the findings name, each with the dependencies found wanting in it."""
    assets = assets_of(result)
    files: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for finding in result.findings:
        asset = asset_of(finding, assets)
        if _belongs(finding, asset):
            part = finding.component or Component("unknown")
            manager = _MANAGERS.get(part.type, part.type) or "unknown"
            packages = files.setdefault((_file(finding, asset), manager), {})
            packages[part.name, part.version] = None
    for (file, manager), packages in sorted(files.items()):
        found = [{"package": {"name": name}, "version": version} for name, version in packages]
        yield filled({"path": file, "package_manager": manager, "dependencies": found})


OUTLET = GitLabDependencyOutlet()
