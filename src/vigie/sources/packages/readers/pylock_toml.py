"""pylock.toml, the lock file that PyPA specifies.

Source: PyPA specifications, "pylock.toml" (PEP 751).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._locked_python import Locked, packages_of
from vigie.sources.packages.readers._python import asked_by_project, name_of_file, origin
from vigie.sources.packages.readers._records import is_inside_installed, refused
from vigie.sources.packages.readers._toml_tables import (
    table_at,
    tables_at,
    tables_of,
    text_at,
    toml_of,
)

_GROUPS = re.compile(r"['\"][^'\"]*['\"]\s+in\s+dependency_groups")
_EXTRAS = re.compile(r"['\"][^'\"]*['\"]\s+in\s+extras")


class _PylockToml:
    name = "pylock-toml"
    label = "pylock.toml"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("pylock.toml", "pylock.*.toml")
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package but local folders."""
        if is_inside_installed(file.path):
            return
        root, text = toml_of(file, "pylock.toml")
        if not text_at(root, "lock-version"):
            raise refused(file, "pylock.toml", "no lock-version")
        asked = asked_by_project(file, around)
        entries = [
            _entry(table, line)
            for table, line in tables_of(root, text, "packages")
            if text_at(table, "name")
        ]
        # Without its own statement a file may hold less than what the project asks for.
        has_graph = any(entry.asks for entry in entries)
        for entry in entries:
            entry.direct = asked.direct(entry.name)
        roots = [(scope, [(name, "") for name in names]) for scope, names in asked.roots()]
        yield from packages_of(entries, roots if asked.known and has_graph else [])


def _entry(table: dict[str, Any], line: int | None) -> Locked:
    vcs, archive = table_at(table, "vcs"), table_at(table, "archive")
    where: dict[str, str] = {}
    if vcs:
        commit = text_at(vcs, "commit-id") or text_at(vcs, "requested-revision")
        kind = text_at(vcs, "type") or "git"
        where = origin(f"{kind}+{text_at(vcs, 'url')}" + (f"@{commit}" if commit else ""))
    elif archive:
        where = origin(text_at(archive, "url"))
    version = text_at(table, "version")
    if archive and not version:
        version = name_of_file(text_at(archive, "url") or text_at(archive, "path"))[1]
    return Locked(
        text_at(table, "name"),
        version,
        line,
        [
            (text_at(one, "name"), text_at(one, "version"))
            for one in tables_at(table, "dependencies")
            if text_at(one, "name")
        ],
        own=bool(table_at(table, "directory")),
        scope=_scope(text_at(table, "marker")),
        origin=where,
    )


def _scope(marker: str) -> Scope:
    """What the marker says: only for a group of dependencies, only for an extra, or neither."""
    if not marker:
        return Scope.UNKNOWN
    if _GROUPS.search(marker):
        return Scope.DEVELOPMENT
    return Scope.OPTIONAL if _EXTRAS.search(marker) else Scope.UNKNOWN


READER = _PylockToml()
