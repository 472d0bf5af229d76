"""GitLab container scanning report: vulnerabilities of packages in images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.outlets.formats._gitlab.report import report
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_KINDS = frozenset({Kind.VULNERABILITY})


class GitLabContainerOutlet:
    format = "gitlab-container"
    label = "GitLab container scanning"
    suffix = ".gitlab-container.json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield from report(result, view, "container_scanning", _KINDS, _belongs, _place)


def _belongs(finding: Finding, asset: Asset) -> bool:
    return finding.kind in _KINDS and asset.kind is AssetKind.IMAGE


def _place(finding: Finding, asset: Asset) -> dict[str, Any]:
    part = finding.component or Component("unknown")
    system = (part.distro or asset.distro).replace("-", " ", 1)
    return {
        "dependency": {"package": {"name": part.name}, "version": part.version},
        "operating_system": system or "unknown",
        "image": _tagged(asset.name),
    }


def _tagged(image: str) -> str:
    """The schema takes an image with its tag or digest only; without one, Docker means latest."""
    last = image.rpartition("/")[2]
    return image if ":" in last else f"{image}:latest"


OUTLET = GitLabContainerOutlet()
