"""Packages that .NET project files ask for, and versions that are set for many projects.

Source: NuGet documentation, "PackageReference in project files", "Central Package Management",
"Package versioning".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.model.runs import Problem
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._nuget import Library, packages_of
from vigie.sources.packages.readers._records import unpinned
from vigie.sources.packages.readers._xml_lines import Element, xml_elements

# "1.2.3" asks for this or a later one and restores this; "[1.2.3]" for no other.
_PLAIN = re.compile(r"^\[?\s*(\d[0-9A-Za-z.+-]*)\s*\]?$")
_ASKED = ("PackageReference", "PackageVersion", "GlobalPackageReference")


class _MsbuildProject:
    name = "msbuild-project"
    label = ".NET project files"
    types = frozenset({"nuget"})
    patterns: Sequence[str] = ("*.csproj", "*.fsproj", "*.vbproj", "Directory.Packages.props",
                "Directory.Build.props", "Directory.Build.targets")  # fmt: skip
    binaries = False
    installed = False

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package | Problem]:
        """What has a version here. A range or a property that is set elsewhere gives none, and a
        reference whose version another file sets is that file's."""
        found: list[Library] = []
        loose = 0
        for element in xml_elements(file, ".NET project file", *_ASKED):
            said = element.value("VersionOverride") or element.value("Version")
            names = element.attributes.get("Include") or element.attributes.get("Update") or ""
            if not said or "$(" in names:
                continue
            version = _PLAIN.match(said)
            for name in filter(None, (part.strip() for part in names.split(";"))):
                loose += version is None
                found.append(
                    Library(
                        name,
                        version[1] if version else "",
                        element.line,
                        direct=True,
                        scope=_scope(element),
                    )
                )
        yield from packages_of(found)
        if loose:
            yield unpinned(file, loose)


def _scope(element: Element) -> Scope:
    """Assets that are private to the build (analyzers, test runners) do not ship."""
    private = element.value("PrivateAssets").lower()
    return Scope.DEVELOPMENT if private == "all" else Scope.UNKNOWN


READER = _MsbuildProject()
