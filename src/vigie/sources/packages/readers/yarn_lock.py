"""Yarn's yarn.lock, classic (version 1) and berry (version 2 and later).

Source: Yarn documentation, "Lockfile" and "Protocols".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._npm import (
    Locked,
    Manifest,
    is_local,
    manifest_beside,
    packages_of,
    split_name,
    vcs_url,
)
from vigie.sources.packages.readers._records import is_inside_installed, refused, text_of
from vigie.sources.packages.readers._yaml_places import YamlMap, yaml_of
from vigie.sources.packages.readers._yarn_classic import classic_entries

_BERRY = re.compile(r"^__metadata:", re.MULTILINE)
_MOST_WORKSPACES = 2000


class _YarnLock:
    name = "yarn-lock"
    label = "Yarn yarn.lock"
    types = frozenset({"npm"})
    patterns: Sequence[str] = ("yarn.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package, once for each name and version."""
        if is_inside_installed(file.path):
            return
        text = text_of(file)
        if _BERRY.search(text):
            file.content.seek(0)
            yield from _berry(file, around)
        else:
            yield from _classic(file, text, around)


def _classic(file: PackageFile, text: str, around: Surroundings) -> Iterator[Package]:
    try:
        found = list(classic_entries(text))
    except ValueError as error:
        raise refused(file, "yarn.lock", str(error)) from None
    keys: dict[str, str] = {}
    entries: list[Locked] = []
    for entry in found:
        key = entry.descriptors[0]
        keys |= dict.fromkeys(entry.descriptors, key)
        name, asked = split_name(key)
        if asked.startswith("npm:"):  # an alias: what is installed is the name behind it
            name = split_name(asked.removeprefix("npm:"))[0]
        entries.append(
            Locked(
                key,
                name,
                entry.version,
                entry.line,
                [f"{n}@{r}" for n, r in entry.asks.items()],
                own=is_local(asked) and not entry.resolved,
                vcs=vcs_url(entry.resolved) or vcs_url(asked),
            )
        )
    for locked in entries:
        locked.asks = [keys[asked] for asked in locked.asks if asked in keys]
    manifest = manifest_beside(file.path, around)
    manifests, whole = _with_workspaces(file, around, manifest)
    roots = [
        (scope, [keys[key] for n, r in asked.items() if (key := f"{n}@{r}") in keys])
        for one in manifests
        for scope, asked in one.roots()
    ]
    yield from packages_of(entries, _strongest_first(roots), whole=whole)


def _with_workspaces(
    file: PackageFile, around: Surroundings, manifest: Manifest | None
) -> tuple[list[Manifest], bool]:
    """The manifests that are known, and whether these are all. A workspace that is named by a
    wildcard cannot be found without going through every folder."""
    if manifest is None:
        return [], False
    found, whole = [manifest], True
    for folder in manifest.workspaces[:_MOST_WORKSPACES]:
        one = None if "*" in folder else manifest_beside(file.path, around, folder)
        whole = whole and one is not None
        found += [one] if one is not None else []
    return found, whole


def _strongest_first(roots: list[tuple[Scope, list[str]]]) -> list[tuple[Scope, list[str]]]:
    order = (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT, Scope.UNKNOWN)
    return sorted(roots, key=lambda root: order.index(root[0]))


def _berry(file: PackageFile, around: Surroundings) -> Iterator[Package]:
    root = yaml_of(file, "yarn.lock")
    keys: dict[str, str] = {}
    entries: list[tuple[Locked, YamlMap]] = []
    for heading, fields, line in root.maps():
        if heading == "__metadata":
            continue
        descriptors = [part.strip() for part in heading.split(", ")]
        keys |= dict.fromkeys(descriptors, heading)
        entries.append((_berry_entry(heading, fields, line), fields))
    for entry, fields in entries:
        asked = {**fields.map("dependencies"), **fields.map("optionalDependencies")}
        entry.asks = [
            key
            for name, said in asked.items()
            if (key := _berry_key(keys, name, said if isinstance(said, str) else ""))
        ]
    roots = _berry_roots(file, around, entries, keys)
    yield from packages_of([entry for entry, _ in entries], _strongest_first(roots))


def _berry_entry(heading: str, fields: YamlMap, line: int) -> Locked:
    resolution = fields.text("resolution")
    name, reference = split_name(resolution)
    if "@virtual:" in resolution:
        reference = reference.rpartition("#")[2]
    own = is_local(reference) and not reference.partition("#")[0].endswith((".tgz", ".tar.gz"))
    if reference.startswith("patch:"):
        # A patched package is the package itself: "patch:name@npm%3A1.0#…".
        reference = unquote(reference.removeprefix("patch:").partition("#")[0])
    return Locked(heading, name, fields.text("version"), line, own=own, vcs=vcs_url(reference))


def _berry_key(keys: dict[str, str], name: str, asked: str) -> str:
    """The heading of the entry that a requirement leads to; "" when none can be told."""
    for descriptor in (f"{name}@{asked}", f"{name}@npm:{asked}"):
        if descriptor in keys:
            return keys[descriptor]
    return ""


def _berry_roots(
    file: PackageFile,
    around: Surroundings,
    entries: list[tuple[Locked, YamlMap]],
    keys: dict[str, str],
) -> list[tuple[Scope, list[str]]]:
    """What each workspace asks for. The lock file does not say for what, its manifest does."""
    roots: list[tuple[Scope, list[str]]] = []
    spaces = [pair for pair in entries if "@workspace:" in pair[0].key]
    for entry, fields in spaces[:_MOST_WORKSPACES]:
        folder = fields.text("resolution").rpartition("@workspace:")[2]
        manifest = manifest_beside(file.path, around, folder)
        if manifest is None:
            roots.append((Scope.UNKNOWN, entry.asks))
            continue
        for scope, asked in manifest.roots():
            named = (_berry_key(keys, name, said) for name, said in asked.items())
            roots.append((scope, [key for key in named if key]))
    local = [entry for entry, _ in entries if entry.own and "@workspace:" not in entry.key]
    return roots + [(Scope.UNKNOWN, entry.asks) for entry in local]


READER = _YarnLock()
