"""NuGet's older packages.config.

Source: NuGet documentation, "packages.config reference".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._nuget import Library, packages_of
from vigie.sources.packages.readers._xml_lines import xml_elements


class _PackagesConfig:
    name = "packages-config"
    label = "NuGet packages.config"
    types = frozenset({"nuget"})
    patterns: Sequence[str] = ("packages.config", "packages.*.config")
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every package it lists. It does not tell what came with another."""
        yield from packages_of(
            Library(
                element.value("id"),
                element.value("version"),
                element.line,
                scope=Scope.DEVELOPMENT
                if element.value("developmentDependency").lower() == "true"
                else Scope.RUNTIME,
            )
            for element in xml_elements(file, "packages.config", "package")
            if element.value("id")
        )


READER = _PackagesConfig()
