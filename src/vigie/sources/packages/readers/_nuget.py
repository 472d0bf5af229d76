"""What the readers of .NET's records share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers._records import package, package_url


@dataclass(slots=True)
class Library:
    """One package under one framework. `needs` are names; `own` True for a project here."""

    name: str
    version: str
    line: int | None = None
    needs: list[str] = field(default_factory=list)
    direct: bool | None = None
    own: bool = False
    scope: Scope = Scope.UNKNOWN


def packages_of(libraries: Iterable[Library]) -> Iterator[Package]:
    """Each name and version once, with what all its frameworks say. Names differ by case only
    in spelling."""
    found = list(libraries)
    # What a project of the solution needs, the solution asks for itself.
    by_projects = {need.lower() for one in found if one.own for need in one.needs}
    versions = {one.name.lower(): one.version for one in reversed(found)}
    merged: dict[tuple[str, str], list[Library]] = {}
    for one in found:
        if not one.own:
            merged.setdefault((one.name.lower(), one.version), []).append(one)
    for same in merged.values():
        first = same[0]
        said = [one.direct for one in same if one.direct is not None]
        direct: bool | None = any(said) if said else None
        if first.name.lower() in by_projects:
            direct = True
        yield package(
            "nuget",
            first.name,
            first.version,
            line=first.line,
            direct=direct,
            scope=first.scope,
            requires=(
                package_url("nuget", need, versions.get(need.lower(), ""))
                for one in same
                for need in one.needs
            ),
        )


def split_library(key: str) -> tuple[str, str]:
    """Name and version of a key such as "Demo.Core/1.0.0"."""
    name, _, version = key.rpartition("/")
    return (name, version) if name else (key, "")


def names_in(value: Any) -> list[str]:
    """The names of an object's members; none for anything else."""
    return [str(name) for name in value] if isinstance(value, dict) else []
