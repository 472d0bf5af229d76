"""GitLab SAST report: weaknesses in code, and misconfigurations in files of code.

GitLab's own scanner for infrastructure code reports through this form too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.outlets.formats._gitlab.report import lines, path, report
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_KINDS = frozenset({Kind.WEAKNESS, Kind.MISCONFIGURATION})


class GitLabSastOutlet:
    format = "gitlab-sast"
    label = "GitLab SAST"
    suffix = ".gitlab-sast.json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield from report(result, view, "sast", _KINDS, _belongs, _place)


def _belongs(finding: Finding, asset: Asset) -> bool:
    """A place in a file of the project: what a URL or a cloud account shows is no SAST."""
    return finding.kind in _KINDS and asset.kind is not AssetKind.IMAGE and bool(path(finding))


def _place(finding: Finding, _asset: Asset) -> dict[str, Any]:
    return {"file": path(finding), **lines(finding)}


OUTLET = GitLabSastOutlet()
