"""Maven artefacts as packages, and the small files that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vigie.model.components import Component
from vigie.model.inventory import Package, Scope
from vigie.model.observations import Location
from vigie.sources.packages.purls import purl

_SEPARATOR = re.compile(r"[=:]")
_EXACT = re.compile(r"\[\s*([^\[\](),\s]+)\s*\]")


def artefact(
    group: str,
    name: str,
    version: str,
    *,
    path: str = "",
    line: int | None = None,
    direct: bool | None = None,
    scope: Scope = Scope.UNKNOWN,
    **qualifiers: str,
) -> Package:
    """One artefact, named "group:name" as Maven writes it, or "name" when no group is known.

    `qualifiers` are those of its purl: `classifier`, `type` ("war"). Raises ValueError for a
    name that no artefact has.
    """
    if not name or max(len(group), len(name), len(version)) > 1024:
        raise ValueError("it names an artefact that cannot be one")
    component = Component(
        name=f"{group}:{name}" if group else name,
        version=version,
        type="maven",
        purl=purl("maven", group, name, version, **qualifiers),
        direct=direct,
    )
    return Package(component, Location(path, start_line=line), scope)


def properties_of(text: str) -> Mapping[str, str]:
    """The entries of a properties file whose values are plain, as Maven's pom.properties."""
    entries = (_SEPARATOR.split(line, maxsplit=1) for line in text.splitlines())
    return {entry[0].strip(): entry[1].strip() for entry in entries if len(entry) == 2}


def manifest_of(text: str) -> Mapping[str, str]:
    """The main section of a MANIFEST.MF (JAR file specification): a line that begins with a
    space goes on with the one before."""
    main = re.split(r"\r?\n\r?\n|\r\r", text.lstrip("\r\n"), maxsplit=1)[0]
    unfolded = re.sub(r"(?:\r\n|\r|\n) ", "", main)
    found: dict[str, str] = {}
    for line in unfolded.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def pinned(version: str) -> str:
    """The one version that is asked for, "" when it is left open.

    "1.2" and "[1.2]" say one; "[1,2)", "LATEST" and what is still a "${property}" do not
    (Maven's POM reference, version requirements).
    """
    exact = _EXACT.fullmatch(version)
    if exact:
        return exact[1]
    left_open = version in ("LATEST", "RELEASE") or any(sign in version for sign in "[](),${}")
    return "" if left_open else version
