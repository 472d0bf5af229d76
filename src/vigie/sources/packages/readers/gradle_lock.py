"""Maven artefacts that Gradle's lock files pin.

Source: Gradle's guide to locking versions: `group:name:version=configurations`, an `empty=`
line at the end; before Gradle 7 one file a configuration, named after it, without "=".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._maven import artefact

_MOST = 32 * MIB


class _GradleLock:
    name = "gradle-lock"
    label = "gradle.lockfile"
    types = frozenset({"maven"})
    patterns: Sequence[str] = ("*gradle.lockfile", "gradle/dependency-locks/*.lockfile")
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:  # noqa: ARG002
        """Every pinned artefact; the file does not say which the project asks for itself."""
        stem = posixpath.basename(file.path).removesuffix(".lockfile")
        builds = stem != "gradle" and stem.endswith("gradle")
        usual = [] if stem.endswith("gradle") else [stem]
        for number, line in enumerate(read_text(file, _MOST).splitlines(), 1):
            entry = line.strip()
            if not entry or entry.startswith(("#", "empty=")):
                continue
            name, equals, said = entry.partition("=")
            parts = name.split(":")
            if len(parts) != 3 or not all(parts):
                raise ValueError(f"line {number} is no group:name:version")
            configurations = said.split(",") if equals else usual
            scope = Scope.DEVELOPMENT if builds else _scope(configurations)
            yield artefact(parts[0], parts[1], parts[2], line=number, scope=scope)


READER = _GradleLock()


def _scope(configurations: Sequence[str]) -> Scope:
    """What runs is on a runtime class path that is not of the tests; what is on others only
    compiles, checks or tests."""
    asked = [one.strip() for one in configurations if one.strip()]
    if not asked:
        return Scope.UNKNOWN
    kept = [one for one in asked if "test" not in one.lower()]
    if not kept:
        return Scope.DEVELOPMENT
    running = any("runtimeclasspath" in one.lower() or one == "runtime" for one in kept)
    return Scope.RUNTIME if running else Scope.UNKNOWN
