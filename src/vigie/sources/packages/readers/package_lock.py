"""npm's package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3.

Source: npm documentation, "package-lock.json".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._npm import (
    Manifest,
    is_local,
    manifest_beside,
    split_name,
    texts,
    vcs_url,
)
from vigie.sources.packages.readers._records import is_inside_installed, package, package_url

_FOLDER = "node_modules/"
_DEEPEST = 40  # folders inside folders; npm lays out flat what it can


@dataclass(slots=True)
class _Entry:
    """One folder of the tree that npm lays out. `path` is "node_modules/a/node_modules/b"."""

    path: str
    name: str
    version: str
    line: int | None
    fields: dict[str, Any]
    asks: dict[str, str] = field(default_factory=dict)
    own: bool = False
    vcs: str = ""

    @property
    def scope(self) -> Scope:
        if self.fields.get("dev") is True:
            return Scope.DEVELOPMENT
        # Wanted by a development and by an optional dependency alike.
        if self.fields.get("optional") is True or self.fields.get("devOptional") is True:
            return Scope.OPTIONAL
        return Scope.RUNTIME


class _PackageLock:
    name = "package-lock"
    label = "npm package-lock.json"
    types = frozenset({"npm"})
    patterns: Sequence[str] = ("package-lock.json", "npm-shrinkwrap.json")
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every folder that npm would fill, once for each name and version."""
        if is_inside_installed(file.path):
            return
        root = json_of(file, "package-lock.json")
        members = dict(root.members())
        if "packages" in members:
            entries = dict(_of_packages(members["packages"]))
            direct = _direct_of_importers(entries)
        elif "dependencies" in members:
            entries = dict(_of_tree(members["dependencies"]))
            manifest = manifest_beside(file.path, around)
            direct = _direct_of_manifest(entries, manifest)
        else:
            return
        yield from _packages(entries, direct)


def _of_packages(node: JsonNode) -> Iterator[tuple[str, _Entry]]:
    """Entries of lockfileVersion 2 and 3, by their folders."""
    for path, child in node.members():
        fields = child.record()
        if fields.get("link") is True:
            continue
        if path.count("/") > 4 * _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")
        name, resolved = _text(fields, "name"), _text(fields, "resolved")
        asks = {
            **texts(fields.get("peerDependencies")),
            **texts(fields.get("optionalDependencies")),
            **texts(fields.get("dependencies")),
        }
        # The project itself, its workspaces and its local folders stand outside node_modules.
        own = _FOLDER not in f"{path}/"
        if own:
            asks |= texts(fields.get("devDependencies"))
        yield (
            path,
            _Entry(path, name or path.rpartition(_FOLDER)[2], _text(fields, "version"),
                   child.line, fields, asks, own, vcs_url(resolved)),
        )  # fmt: skip


def _of_tree(node: JsonNode) -> Iterator[tuple[str, _Entry]]:
    """Entries of lockfileVersion 1, where each package holds its own "dependencies"."""
    waiting = [("", node, 0)]
    while waiting:
        above, dependencies, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")
        for alias, child in dependencies.members():
            path = f"{above}{_FOLDER}{alias}"
            members = dict(child.members())
            fields = {
                key: member.value() for key, member in members.items() if key != "dependencies"
            }
            yield path, _entry_of_tree(path, alias, child.line, fields)
            if "dependencies" in members:
                waiting.append((f"{path}/", members["dependencies"], depth + 1))


def _entry_of_tree(path: str, alias: str, line: int | None, fields: dict[str, Any]) -> _Entry:
    version = _text(fields, "version")
    name = alias
    if version.startswith("npm:"):
        name, version = split_name(version.removeprefix("npm:"))
    vcs = vcs_url(version)
    own = is_local(version) and not version.endswith((".tgz", ".tar.gz"))
    if vcs or ":" in version:  # an address: the version is not told
        version = ""
    return _Entry(path, name, version, line, fields, texts(fields.get("requires")), own, vcs)


def _direct_of_importers(entries: dict[str, _Entry]) -> set[str] | None:
    """Folders that the project or a workspace of it asks for itself."""
    importers = [entry for entry in entries.values() if entry.own]
    if "" not in entries:
        return None
    return {
        found
        for entry in importers
        for name in entry.asks
        if (found := _resolve(entries, entry.path, name))
    }


def _direct_of_manifest(entries: dict[str, _Entry], manifest: Manifest | None) -> set[str] | None:
    if manifest is None:
        return None
    names = {name for _, asked in manifest.roots() for name in asked}
    asked = [("", name) for name in names]
    asked += [(entry.path, name) for entry in entries.values() if entry.own for name in entry.asks]
    return {found for path, name in asked if (found := _resolve(entries, path, name))}


def _resolve(entries: dict[str, _Entry], path: str, name: str) -> str:
    """The folder where Node.js finds `name` from inside the folder `path`; "" when nowhere."""
    while True:
        candidate = f"{path}/{_FOLDER}{name}" if path else _FOLDER + name
        if candidate in entries:
            return candidate
        if not path:
            return ""
        above = path.rpartition(f"/{_FOLDER}")[0] if f"/{_FOLDER}" in path else ""
        if not path.startswith(_FOLDER) and not above:
            above = path.rpartition("/")[0]  # a workspace looks into each folder above it
        path = above


def _packages(entries: dict[str, _Entry], direct: set[str] | None) -> Iterator[Package]:
    merged: dict[tuple[str, str, str], list[_Entry]] = {}
    for entry in entries.values():
        if not entry.own and entry.name:
            merged.setdefault((entry.name, entry.version, entry.vcs), []).append(entry)
    for same in merged.values():
        first = same[0]
        scopes = {entry.scope for entry in same}
        order = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT)
        yield package(
            "npm",
            first.name,
            first.version,
            line=first.line,
            direct=None if direct is None else any(entry.path in direct for entry in same),
            scope=next(scope for scope in order if scope in scopes),
            licences=_licences(first.fields),
            requires=(
                package_url("npm", entries[found].name, entries[found].version)
                for entry in same
                for name in entry.asks
                if (found := _resolve(entries, entry.path, name)) and not entries[found].own
            ),
            vcs_url=first.vcs,
        )


def _licences(fields: dict[str, Any]) -> tuple[str, ...]:
    licence = fields.get("license")
    return (licence,) if isinstance(licence, str) and licence else ()


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


READER = _PackageLock()
