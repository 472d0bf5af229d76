"""Which artefacts a Java archive is or holds, by what it says of itself.

Best is Maven's own record (pom.properties, or the pom.xml beside it): one for the archive, and
one for each artefact whose classes were shaded into it. Else the manifest and the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.sources.packages.readers._maven import manifest_of, pinned, properties_of
from vigie.sources.packages.readers._pom import read_pom
from vigie.sources.packages.readers.java_archive.groups import known_group

# "commons-text-1.10.0", "guava-32.1.2-jre", "demo-1.0-SNAPSHOT": a version begins with a digit
# and goes on with parts that versions have; what follows is a classifier.
_NAMED = re.compile(
    r"^(?P<name>[A-Za-z][\w.-]*?)-v?(?P<version>\d[\w.]*"
    r"(?:[-+](?:\d[\w.]*|(?:SNAPSHOT|RELEASE|FINAL|GA|jre|android|alpha|beta|rc|cr|m|b|sp|pre"
    r"|incubating|atlassian|redhat|jdk|java)[\d.]*(?![A-Za-z])))*)"
    r"(?:-(?P<classifier>[A-Za-z][\w.-]*))?$",
    re.IGNORECASE,
)
_LONGEST_NAME = 256
_GROUP = re.compile(r"^[a-z][\w-]*(?:\.[a-z_][\w-]*)+$")
_VERSION = re.compile(r"^v?\d[\w.+-]*$")
_COORDINATES = re.compile(
    r"^(?P<group>[a-z][\w.-]+)[:#](?P<name>[\w.-]+)(?:;(?P<version>[\w.+-]+))?$"
)


@dataclass(frozen=True, slots=True)
class Clues:
    """The file's name without its ending, its manifest, and Maven's records by their path."""

    stem: str
    manifest: str
    records: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """`group` is "" when nothing says it."""

    group: str
    name: str
    version: str


def identities(clues: Clues) -> Iterator[Identity]:
    """The artefacts, each once; none when nothing says what the archive is."""
    recorded = list(dict.fromkeys(_recorded(clues.records)))
    yield from recorded
    named = _of_name(clues.stem)
    if any(one.name == clues.stem or (named and one.name == named.name) for one in recorded):
        return  # the archive itself is among them
    itself = _of_manifest(manifest_of(clues.manifest), named, clues.stem)
    if itself is not None and not any(_same(one, itself) for one in recorded):
        # With records of others and only a name of its own, it is the project's own archive.
        if recorded and not itself.group:
            return
        yield itself


def _recorded(records: Mapping[str, str]) -> Iterator[Identity]:
    for path, text in records.items():
        folder, _, file = path.rpartition("/")
        _, group, name = folder.rsplit("/", 2)
        if file == "pom.properties":
            said = properties_of(text)
            group = said.get("groupId", "") or group
            name = said.get("artifactId", "") or name
            version = pinned(said.get("version", ""))
        elif f"{folder}/pom.properties" in records:
            continue
        else:
            version = _version_of_pom(text, path)
        yield Identity(group, name, version)


def _version_of_pom(text: str, path: str) -> str:
    try:
        project = read_pom(text.encode(), path)
    except UserError:
        return ""
    return pinned(project.version or (project.parent[2] if project.parent else ""))


def _of_name(stem: str) -> Identity | None:
    found = _NAMED.match(stem) if len(stem) <= _LONGEST_NAME else None
    return Identity("", found["name"], found["version"]) if found else None


def _of_manifest(said: Mapping[str, str], named: Identity | None, stem: str) -> Identity | None:
    """Name and version by the file's name first: builders set it, while titles are for people."""
    name = named.name if named else stem
    version = named.version if named else _said_version(said)
    known = known_group(name, version)
    told = _COORDINATES.match(said.get("implementation-title", ""))
    if told and not known:
        version = told["version"] or version
        return Identity(told["group"], told["name"], version) if version else None
    return Identity(known or _group(said, name), name, version) if version else None


def _said_version(said: Mapping[str, str]) -> str:
    keys = ("implementation-version", "bundle-version", "specification-version")
    versions = (said.get(key, "") for key in keys)
    return next((one for one in versions if _VERSION.match(one)), "")


def _group(said: Mapping[str, str], name: str) -> str:
    """Maven writes the group as Implementation-Vendor-Id, and names bundles group.artefact.

    A bundle "com.demo.text" could be of group com.demo or com.demo.text (that end in the same
    word is written once): only a name of several words cannot be the end of a group.
    """
    vendor = said.get("implementation-vendor-id", "")
    if _GROUP.match(vendor):
        return vendor
    if "-" not in name:
        return ""
    for key in ("bundle-symbolicname", "automatic-module-name"):
        symbolic = said.get(key, "").partition(";")[0].strip()
        group = symbolic.removesuffix(f".{name}")
        if group != symbolic and _GROUP.match(group):
            return group
    return ""


def _same(one: Identity, other: Identity) -> bool:
    return one.name == other.name and (one.version == other.version or not one.version)
