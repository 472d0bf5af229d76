"""Go modules as packages, for what a program was built from and for what go.mod asks for."""

from __future__ import annotations

import re

from vigie.model.components import Component
from vigie.model.inventory import Package, Scope
from vigie.model.observations import Location
from vigie.sources.packages.purls import purl

# "go1.22.3", also with an experiment or a vendor's mark behind; "devel …" is of no release.
_RELEASE = re.compile(r"^go(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)(?![\w.])")


def module(
    path: str,
    version: str,
    *,
    line: int | None = None,
    scope: Scope = Scope.UNKNOWN,
    direct: bool | None = None,
) -> Package:
    """A module ("golang.org/x/net", "v0.23.0"); the standard library's version has no "v".

    Raises ValueError for a path that no module has.
    """
    if not path or len(path) > 1024 or len(version) > 1024 or path != path.strip():
        raise ValueError("it names a module that cannot be one")
    # purl-spec: golang's namespace and name are lower case. The component keeps the module's own.
    namespace, _, name = path.lower().rpartition("/")
    component = Component(
        name=path,
        version=version,
        type="golang",
        purl=purl("golang", namespace, name, version),
        direct=direct,
    )
    return Package(component, Location(start_line=line), scope)


def standard_library(toolchain: str) -> str:
    """The standard library's version of a toolchain's: "1.22.3" of "go1.22.3 X:boringcrypto".

    "" for one between releases.
    """
    found = _RELEASE.match(toolchain)
    return found[1] if found else ""


def is_local(path: str) -> bool:
    """True for a replacement by a folder, which has no version (Go modules reference, replace)."""
    return (
        path.startswith(("./", "../", "/", ".\\", "..\\"))
        or path in (".", "..")
        or (path[1:3] in (":/", ":\\"))
    )
