"""Pipenv's Pipfile.lock.

Source: Pipenv documentation, "Pipfile & Pipfile.lock"; the file's own `_meta.pipfile-spec`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._locked_python import Locked, packages_of
from vigie.sources.packages.readers._python import (
    Asked,
    asked_by,
    name_of_file,
    origin,
    pinned,
)
from vigie.sources.packages.readers._records import is_inside_installed, text_beside
from vigie.sources.packages.readers._toml_tables import load_toml, table_at

_ARCHIVES = (".whl", ".tar.gz", ".zip")


class _PipfileLock:
    name = "pipfile-lock"
    label = "Pipenv Pipfile.lock"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("Pipfile.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package but local folders; each category but "default" is development."""
        if is_inside_installed(file.path):
            return
        asked = _asked(text_beside(file, around, "Pipfile"))
        entries: list[Locked] = []
        for category, node in json_of(file, "Pipfile.lock").members():
            if category == "_meta":
                continue
            scope = Scope.RUNTIME if category == "default" else Scope.DEVELOPMENT
            for name, child in node.members():
                entries.append(_entry(name, child, scope, asked.direct(name)))
        yield from packages_of(entries)


def _entry(name: str, node: JsonNode, scope: Scope, direct: bool | None) -> Locked:
    fields = node.record()
    git, path = _text(fields, "git"), _text(fields, "path")
    url = _text(fields, "file") or _text(fields, "uri")
    reference = _text(fields, "ref")
    if git:
        git = git if git.startswith("git+") else f"git+{git}"
        git = f"{git}@{reference}" if reference else git
    return Locked(
        name,
        pinned(_text(fields, "version")) or name_of_file(url)[1],
        node.line,
        own=bool(path) and not path.endswith(_ARCHIVES),
        scope=scope,
        direct=direct,
        origin=origin(git or url),
    )


def _asked(pipfile: str) -> Asked:
    try:
        root = load_toml(pipfile) if pipfile else None
    except (ValueError, RecursionError):
        root = None
    if root is None:
        return Asked()
    settled = ("source", "requires", "pipenv", "scripts")
    return asked_by(
        (Scope.RUNTIME if category == "packages" else Scope.DEVELOPMENT, name)
        for category in root
        if category not in settled
        for name in table_at(root, category)
    )


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


READER = _PipfileLock()
