"""Which files a distribution's packages brought, so that nothing is judged twice.

Debian's python3-urllib3 carries Debian's fixes under upstream's old version: by its metadata it
looks vulnerable long after Debian mended it. What a package of the distribution brought is
judged by the distribution's advisories, and its own metadata says nothing more. A package that
somebody else made (Docker's docker-ce) has no such advisories, so what is in it is looked at.

Sources: deb-control(5) and dpkg's `info/*.list`; apk's installed database (F: and R: lines).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.model.inventory import Package
from vigie.ports.filesystems import FileSystem

_DPKG = "var/lib/dpkg/status"
_DPKG_FILES = "var/lib/dpkg/info"
_APK = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
_MOST = 256 * 1024**2  # bytes of one database
_MOST_LIST = 64 * 1024**2
# Whose packages the distribution's security team mends: the addresses of its maintainers.
_OF_DEBIAN = re.compile(
    r"[@.](?:debian\.(?:org|net)|ubuntu\.com|canonical\.com|kali\.org|raspberrypi\.(?:com|org))>?$",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"^(Package|Architecture|Maintainer|Original-Maintainer): *(.*?)\s*$", re.M)


def with_owners(system: FileSystem, packages: Iterable[Package]) -> list[Package]:
    """The same packages; one whose record a package of the distribution brought names it."""
    found = list(packages)
    sought = {p.location.path for p in found if p.component.type not in SYSTEM_TYPES}
    types = {p.component.type for p in found}
    if not sought or not types & SYSTEM_TYPES:
        return found
    owners: dict[str, str] = {}
    if "deb" in types:
        owners |= _dpkg_owners(system, sought)
    if "apk" in types:
        owners |= _apk_owners(system, sought)
    return [
        replace(p, owner=owners[p.location.path])
        if p.component.type not in SYSTEM_TYPES and p.location.path in owners
        else p
        for p in found
    ]


def _dpkg_owners(system: FileSystem, sought: set[str]) -> Mapping[str, str]:
    owners: dict[str, str] = {}
    for name, architecture in _debian_packages(system):
        for file in (f"{name}.list", f"{name}:{architecture}.list"):
            for path in _lines(system, f"{_DPKG_FILES}/{file}", _MOST_LIST):
                for spelt in _spellings(path):
                    if spelt in sought:
                        owners[spelt] = name
    return owners


def _debian_packages(system: FileSystem) -> Iterator[tuple[str, str]]:
    """Name and architecture of every package that the distribution itself maintains."""
    for stanza in _content(system, _DPKG, _MOST).split(b"\n\n"):
        said = {
            name.decode(): value.decode("utf-8", "replace")
            for name, value in _FIELD.findall(stanza)
        }
        maintainers = (said.get("Maintainer", ""), said.get("Original-Maintainer", ""))
        if "Package" in said and any(map(_OF_DEBIAN.search, maintainers)):
            yield said["Package"], said.get("Architecture", "")


def _apk_owners(system: FileSystem, sought: set[str]) -> Mapping[str, str]:
    owners: dict[str, str] = {}
    database = next((path for path in _APK if system.find(path) is not None), "")
    name = folder = ""
    for line in _lines(system, database, _MOST) if database else ():
        field, _, value = line.partition(":")
        if field == "P":
            name, folder = value, ""
        elif field == "F":
            folder = value
        elif field == "R":
            for spelt in _spellings(f"{folder}/{value}" if folder else value):
                if spelt in sought:
                    owners[spelt] = name
    return owners


def _spellings(path: str) -> tuple[str, ...]:
    """The path from the root; also where it lies since /bin and /lib are links into /usr."""
    plain = path.strip("/")
    top = plain.partition("/")[0]
    return (plain, f"usr/{plain}") if top in ("bin", "sbin", "lib", "lib64") else (plain,)


def _lines(system: FileSystem, path: str, most: int) -> Iterator[str]:
    for line in _content(system, path, most).split(b"\n"):
        yield line.decode("utf-8", "surrogateescape")


def _content(system: FileSystem, path: str, most: int) -> bytes:
    """The file, empty when it is not there or too large: then nothing is owned, and what could
    have been judged once is judged twice, which errs on the loud side."""
    entry = system.find(path)
    if entry is None or entry.size > most:
        return b""
    try:
        with system.open(path) as file:
            return file.read(most)
    except OSError:
        return b""
