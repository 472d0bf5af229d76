"""Which files a distribution's packages brought, so that nothing is judged twice.

Debian's python3-urllib3 carries Debian's fixes under upstream's old version: by its metadata it
looks vulnerable long after Debian mended it. What a package of the distribution brought is
judged by the distribution's advisories, and its own metadata says nothing more. A package that
somebody else made (Docker's docker-ce, EPEL's on Red Hat) has no such advisories, so what is in
it is looked at. The same holds for pacman, whose distribution has no advisories of this kind.

Sources: deb-control(5) and dpkg's `info/*.list`; apk's installed database (F: and R: lines);
rpm's header tags.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.model.errors import VigieError
from vigie.model.inventory import Distribution, Package
from vigie.ports.filesystems import FileSystem
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers import rpm
from vigie.sources.packages.readers.rpm.header import Contents

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
# What each distribution calls itself in the tag Vendor of its packages. One's packages on
# another's system (Fedora's EPEL on Red Hat, Microsoft's on anything) are nobody's there.
_VENDORS = {
    "rhel": "Red Hat|CentOS",
    "centos": "CentOS|Red Hat",
    "rocky": "Rocky",
    "almalinux": "AlmaLinux",
    "fedora": "Fedora Project",
    "ol": "Oracle",
    "amzn": "Amazon",
    "sles": "SUSE",
    "sled": "SUSE",
    "sles_sap": "SUSE",
    "sle_hpc": "SUSE",
    "sle-micro": "SUSE",
    "sl-micro": "SUSE",
    "suse-microos": "SUSE",
    "opensuse": "openSUSE|SUSE",
    "azurelinux": "Microsoft",
    "mariner": "Microsoft",
    "photon": "VMware|Broadcom",
    "mageia": "Mageia",
    "openeuler": "(?:https?://)?openEuler",
}
_FIELD = re.compile(rb"^(Package|Architecture|Maintainer|Original-Maintainer): *(.*?)\s*$", re.M)


def with_owners(
    system: FileSystem, packages: Iterable[Package], distribution: Distribution | None = None
) -> list[Package]:
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
    if "rpm" in types and distribution is not None:
        owners |= _rpm_owners(system, sought, distribution)
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


def _rpm_owners(
    system: FileSystem, sought: set[str], distribution: Distribution
) -> Mapping[str, str]:
    """Of a database that is broken, what came before; its reader says that it is."""
    own, found = _own_vendor(distribution), rpm.database_of(system)
    if own is None or found is None:
        return {}
    owners: dict[str, str] = {}
    folders = {f"/{path}".rpartition("/")[0] + "/" for path in _turned(sought)}
    try:
        with system.open(found.path) as content:
            file = PackageFile(found, content)
            for _, blob in rpm.headers(file, Surroundings(system, distribution)):
                owners |= _brought(blob, own, folders, sought)
    except (VigieError, OSError, ValueError):
        return owners
    return owners


def _brought(
    blob: bytes, own: re.Pattern[str], folders: Collection[str], sought: Collection[str]
) -> Mapping[str, str]:
    try:
        package = Contents(blob)
        if not own.match(package.vendor):
            return {}
        return {
            spelt: package.name
            for path in package.below(folders)
            for spelt in _spellings(path)
            if spelt in sought
        }
    except ValueError:
        return {}


def _own_vendor(distribution: Distribution) -> re.Pattern[str] | None:
    family = "opensuse" if distribution.id.startswith("opensuse") else distribution.id
    vendor = _VENDORS.get(family)
    return re.compile(rf"(?:{vendor})\b", re.IGNORECASE) if vendor else None


def _turned(paths: Iterable[str]) -> Iterator[str]:
    """Each path, and what a package may call it whose files lie in /lib or /bin."""
    for path in paths:
        yield path
        if path.startswith(("usr/bin/", "usr/sbin/", "usr/lib/", "usr/lib64/")):
            yield path.removeprefix("usr/")


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
