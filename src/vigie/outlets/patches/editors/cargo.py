"""Cargo.toml; Cargo.lock is renewed by cargo itself.

Source: The Cargo Book, "Specifying Dependencies" and "cargo update".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from tomlkit.items import String

from vigie.model.text import T
from vigie.outlets.patches.editors import _toml
from vigie.outlets.patches.editors._semver_ranges import above, allows, lowest, raised
from vigie.outlets.patches.editors._upgrades import Tally, by_name, folder_of, sound
from vigie.ports.patches import Edit, Reader, Upgrade

_SECTIONS = ("dependencies", "dev-dependencies", "build-dependencies")


class CargoEditor:
    name = "cargo"
    label = "Cargo.toml"
    types = frozenset({"cargo"})
    patterns = ("Cargo.toml",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The manifest where its requirement leaves the version out; the rest is the lock's."""
        text = read(path)
        if text is None:
            return
        upgrades = sound(upgrades)
        document = _toml.parse(path, text)
        locked = _locked(read(folder_of(path) + "Cargo.lock"))
        tally = Tally()
        asked = by_name(upgrades)
        named: set[Upgrade] = set()
        for table in _tables(document):
            for key in list(table):
                named.update(_edit(table, key, asked, tally, floor=not locked))
        for upgrade in upgrades:
            if upgrade in named or upgrade.installed not in locked.get(upgrade.name, ()):
                continue
            if upgrade.forced:
                tally.leave(upgrade, T("another package asks for an older version of it"))
            else:
                tally.done[upgrade] = None
        if tally.speaks:
            renew = _command(tally.done) if locked else ""
            yield tally.edit(path, text, tomlkit.dumps(document), renew)


def _command(upgrades: Iterable[Upgrade]) -> str:
    return " && ".join(
        f"cargo update {u.name}{f'@{u.installed}' if u.installed else ''} --precise {u.version}"
        for u in sorted(upgrades, key=lambda u: (u.name, u.installed))
    )


def _locked(text: str | None) -> dict[str, set[str]]:
    """The versions of each package in Cargo.lock."""
    found: dict[str, set[str]] = {}
    try:
        packages = tomllib.loads(text or "").get("package", [])
    except (tomllib.TOMLDecodeError, RecursionError):
        return found
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict) and isinstance(package.get("version"), str):
            found.setdefault(str(package.get("name")), set()).add(package["version"])
    return found


def _tables(document: Mapping[str, Any]) -> Iterator[Any]:
    for section in _SECTIONS:
        yield _toml.table_of(document, section)
        for target in _toml.table_of(document, "target").values():
            yield _toml.table_of(target, section)
    yield _toml.table_of(document, "workspace", "dependencies")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a requirement stands: a string of its own, or `version` in a table."""

    package: str
    holder: Any = field(compare=False)
    key: str = ""


def _place(table: Any, key: str) -> _Place:
    value = table[key]
    if isinstance(value, String):
        return _Place(key, table, key)
    if not isinstance(value, Mapping):
        return _Place(key, None)
    package = str(value.get("package", key))
    return _Place(package, value if isinstance(value.get("version"), String) else None, "version")


def _edit(
    table: Any, key: str, asked: Mapping[str, list[Upgrade]], tally: Tally, *, floor: bool
) -> Iterator[Upgrade]:
    """The upgrades that this requirement is about."""
    place = _place(table, key)
    for upgrade in asked.get(place.package, ()):
        if place.holder is None:
            continue  # from a folder, from git, or from the workspace
        said = str(place.holder[place.key])
        inside = allows(said, upgrade.version, cargo=True)
        about = inside or not upgrade.installed or allows(said, upgrade.installed, cargo=True)
        if inside is None:
            tally.leave(
                upgrade, T("what is asked for leaves {version} out", version=upgrade.version)
            )
        if not about:
            continue
        yield upgrade
        tally.done[upgrade] = None
        low = lowest(said)
        if inside and not (floor and low and above(upgrade.version, low)):
            continue
        new = raised(said, upgrade.version)
        # A caret is what a bare version means already.
        bare = "," in said or said.strip()[:1].isdigit()
        _toml.set_string(place.holder, place.key, new.lstrip("^") if bare else new)


EDITOR = CargoEditor()
