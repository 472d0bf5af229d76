"""NuGet's packages.lock.json, versions 1 and 2.

Source: NuGet documentation, "PackageReference in project files", "Locking dependencies".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._nuget import Library, names_in, packages_of


class _NugetLock:
    name = "nuget-lock"
    label = "NuGet packages.lock.json"
    types = frozenset({"nuget"})
    patterns: Sequence[str] = ("packages.lock.json", "packages.*.lock.json")
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked package of every framework; projects of the solution are left out."""
        dependencies = dict(json_of(file, "packages.lock.json").members()).get("dependencies")
        if dependencies is not None:
            yield from packages_of(_libraries(dependencies))


def _libraries(dependencies: JsonNode) -> Iterator[Library]:
    for _, framework in dependencies.members():
        for name, node in framework.members():
            fields = node.record()
            kind, resolved = fields.get("type"), fields.get("resolved")
            yield Library(
                name,
                resolved if isinstance(resolved, str) else "",
                node.line,
                names_in(fields.get("dependencies")),
                direct=kind == "Direct",
                own=kind == "Project",
            )


READER = _NugetLock()
