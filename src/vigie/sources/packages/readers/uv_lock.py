"""uv's uv.lock.

Source: uv documentation, "Structure and files" and "Resolution"; the format carries a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._locked_python import Locked, packages_of
from vigie.sources.packages.readers._python import origin
from vigie.sources.packages.readers._records import is_inside_installed
from vigie.sources.packages.readers._toml_tables import (
    table_at,
    tables_at,
    tables_of,
    text_at,
    toml_of,
)

# Sources that are folders of this machine: the project, its workspace, what lies beside it.
_OWN = ("virtual", "editable", "directory")


class _UvLock:
    name = "uv-lock"
    label = "uv uv.lock"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("uv.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every locked package but the project's own, with its groups' scopes."""
        if is_inside_installed(file.path):
            return
        root, text = toml_of(file, "uv.lock")
        tables = tables_of(root, text, "package")
        entries = [_entry(table, line) for table, line in tables if text_at(table, "name")]
        roots = [
            found
            for table, _ in tables
            if any(kind in table_at(table, "source") for kind in _OWN)
            for found in _roots(table)
        ]
        manifest = table_at(root, "manifest")
        roots += _of_groups(Scope.DEVELOPMENT, table_at(manifest, "dependency-groups"))
        roots.append((Scope.RUNTIME, _names(tables_at(manifest, "requirements"))))
        yield from packages_of(entries, roots)


def _entry(table: dict[str, Any], line: int | None) -> Locked:
    source = table_at(table, "source")
    git, url = text_at(source, "git"), text_at(source, "url")
    address, _, commit = git.partition("#")
    asks = _names(tables_at(table, "dependencies"))
    for extra in table_at(table, "optional-dependencies").values():
        asks += _names(extra if isinstance(extra, list) else [])
    return Locked(
        text_at(table, "name"),
        text_at(table, "version"),
        line,
        asks,
        own=any(kind in source for kind in _OWN),
        origin=origin(f"git+{address.partition('?')[0]}" + (f"@{commit}" if commit else ""))
        if git
        else origin(url),
    )


def _roots(table: dict[str, Any]) -> Iterator[tuple[Scope, list[tuple[str, str]]]]:
    yield Scope.RUNTIME, _names(tables_at(table, "dependencies"))
    yield from _of_groups(Scope.OPTIONAL, table_at(table, "optional-dependencies"))
    yield from _of_groups(Scope.DEVELOPMENT, table_at(table, "dev-dependencies"))


def _of_groups(
    scope: Scope, groups: dict[str, Any]
) -> Iterator[tuple[Scope, list[tuple[str, str]]]]:
    for group in groups.values():
        yield scope, _names(group if isinstance(group, list) else [])


def _names(asked: list[Any]) -> list[tuple[str, str]]:
    return [
        (text_at(one, "name"), text_at(one, "version")) for one in asked if text_at(one, "name")
    ]


READER = _UvLock()
