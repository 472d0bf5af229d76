"""Pipfile: the packages of every category; Pipfile.lock is renewed by pipenv itself.

Source: pipenv's documentation, "Pipfile & Pipfile.lock".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import String

from vigie.model.text import T
from vigie.outlets.patches.editors import _toml
from vigie.outlets.patches.editors._python_ranges import (
    exact_version,
    normal_name,
    raised,
    same_version,
)
from vigie.outlets.patches.editors._upgrades import Tally, by_name, folder_of, sound
from vigie.ports.patches import Edit, Reader, Upgrade

_NO_CATEGORIES = frozenset({"source", "requires", "scripts", "pipenv"})


class PipfileEditor:
    name = "pipfile"
    label = "Pipfile"
    types = frozenset({"pypi"})
    patterns = ("Pipfile",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The Pipfile; packages that only the lock file has are raised by the command."""
        text = read(path)
        if text is None:
            return
        upgrades = sound(upgrades)
        document = _toml.parse(path, text)
        locked = read(folder_of(path) + "Pipfile.lock")
        tally, asked = Tally(), by_name(upgrades, normal_name)
        named = {
            normal_name(str(key))
            for category, table in document.items()
            if category not in _NO_CATEGORIES and isinstance(table, Mapping)
            for key in _edit_table(table, asked, tally, floor=locked is None)
        }
        renew = "pipenv lock" if locked is not None else ""
        deep = [u for u in upgrades if normal_name(u.name) not in named and _holds(locked, u)]
        if deep:
            tally.done.update(dict.fromkeys(deep))
            pins = " ".join(f"{normal_name(u.name)}>={u.version}" for u in deep)
            renew = f'pipenv upgrade --lock-only "{pins}"'
        if tally.speaks:
            yield tally.edit(path, text, tomlkit.dumps(document), renew)


def _edit_table(
    table: Any, asked: Mapping[str, list[Upgrade]], tally: Tally, *, floor: bool
) -> list[str]:
    for key in list(table):
        value = table[key]
        holder, inner = (table, key) if isinstance(value, String) else (value, "version")
        if not isinstance(holder, Mapping) or not isinstance(holder.get(inner), String):
            for upgrade in asked.get(normal_name(str(key)), ()):
                tally.leave(upgrade, T("it comes from an address, not from an index"))
            continue
        for upgrade in asked.get(normal_name(str(key)), ()):
            _edit_version(holder, inner, upgrade, tally, floor=floor)
    return list(table)


def _edit_version(holder: Any, key: str, upgrade: Upgrade, tally: Tally, *, floor: bool) -> None:
    said = str(holder[key])
    pinned = exact_version(said)
    other = pinned and upgrade.installed and not same_version(pinned, upgrade.installed)
    if other and not same_version(pinned, upgrade.version):
        tally.leave(upgrade, T("{version} is asked for here, not {installed}", version=pinned,
                               installed=upgrade.installed))  # fmt: skip
        return
    try:
        new = raised("" if said.strip() == "*" else said, upgrade.version, floor=floor)
    except ValueError:
        tally.leave(upgrade, T("what is asked for leaves {version} out", version=upgrade.version))
        return
    tally.done[upgrade] = None
    if new and new != said:
        _toml.set_string(holder, key, new)


def _holds(locked: str | None, upgrade: Upgrade) -> bool:
    """True when Pipfile.lock has the package."""
    try:
        whole = json.loads(locked or "{}")
    except (ValueError, RecursionError):
        return False
    wanted = normal_name(upgrade.name)
    return isinstance(whole, dict) and any(
        normal_name(str(name)) == wanted
        for category, packages in whole.items()
        if category != "_meta" and isinstance(packages, dict)
        for name in packages
    )


EDITOR = PipfileEditor()
