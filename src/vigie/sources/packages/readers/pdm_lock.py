"""PDM's pdm.lock.

Source: PDM documentation, "Lock file"; the file's own `metadata.lock_version`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._locked_python import Locked, packages_of
from vigie.sources.packages.readers._python import asked_by_project, origin, parse_requirement
from vigie.sources.packages.readers._records import is_inside_installed
from vigie.sources.packages.readers._toml_tables import table_at, tables_of, text_at, toml_of


class _PdmLock:
    name = "pdm-lock"
    label = "PDM pdm.lock"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = ("pdm.lock",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package but local folders; an entry of extras is the package itself."""
        if is_inside_installed(file.path):
            return
        root, text = toml_of(file, "pdm.lock")
        asked = asked_by_project(file, around)
        entries = [
            _entry(table, line)
            for table, line in tables_of(root, text, "package")
            if text_at(table, "name")
        ]
        roots = [(scope, [(name, "") for name in names]) for scope, names in asked.roots()]
        roots.append((Scope.UNKNOWN, [ask for entry in entries if entry.own for ask in entry.asks]))
        yield from packages_of(entries, roots if asked.known else [])


def _entry(table: dict[str, Any], line: int | None) -> Locked:
    git, url, path = text_at(table, "git"), text_at(table, "url"), text_at(table, "path")
    revision = text_at(table, "revision") or text_at(table, "ref")
    where = origin(f"git+{git}" + (f"@{revision}" if revision else "")) if git else origin(url)
    asks = table.get("dependencies")
    named = (
        [parse_requirement(t) for t in asks if isinstance(t, str)]
        if isinstance(asks, list)
        else [parse_requirement(name) for name in table_at(table, "dependencies")]
    )
    return Locked(
        text_at(table, "name"),
        text_at(table, "version"),
        line,
        [(one.name, "") for one in named if one is not None],
        own=bool(path) and not path.endswith((".whl", ".tar.gz", ".zip")),
        scope=Scope.RUNTIME if _is_default(table) else Scope.UNKNOWN,
        origin=where,
    )


def _is_default(table: dict[str, Any]) -> bool:
    groups = table.get("groups")
    return isinstance(groups, list) and "default" in groups


READER = _PdmLock()
