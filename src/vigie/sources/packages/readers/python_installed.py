"""Installed Python projects: the metadata that installers leave behind.

Source: PyPA specifications, "Recording installed projects", "Core metadata specifications".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from vigie.model.inventory import Package, Scope
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._python import parse_requirement
from vigie.sources.packages.readers._records import (
    neighbour,
    package,
    read_beside,
    refused,
)

_MOST_HEADERS = 1024 * 1024  # bytes; what follows is the project's description
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$")
_PLACES = frozenset({"site-packages", "dist-packages"})
# Installers that leave REQUESTED for what they were asked for, and nothing for the rest.
_TELLING = frozenset({"pip", "uv"})
_NO_LICENCE = frozenset({"", "unknown", "none", "n/a"})
_LONGEST_LICENCE = 100  # characters; longer ones are the licence's whole text


class _PythonInstalled:
    name = "python-installed"
    label = "installed Python packages"
    types = frozenset({"pypi"})
    patterns: Sequence[str] = (
        "*.dist-info/METADATA",
        "*.egg-info/PKG-INFO",
        "*.egg-info",
        "EGG-INFO/PKG-INFO",
    )
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """The project that this metadata belongs to."""
        if _is_of_a_working_tree(file.path):
            return
        headers = _headers(file)
        names, versions = headers.get("name", []), headers.get("version", [])
        if not names or not versions:
            raise refused(file, T("metadata of a Python project"), "no name or no version")
        modern = file.path.endswith(".dist-info/METADATA")
        yield package(
            "pypi",
            names[0],
            versions[0],
            line=None,
            direct=_is_requested(file, around) if modern else None,
            scope=Scope.UNKNOWN,
            licences=_licences(headers),
            requires=_requires(headers),
            **(_origin(file, around) if modern else {}),
        )


def _is_of_a_working_tree(path: str) -> bool:
    """True for the egg-info that setuptools leaves beside the sources it builds: the project
    itself. What is installed lies among installed packages or has its version in its name."""
    folders = path.split("/")
    if not _PLACES.isdisjoint(folders[:-1]):
        return False
    name = folders[-2] if folders[-1] == "PKG-INFO" and len(folders) > 1 else folders[-1]
    return name.endswith(".egg-info") and "-" not in name.removesuffix(".egg-info")


def _headers(file: PackageFile) -> dict[str, list[str]]:
    """Headers up to the first blank line, by their lower-cased name; folded lines are joined."""
    text = file.content.read(_MOST_HEADERS).decode("utf-8", "replace")
    found: dict[str, list[str]] = {}
    last: list[str] | None = None
    for line in text.removeprefix("\ufeff").splitlines():
        if not line.strip():
            break
        match = _HEADER.match(line)
        if match is not None:
            last = found.setdefault(match[1].lower(), [])
            last.append(match[2].strip())
        elif last and line[0] in " \t" and len(last[-1]) < _LONGEST_LICENCE:
            last[-1] += " " + line.strip()
    return found


def _licences(headers: dict[str, list[str]]) -> list[str]:
    """The expression, else the classifiers, else the free text when it is short."""
    if expressions := [e for e in headers.get("license-expression", []) if e]:
        return expressions
    named = [
        value.rpartition("::")[2].strip()
        for value in headers.get("classifier", [])
        if value.startswith("License ::") and value.strip() != "License :: OSI Approved"
    ]
    if named:
        return named
    return [
        text
        for text in headers.get("license", [])
        if text.lower() not in _NO_LICENCE and len(text) <= _LONGEST_LICENCE
    ]


def _requires(headers: dict[str, list[str]]) -> Iterator[str]:
    """Names of what it always needs; what only an extra needs is left out."""
    for text in headers.get("requires-dist", []):
        found = parse_requirement(text)
        if found is not None and not re.search(r"\bextra\b", found.marker):
            yield found.name


def _is_requested(file: PackageFile, around: Surroundings) -> bool | None:
    if around.system.find(neighbour(file.path, "REQUESTED")) is not None:
        return True
    installer = read_beside(around.system, neighbour(file.path, "INSTALLER"), 1024) or b""
    return False if installer.decode("utf-8", "replace").strip().lower() in _TELLING else None


def _origin(file: PackageFile, around: Surroundings) -> dict[str, str]:
    """Where it was installed from when that was no index (direct_url.json)."""
    data = read_beside(around.system, neighbour(file.path, "direct_url.json"), 64 * 1024)
    try:
        said: Any = msgspec.json.decode(data) if data else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("url"), str):
        return {}
    url, vcs = said["url"], said.get("vcs_info")
    if isinstance(vcs, dict):
        commit = vcs.get("commit_id")
        return {"vcs_url": f"{vcs.get('vcs', 'git')}+{url}" + (f"@{commit}" if commit else "")}
    return {"download_url": url} if url.startswith("http") else {}


READER = _PythonInstalled()
