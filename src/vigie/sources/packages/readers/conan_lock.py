"""Conan's conan.lock, of Conan 1 (a graph) and Conan 2 (lists).

Source: Conan documentation, "Lockfiles", and "References" for name/version@user/channel#revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._records import package

_REFERENCE = re.compile(
    r"^(?P<name>[^/@#%\s]+)/(?P<version>[^@#%\s]+)(?:@(?P<user>[^/#%\s]*)/(?P<channel>[^#%\s]*))?"
)
_LISTS = (
    ("requires", Scope.RUNTIME),
    ("build_requires", Scope.DEVELOPMENT),
    ("python_requires", Scope.DEVELOPMENT),
)


class _ConanLock:
    name = "conan-lock"
    label = "Conan conan.lock"
    types = frozenset({"conan"})
    patterns: Sequence[str] = ("conan.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked reference, once for each name and version."""
        seen: set[tuple[str, str]] = set()
        for reference, line, scope in _references(json_of(file, "conan.lock")):
            found = _REFERENCE.match(reference)
            if found is None or (found["name"], found["version"]) in seen:
                continue
            seen.add((found["name"], found["version"]))
            yield package(
                "conan",
                found["name"],
                found["version"],
                line=line,
                scope=scope,
                user=found["user"] or "",
                channel=found["channel"] or "",
            )


def _references(root: JsonNode) -> Iterator[tuple[str, int | None, Scope]]:
    members = dict(root.members())
    if "graph_lock" in members:
        nodes = members["graph_lock"].get("nodes")
        for _, node in nodes.members() if nodes is not None else ():
            fields = node.record()
            reference = fields.get("ref")
            if isinstance(reference, str):  # the project's own node has none, or "name/None"
                scope = Scope.DEVELOPMENT if fields.get("context") == "build" else Scope.RUNTIME
                yield reference.replace("/None", ""), node.line, scope
        return
    for name, scope in _LISTS:
        for node in members[name].items() if name in members else ():
            value = node.value()
            reference = value[0] if isinstance(value, list) and value else value
            if isinstance(reference, str):
                yield reference, node.line, scope


READER = _ConanLock()
