"""package.json; package-lock.json and its like are renewed by their own tool.

Sources: npm's documentation, "package.json" (dependencies, overrides) and "package-lock.json";
Yarn's "resolutions"; pnpm's "pnpm.overrides".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vigie.model.text import T
from vigie.outlets.patches.editors._json import Keys, Place, checked, places, replaced, with_entries
from vigie.outlets.patches.editors._semver_ranges import allows, lowest, raised
from vigie.outlets.patches.editors._upgrades import Tally, by_name, folder_of
from vigie.ports.patches import Edit, Reader, Upgrade

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
_PEERS = "peerDependencies"


@dataclass(frozen=True, slots=True)
class _Manager:
    """A package manager: its lock file, where overrides stand, and how the lock is renewed."""

    lock: str
    overrides: Keys
    renew: str


_NPM = "npm update {names} --package-lock-only --ignore-scripts"
_MANAGERS = (
    _Manager("package-lock.json", ("overrides",), _NPM),
    _Manager("npm-shrinkwrap.json", ("overrides",), _NPM),
    _Manager("yarn.lock", ("resolutions",), "yarn up -R {names} --mode update-lockfile"),
    _Manager("pnpm-lock.yaml", ("pnpm", "overrides"), "pnpm update --lockfile-only {names}"),
    _Manager("bun.lock", ("overrides",), "bun update --lockfile-only {names}"),
    _Manager("bun.lockb", ("overrides",), "bun update --lockfile-only {names}"),
)
_NONE = _Manager("", ("overrides",), "")


class PackageJsonEditor:
    name = "package-json"
    label = "package.json"
    types = frozenset({"npm"})
    patterns = ("package.json",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The manifest: its own ranges where they leave the version out, overrides where those
        of other packages do."""
        text = read(path)
        if text is None:
            return
        checked(path, text)
        manager, locked = _manager(path, read)
        tree = _Tree.of(locked if manager.lock.endswith(".json") else "")
        file = _Manifest(places(text), tree, manager, bool(manager.lock))
        for name, asked in by_name(upgrades).items():
            for upgrade in asked:
                file.take(name, upgrade)
        after = replaced(text, file.changes)
        if file.overrides:
            if manager.overrides[:-1] and manager.overrides[:-1] not in places(after):
                after = with_entries(after, manager.overrides[:-1], ())
            after = with_entries(after, manager.overrides, sorted(file.overrides.items()))
        if file.tally.speaks:
            names = " ".join(sorted({upgrade.name for upgrade in file.tally.done}))
            yield file.tally.edit(path, text, after, manager.renew.format(names=names))


def _manager(path: str, read: Reader) -> tuple[_Manager, str]:
    for manager in _MANAGERS:
        text = read(folder_of(path) + manager.lock)
        if text is not None:
            return manager, text
    return _NONE, ""


@dataclass(slots=True)
class _Tree:
    """What package-lock.json says: the version of each direct package, every copy of each, and
    the ranges that packages ask for."""

    direct: dict[str, str] = field(default_factory=dict)
    copies: dict[str, set[str]] = field(default_factory=dict)
    asked: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> _Tree:
        tree = cls()
        try:
            whole = json.loads(text or "{}")
        except (ValueError, RecursionError):
            return tree
        if not isinstance(whole, dict):
            return tree
        for place, package in _packages(whole):
            name = place.rpartition("node_modules/")[2]
            version = package.get("version")
            if name and isinstance(version, str):
                tree.copies.setdefault(name, set()).add(version)
                if place == f"node_modules/{name}":
                    tree.direct[name] = version
            if place:
                tree._ask(package)
        return tree

    def _ask(self, package: Mapping[str, Any]) -> None:
        for section in ("dependencies", "optionalDependencies", "requires", _PEERS):
            wanted = package.get(section)
            for name, asked in wanted.items() if isinstance(wanted, dict) else ():
                if isinstance(asked, str):
                    self.asked.setdefault(name, set()).add(asked)


