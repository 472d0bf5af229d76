"""CocoaPods' Podfile.lock.

Source: CocoaPods guides, "Using CocoaPods" and "Podfile.lock".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import package, package_url
from vigie.sources.packages.readers._yaml_places import YamlMap, yaml_of

_POD = re.compile(r"^(?P<name>[^\s(]+)(?: \((?P<version>[^)]*)\))?")


@dataclass(slots=True)
class _Pod:
    version: str
    line: int
    needs: list[str] = field(default_factory=list)


class _PodfileLock:
    name = "podfile-lock"
    label = "CocoaPods Podfile.lock"
    types = frozenset({"cocoapods"})
    patterns: Sequence[str] = ("Podfile.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every pod, its parts (subspecs) as one; pods of a folder are the project's own."""
        root = yaml_of(file, "Podfile.lock")
        external = root.map("EXTERNAL SOURCES")
        pods = _pods(root)
        asked = [_pod(said) for said in root.list("DEPENDENCIES") if isinstance(said, str)]
        direct = {name for name, _ in asked}
        for name, pod in pods.items():
            if external.map(name).text(":path") or external.map(name).text(":podspec"):
                continue
            yield package(
                "cocoapods",
                name,
                pod.version,
                line=pod.line,
                direct=name in direct if asked else None,
                requires=(
                    package_url("cocoapods", need, pods[need].version if need in pods else "")
                    for need in pod.needs
                    if need != name
                ),
                vcs_url=_vcs(root, name),
            )


def _pods(root: YamlMap) -> dict[str, _Pod]:
    found: dict[str, _Pod] = {}
    listed = root.list("PODS")
    for item, line in zip(listed, listed.lines, strict=True):
        headings = list(item) if isinstance(item, YamlMap) else [item]
        for heading in headings:
            name, version = _pod(heading) if isinstance(heading, str) else ("", "")
            if not name:
                continue
            pod = found.setdefault(name, _Pod(version, line))
            if isinstance(item, YamlMap) and isinstance(heading, str):
                needs = [_pod(need)[0] for need in item.list(heading) if isinstance(need, str)]
                pod.needs += [need for need in needs if need not in pod.needs]
    return found


def _pod(text: str) -> tuple[str, str]:
    """The pod and the version of "Name/Part (1.0)"; the part belongs to the pod."""
    found = _POD.match(text)
    return (found["name"].partition("/")[0], found["version"] or "") if found else ("", "")


def _vcs(root: YamlMap, name: str) -> str:
    checkout = root.map("CHECKOUT OPTIONS").map(name)
    url, commit = checkout.text(":git"), checkout.text(":commit")
    if not url:
        return ""
    return f"git+{url}@{commit}" if commit else f"git+{url}"


READER = _PodfileLock()
