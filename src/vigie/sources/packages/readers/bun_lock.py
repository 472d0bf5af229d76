"""Bun's bun.lock (text). The older bun.lockb is binary and is refused with a way out.

Source: Bun documentation, "Lockfile", and Bun's published type of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.model.errors import UserError
from vigie.model.inventory import Package, Scope
from vigie.model.text import T
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._npm import (
    Locked,
    is_local,
    packages_of,
    split_name,
    texts,
    vcs_url,
)
from vigie.sources.packages.readers._records import is_inside_installed

_ROOTS = (
    (Scope.RUNTIME, "dependencies"),
    (Scope.RUNTIME, "peerDependencies"),
    (Scope.OPTIONAL, "optionalDependencies"),
    (Scope.DEVELOPMENT, "devDependencies"),
)
_DEEPEST = 40  # packages inside packages
_REQUIRED = ("peerDependencies", "optionalDependencies", "dependencies")


class _BunLock:
    name = "bun-lock"
    label = "Bun bun.lock"
    types = frozenset({"npm"})
    patterns: Sequence[str] = ("bun.lock", "bun.lockb")
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings) -> Iterator[Package]:
        """Every locked package, once for each name and version."""
        if is_inside_installed(file.path):
            return
        if file.path.endswith(".lockb"):
            text = file.path.removesuffix("b")
            if around.system.find(text) is not None:
                return  # the text form stands beside it
            raise UserError(
                T("{path} is Bun's binary lock file, which only Bun can read", path=file.path),
                T("Write it as text with `bun install --save-text-lockfile --lockfile-only`."),
            )
        root = json_of(file, "bun.lock", comments=True)
        members = dict(root.members())
        packages = members.get("packages")
        entries = dict(_entries(packages)) if packages is not None else {}
        locked = {key: one for key, (one, _) in entries.items()}
        for key, (one, asked) in entries.items():
            one.asks = [found for name in asked if (found := _resolve(locked, key, name))]
        spaces = members.get("workspaces")
        yield from packages_of(
            locked.values(), _roots(spaces.record() if spaces is not None else {}, locked)
        )


def _entries(packages: JsonNode) -> Iterator[tuple[str, tuple[Locked, dict[str, str]]]]:
    """Entries by their places ("a/b" is b inside a), with what each asks for."""
    for key, node in packages.members():
        parts = node.value()
        if key.count("/") > 2 * _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")
        if not isinstance(parts, list) or not parts or not isinstance(parts[0], str):
            raise ValueError(f"the entry on line {node.line} is no package")
        name, reference = split_name(parts[0])
        about: dict[str, Any] = next((part for part in parts[1:] if isinstance(part, dict)), {})
        asked: dict[str, str] = {}
        for part in _REQUIRED:
            asked |= texts(about.get(part))
        vcs = vcs_url(reference)
        own = is_local(reference) and not reference.endswith((".tgz", ".tar.gz"))
        version = "" if vcs or ":" in reference or "/" in reference else reference
        yield key, (Locked(key, name, version, node.line, own=own, vcs=vcs), asked)


def _roots(
    workspaces: dict[str, Any], entries: dict[str, Locked]
) -> Iterator[tuple[Scope, list[str]]]:
    for scope, part in _ROOTS:
        found: list[str] = []
        for path, fields in workspaces.items():
            if not isinstance(fields, dict):
                continue
            name = fields.get("name")
            inside = name if path and isinstance(name, str) and name.count("/") < 2 else ""
            for asked in texts(fields.get(part)):
                if key := _resolve(entries, inside, asked):
                    found.append(key)
        yield scope, found
    local = [key for entry in entries.values() if entry.own for key in entry.asks]
    yield Scope.RUNTIME, local


def _resolve(entries: dict[str, Locked], inside: str, name: str) -> str:
    """The entry that `name` leads to from inside another one; "" for none."""
    while inside:
        if (key := f"{inside}/{name}") in entries:
            return key
        above, _, last = inside.rpartition("/")
        inside = above.rpartition("/")[0] if _is_scope(above, last) else above
    return name if name in entries else ""


def _is_scope(above: str, last: str) -> bool:
    """True when `last` is the second half of a name such as "@scope/name"."""
    return bool(last) and above.rpartition("/")[2].startswith("@")


READER = _BunLock()