def _packages(whole: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    packages = whole.get("packages")
    if isinstance(packages, dict):  # lockfileVersion 2 and 3
        yield from ((p, v) for p, v in packages.items() if isinstance(v, dict))
        return
    waiting: list[tuple[str, Any]] = [("", whole)]
    while waiting:  # lockfileVersion 1: nested, with `requires` as ranges
        place, one = waiting.pop()
        inner = one.get("dependencies")
        for name, package in inner.items() if isinstance(inner, dict) else ():
            if isinstance(package, dict):
                at = f"{place}/node_modules/{name}".strip("/")
                yield at, {"version": package.get("version"), "requires": package.get("requires")}
                waiting.append((at, package))


@dataclass(slots=True)
class _Manifest:
    """The file while it is edited."""

    places: Mapping[Keys, Place]
    tree: _Tree
    manager: _Manager
    locked: bool
    tally: Tally = field(default_factory=Tally)
    changes: list[tuple[Place, str]] = field(default_factory=list)
    overrides: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, upgrade: Upgrade) -> None:
        """One upgrade: of what is asked for here, of what others ask for, or of both."""
        own = [self.places[s, name] for s in _SECTIONS if (s, name) in self.places]
        own = [place for place in own if place.value]
        here = bool(own) and self._is_about(name, own, upgrade)
        if here:
            for place in own:
                self._raise(place, upgrade)
        deep = self.tree.copies.get(name, set())
        if upgrade.installed and deep and upgrade.installed not in deep:
            if not here:
                return
        elif not here and (deep or self._elsewhere(upgrade)):
            self._deep(name, upgrade)
        elif here and self._others_leave_it_out(name, upgrade):
            self._override(name, upgrade, f"${name}")

    def _elsewhere(self, upgrade: Upgrade) -> bool:
        """True when a lock file that is not taken apart here names it."""
        return any(path.endswith(self.manager.lock) for path in upgrade.paths) and self.locked

    def _is_about(self, name: str, own: Sequence[Place], upgrade: Upgrade) -> bool:
        """Whether the copy that is meant is the one asked for here, or one deeper down."""
        if not upgrade.installed:
            return True
        if name in self.tree.direct:
            return upgrade.installed == self.tree.direct[name]
        inside = [allows(place.value, upgrade.installed) for place in own]
        raised_before = any(allows(place.value, upgrade.version) for place in own)
        return raised_before or any(one is not False for one in inside)

    def _raise(self, place: Place, upgrade: Upgrade) -> None:
        inside = allows(place.value, upgrade.version)
        if inside is None:
            self.tally.leave(upgrade, T("it comes from an address, not from an index"))
            return
        self.tally.done[upgrade] = None
        old = lowest(place.value)
        floor_is_low = not self.locked and old != upgrade.version
        if inside and not (floor_is_low and allows(f">{old or '0.0.0'}", upgrade.version)):
            return
        self.changes.append((place, raised(place.value, upgrade.version)))

    def _others_leave_it_out(self, name: str, upgrade: Upgrade) -> bool:
        if upgrade.forced:
            return True
        return any(
            allows(asked, upgrade.version) is False and allows(asked, upgrade.installed)
            for asked in self.tree.asked.get(name, ())
        )

    def _deep(self, name: str, upgrade: Upgrade) -> None:
        """A package that others ask for: the lock file alone, else an override."""
        self.tally.done[upgrade] = None
        if self._others_leave_it_out(name, upgrade) or not self.locked:
            self._override(name, upgrade, upgrade.version)

    def _override(self, name: str, upgrade: Upgrade, value: str) -> None:
        several = len(self.tree.copies.get(name, ())) > 1 and upgrade.installed
        nested = (*self.manager.overrides, name)
        if nested in self.places and not self.places[nested].value:
            self.tally.done.pop(upgrade, None)
            self.tally.leave(upgrade, T("it has an override of its own already"))
            return
        if value.startswith("$") and (several or self.manager.overrides != ("overrides",)):
            value = upgrade.version
        self.overrides[f"{name}@{upgrade.installed}" if several else name] = value
        self.tally.notes.append(
            T("an override raises {packages} beyond what other packages ask for", packages=(name,))
        )


EDITOR = PackageJsonEditor()
