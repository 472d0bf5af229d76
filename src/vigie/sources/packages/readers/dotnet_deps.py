"""What a built .NET program carries: its *.deps.json.

Source: .NET documentation, "Runtime configuration files" (runtime's `deps.json` format).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._nuget import (
    Library,
    names_in,
    packages_of,
    split_library,
)

_RUNTIME = "runtimepack."


class _DotnetDeps:
    name = "dotnet-deps"
    label = ".NET deps.json"
    types = frozenset({"nuget"})
    patterns: Sequence[str] = ("*.deps.json",)
    binaries = False
    installed = True

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every package and runtime pack that the program was built with."""
        members = dict(json_of(file, "deps.json").members())
        libraries = members.get("libraries")
        if libraries is None:
            return
        targets = members.get("targets")
        needs = _needs(targets) if targets is not None else {}
        yield from packages_of(_libraries(libraries, needs))


def _needs(targets: JsonNode) -> dict[str, list[str]]:
    """What each library needs, by its key, of all targets together."""
    found: dict[str, list[str]] = {}
    for _, target in targets.members():
        for key, node in target.members():
            found.setdefault(key, []).extend(names_in(node.record().get("dependencies")))
    return found


def _libraries(libraries: JsonNode, needs: dict[str, list[str]]) -> Iterator[Library]:
    for key, node in libraries.members():
        fields: dict[str, Any] = node.record()
        kind = fields.get("type")
        name, version = split_library(key)
        if kind in ("package", "runtimepack"):
            yield Library(
                name.removeprefix(_RUNTIME) if kind == "runtimepack" else name,
                version,
                node.line,
                needs.get(key, []),
                direct=False if any(needs.values()) else None,
                scope=Scope.RUNTIME,
            )
        elif kind == "project":
            asked = needs.get(key, [])
            yield Library(name, version, needs=[one.removeprefix(_RUNTIME) for one in asked],
                          own=True)  # fmt: skip


READER = _DotnetDeps()
