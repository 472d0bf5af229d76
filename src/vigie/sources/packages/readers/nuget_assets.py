"""What NuGet restored for a project: obj/project.assets.json.

Source: NuGet documentation, "NuGet restore"; NuGet.Client's `LockFileFormat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._nuget import (
    Library,
    names_in,
    packages_of,
    split_library,
)


class _NugetAssets:
    name = "nuget-assets"
    label = "NuGet project.assets.json"
    types = frozenset({"nuget"})
    patterns: Sequence[str] = ("project.assets.json",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every restored package of every framework; projects of the solution are left out."""
        members = dict(json_of(file, "project.assets.json").members())
        libraries = members.get("libraries")
        if libraries is None:
            return
        direct = _direct(members.get("project"))
        yield from packages_of(_libraries(libraries, members.get("targets"), direct))


def _direct(project: JsonNode | None) -> set[str] | None:
    """Names in lower case that the project asks for, of all its frameworks."""
    frameworks = project.get("frameworks") if project is not None else None
    if frameworks is None:
        return None
    return {
        name.lower()
        for _, framework in frameworks.members()
        for name in names_in(framework.record().get("dependencies"))
    }


def _libraries(
    libraries: JsonNode, targets: JsonNode | None, direct: set[str] | None
) -> Iterator[Library]:
    needs: dict[str, list[str]] = {}
    for _, target in targets.members() if targets is not None else ():
        for key, node in target.members():
            needs.setdefault(key, []).extend(names_in(node.record().get("dependencies")))
    for key, node in libraries.members():
        name, version = split_library(key)
        kind = node.record().get("type")
        yield Library(
            name,
            version,
            node.line,
            needs.get(key, []),
            direct=None if direct is None else name.lower() in direct,
            own=kind != "package",
        )


READER = _NugetAssets()
