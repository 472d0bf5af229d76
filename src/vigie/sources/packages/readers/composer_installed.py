"""What Composer has installed: vendor/composer/installed.json, of Composer 1 and 2.

Source: Composer documentation, "Runtime utilities"; Composer 2's upgrade notes for the format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._composer import listed, packages_of
from vigie.sources.packages.readers._json_places import json_of


class _ComposerInstalled:
    name = "composer-installed"
    label = "installed Composer packages"
    types = frozenset({"composer"})
    patterns: Sequence[str] = ("composer/installed.json",)
    binaries = False
    installed = True

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """Every installed package. Composer 2 says which ones are for development."""
        root = json_of(file, "installed.json")
        if root.is_array:  # Composer 1
            yield from packages_of(listed(root.items(), Scope.UNKNOWN), None)
            return
        members = dict(root.members())
        if "packages" not in members:
            return
        names = members.get("dev-package-names")
        said = names.value() if names is not None and names.is_array else None
        development = frozenset(name for name in said or () if isinstance(name, str))
        known = Scope.UNKNOWN if said is None else Scope.RUNTIME
        entries = [
            (node, fields, Scope.DEVELOPMENT if fields["name"] in development else scope)
            for node, fields, scope in listed(members["packages"].items(), known)
        ]
        yield from packages_of(entries, None)


READER = _ComposerInstalled()
