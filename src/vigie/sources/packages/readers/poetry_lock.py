"""Poetry's poetry.lock, of Poetry 1 and 2.

Source: Poetry documentation, "The pyproject.toml file" and "Dependency specification"; the
file's own `metadata.lock-version`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._locked_python import Locked, packages_of
from vigie.sources.packages.readers._python import asked_by_project, name_of_file, origin
from vigie.sources.packages.readers._records import is_inside_installed
from vigie.sources.packages.readers._toml_tables import table_at, tables_of, text_at, toml_of


class _PoetryLock:
    name = "poetry-lock"
    label = "Poetry poetry.lock"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("poetry.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package but local folders. The pyproject.toml beside it, if any, says
        which ones the project asks for itself."""
        if is_inside_installed(file.path):
            return
        root, text = toml_of(file, "poetry.lock")
        asked = asked_by_project(file, around)
        entries = [
            _entry(table, line)
            for table, line in tables_of(root, text, "package")
            if text_at(table, "name")
        ]
        roots = [(scope, [(name, "") for name in names]) for scope, names in asked.roots()]
        # A local folder's requirements are the project's, for whatever the folder is there for.
        roots.append((Scope.UNKNOWN, [ask for entry in entries if entry.own for ask in entry.asks]))
        yield from packages_of(entries, roots if asked.known else [])


def _entry(table: dict[str, Any], line: int | None) -> Locked:
    source = table_at(table, "source")
    kind, url = text_at(source, "type"), text_at(source, "url")
    where: dict[str, str] = {}
    if kind in ("git", "hg", "svn"):
        commit = text_at(source, "resolved_reference") or text_at(source, "reference")
        where = origin(f"{kind}+{url}" + (f"@{commit}" if commit else ""))
    elif kind == "url":
        where = origin(url)
    return Locked(
        text_at(table, "name"),
        text_at(table, "version"),
        line,
        [(name, "") for name in table_at(table, "dependencies")],
        own=kind == "directory" or (kind == "file" and not name_of_file(url)[0]),
        scope=_scope(table),
        origin=where,
    )


def _scope(table: dict[str, Any]) -> Scope:
    """What the entry says: groups (Poetry 2), category (Poetry before 1.5), or nothing."""
    optional = table.get("optional") is True
    groups = table.get("groups")
    category = text_at(table, "category")
    if isinstance(groups, list) and groups:
        if "main" not in groups:
            return Scope.DEVELOPMENT
        return Scope.OPTIONAL if optional else Scope.RUNTIME
    if category:
        if category != "main":
            return Scope.DEVELOPMENT
        return Scope.OPTIONAL if optional else Scope.RUNTIME
    return Scope.OPTIONAL if optional else Scope.UNKNOWN


READER = _PoetryLock()
