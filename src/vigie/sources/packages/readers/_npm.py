"""What the readers of JavaScript's lock files share: manifests, specifiers, locked packages.

Source: npm documentation, "package.json" and "package-spec".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import Surroundings
from vigie.sources.packages.readers._records import (
    neighbour,
    package,
    package_url,
    read_beside,
    spread_scopes,
)

# Specifiers of a place on this machine: the project's own code.
_LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "root:")
_HOSTS = {
    "github:": "git+https://github.com/",
    "gitlab:": "git+https://gitlab.com/",
    "bitbucket:": "git+https://bitbucket.org/",
}
_GIT = re.compile(r"^(?:git\+|git:|git@|ssh:)|^https?://[^#?]*\.git(?:[#?]|$)")
# The archives that registries' clients fetch instead of cloning, owner/name and commit.
_CODELOAD = re.compile(
    r"^https://codeload\.github\.com/([\w.-]+)/([\w.-]+)/(?:tar\.gz|legacy\.tar\.gz)/([\w./-]+)"
)
_COMMIT = re.compile(r"\bcommit=([0-9a-f]{7,64})")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package.json asks for, by name: the specifiers it writes."""

    dependencies: dict[str, str] = field(default_factory=dict)
    development: dict[str, str] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)
    workspaces: tuple[str, ...] = ()

    def roots(self) -> tuple[tuple[Scope, dict[str, str]], ...]:
        """What is asked for, with the scope it is asked for in, the strongest first."""
        runtime = {k: v for k, v in self.dependencies.items() if k not in self.optional}
        return (
            (Scope.RUNTIME, runtime),
            (Scope.OPTIONAL, self.optional),
            (Scope.DEVELOPMENT, self.development),
        )


@dataclass(slots=True)
class Locked:
    """One entry of a lock file. `key` names it there, `asks` are keys of what it requires.

    `own` is True for the project's own code, whose requirements are direct ones.
    """

    key: str
    name: str
    version: str
    line: int | None = None
    asks: list[str] = field(default_factory=list)
    own: bool = False
    optional: bool = False
    vcs: str = ""


def manifest_of(data: bytes | None) -> Manifest | None:
    """A package.json; None when there is none or it cannot be read."""
    if not data:
        return None
    try:
        root = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(root, dict):
        return None
    spaces = root.get("workspaces")
    if isinstance(spaces, dict):
        spaces = spaces.get("packages")
    return Manifest(
        names_and_texts({**texts(root.get("peerDependencies")), **texts(root.get("dependencies"))}),
        names_and_texts(root.get("devDependencies")),
        names_and_texts(root.get("optionalDependencies")),
        tuple(s for s in spaces if isinstance(s, str)) if isinstance(spaces, list) else (),
    )


def manifest_beside(path: str, around: Surroundings, folder: str = "") -> Manifest | None:
    """The package.json in the folder of a lock file, or in a folder below it."""
    name = f"{folder}/package.json" if folder else "package.json"
    return manifest_of(read_beside(around.system, neighbour(path, name)))


def texts(value: Any) -> dict[str, str]:
    """The members of an object that are texts; none for anything else."""
    if not isinstance(value, dict):
        return {}
    return {str(k): v for k, v in value.items() if isinstance(v, str)}


names_and_texts = texts


def is_local(specifier: str) -> bool:
    """True for a specifier that names a folder or a file here."""
    return specifier.startswith(_LOCAL)


def vcs_url(specifier: str) -> str:
    """The `vcs_url` qualifier of a specifier or an archive's address; "" when it is no clone.

    Credentials in it are left out.
    """
    for host, address in _HOSTS.items():
        if specifier.startswith(host):
            specifier = address + specifier.removeprefix(host)
    if found := _CODELOAD.match(specifier):
        return "git+https://github.com/{}/{}@{}".format(*found.groups())
    if not _GIT.match(specifier):
        return ""
    address, _, fragment = specifier.partition("#")
    if found := _COMMIT.search(fragment):
        fragment = found.group(1)
    address = re.sub(r"//[^/@\s:]*:[^/@\s]*@", "//", address)
    if not address.startswith("git"):
        address = f"git+{address}"
    return f"{address}@{fragment}" if fragment else address


def split_name(text: str) -> tuple[str, str]:
    """A name and what follows its "@": "@a/b@1" is ("@a/b", "1"); "a" is ("a", "")."""
    at = text.find("@", 1)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def packages_of(
    entries: Iterable[Locked],
    roots: Iterable[tuple[Scope, Iterable[str]]],
    *,
    whole: bool = True,
) -> Iterator[Package]:
    """The packages of a lock file's entries, those of the same name and version as one.

    `roots` are keys of what the project asks for. `whole` False when somebody else may ask for
    more: then what the roots do not reach stays unknown.
    """
    found = {entry.key: entry for entry in entries}
    asked = [(scope, [key for key in keys if key in found]) for scope, keys in roots]
    scopes = spread_scopes({key: entry.asks for key, entry in found.items()}, asked)
    direct = {key for _, keys in asked for key in keys}
    known = bool(direct)
    merged: dict[tuple[str, str, str], list[Locked]] = {}
    for entry in found.values():
        if not entry.own and entry.name:
            merged.setdefault((entry.name, entry.version, entry.vcs), []).append(entry)
    for same in merged.values():
        keys = [entry.key for entry in same]
        unsaid = False if known and whole else None
        yield package(
            "npm",
            same[0].name,
            same[0].version,
            line=same[0].line,
            direct=True if any(key in direct for key in keys) else unsaid,
            scope=_scope(same, scopes),
            requires=(
                package_url("npm", found[key].name, found[key].version)
                for entry in same
                for key in entry.asks
                if key in found and not found[key].own
            ),
            vcs_url=same[0].vcs,
        )


def _scope(same: list[Locked], scopes: dict[str, Scope]) -> Scope:
    reached = {scopes.get(entry.key, Scope.UNKNOWN) for entry in same}
    for scope in (Scope.RUNTIME, Scope.OPTIONAL, Scope.DEVELOPMENT):
        if scope in reached:
            if scope is Scope.RUNTIME and all(entry.optional for entry in same):
                return Scope.OPTIONAL
            return scope
    return Scope.UNKNOWN
