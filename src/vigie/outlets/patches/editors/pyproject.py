"""pyproject.toml: PEP 621, PEP 735, Poetry, uv, PDM and Hatch; the lock files beside it.

Sources: PyPA "Declaring project metadata", PEP 735, Poetry's "The pyproject.toml file", uv's
"Managing dependencies" and "Resolution" (constraint dependencies).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Array, String

from vigie.model.text import T
from vigie.outlets.patches.editors import _poetry_ranges as poetry
from vigie.outlets.patches.editors import _toml
from vigie.outlets.patches.editors._python_ranges import (
    exact_version,
    normal_name,
    parse_requirement,
    raised,
    same_version,
)
from vigie.outlets.patches.editors._upgrades import Tally, by_name, folder_of, sound
from vigie.ports.patches import Edit, Reader, Upgrade

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")


class PyprojectEditor:
    name = "pyproject"
    label = "pyproject.toml"
    types = frozenset({"pypi"})
    patterns = ("pyproject.toml",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The manifest; what a lock file beside it holds is renewed by its own tool."""
        text = read(path)
        if text is None:
            return
        upgrades = sound(upgrades)
        document = _toml.parse(path, text)
        lock, locked = _lock_of(path, read)
        file = _Manifest(Tally(), by_name(upgrades, normal_name), floor=not lock)
        for array in _arrays(document):
            file.edit_array(array)
        for table in _poetry_tables(document):
            file.edit_table(table)
        if lock:
            _through_the_lock(file, document, lock, locked, upgrades)
        if file.tally.speaks:
            renew = _command(lock, file.tally.done)
            yield file.tally.edit(path, text, tomlkit.dumps(document), renew)


class _Manifest:
    """The file while it is edited."""

    def __init__(self, tally: Tally, asked: dict[str, list[Upgrade]], *, floor: bool) -> None:
        self.tally = tally
        self.asked = asked
        self.floor = floor
        self.named: set[str] = set()

    def edit_array(self, array: Any) -> None:
        """PEP 508 strings."""
        for index, item in enumerate(list(array)):
            found = parse_requirement(item) if isinstance(item, String) else None
            if found is None:
                continue
            text = str(item)
            name = normal_name(found.name)
            self.named.add(name)
            if found.address:
                for upgrade in self.asked.get(name, ()):
                    self.tally.leave(upgrade, T("it comes from an address, not from an index"))
                continue
            new = self._decide(name, found.specifiers, raised)
            if new is not None and new != found.specifiers:
                _toml.set_string(array, index, text[: found.start] + new + text[found.end :])

    def edit_table(self, table: Any) -> None:
        """Poetry's tables: a string, a table with `version`, or a list of those."""
        for key in list(table):
            name = normal_name(str(key))
            self.named.add(name)
            if name not in self.asked:
                continue
            for holder, inner in _versions_in(table, key):
                new = self._decide(name, str(holder[inner]), poetry.raised)
                if new is not None and new != str(holder[inner]):
                    _toml.set_string(holder, inner, new)

    def _decide(self, name: str, asked: str, raise_: Callable[..., str]) -> str | None:
        """The new range; None when no upgrade is about it."""
        for upgrade in self.asked.get(name, ()):
            pinned = exact_version(asked)
            other = upgrade.installed and pinned and not same_version(pinned, upgrade.installed)
            if other and not same_version(pinned, upgrade.version):
                why = T("{version} is asked for here, not {installed}", version=pinned,
                        installed=upgrade.installed)  # fmt: skip
                self.tally.leave(upgrade, why)
                continue
            try:
                new = raise_(asked, upgrade.version, floor=self.floor)
            except ValueError:
                self.tally.leave(upgrade, T("what is asked for leaves {version} out",
                                            version=upgrade.version))  # fmt: skip
                continue
            self.tally.done[upgrade] = None
            return new
        return None


def _arrays(document: Mapping[str, Any]) -> Iterator[Any]:
    project, tool = document.get("project", {}), _toml.table_of(document, "tool")
    yield _array(project, "dependencies")
    yield from _all_arrays(_toml.table_of(project, "optional-dependencies"))
    yield from _all_arrays(_toml.table_of(document, "dependency-groups"))
    yield _array(_toml.table_of(document, "build-system"), "requires")
    yield _array(_toml.table_of(tool, "uv"), "dev-dependencies")
    yield _array(_toml.table_of(tool, "uv"), "constraint-dependencies")
    yield _array(_toml.table_of(tool, "uv"), "override-dependencies")
    yield from _all_arrays(_toml.table_of(tool, "pdm", "dev-dependencies"))
    for environment in _toml.table_of(tool, "hatch", "envs").values():
        yield _array(environment, "dependencies")
        yield _array(environment, "extra-dependencies")


def _array(table: Any, key: str) -> Any:
    found = table.get(key) if isinstance(table, Mapping) else None
    return found if isinstance(found, Array) else []


def _all_arrays(table: Mapping[str, Any]) -> Iterator[Any]:
    for key in table:
        yield _array(table, key)


def _poetry_tables(document: Mapping[str, Any]) -> Iterator[Any]:
    tool = _toml.table_of(document, "tool", "poetry")
    yield _toml.table_of(tool, "dependencies")
    yield _toml.table_of(tool, "dev-dependencies")
    for group in _toml.table_of(tool, "group").values():
        yield _toml.table_of(group, "dependencies")


def _versions_in(table: Any, key: str) -> Iterator[tuple[Any, Any]]:
    """Where the constraint of a package stands: its holder and its key there."""
    value = table[key]
    if isinstance(value, String):
        yield table, key
    elif isinstance(value, Mapping) and isinstance(value.get("version"), String):
        yield value, "version"
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, Mapping) and isinstance(one.get("version"), String):
                yield one, "version"


def _lock_of(path: str, read: Reader) -> tuple[str, str]:
    """The lock file beside it and its text."""
    for name in _LOCKS:
        text = read(folder_of(path) + name)
        if text is not None:
            return name, text
    return "", ""


def _through_the_lock(
    file: _Manifest, document: Any, lock: str, locked: str, upgrades: Sequence[Upgrade]
) -> None:
    """Packages that only the lock file names: its tool raises them within what others ask for."""
    deep = [u for u in upgrades if normal_name(u.name) not in file.named and _holds(locked, u)]
    forced = [u for u in deep if u.forced]
    if lock == "uv.lock" and forced:
        _override(document, forced)
        file.tally.notes.append(
            T("an override raises {packages} beyond what other packages ask for",
              packages=tuple(sorted({u.name for u in forced})))
        )  # fmt: skip
    for upgrade in deep:
        if upgrade.forced and lock != "uv.lock":
            file.tally.leave(upgrade, T("another package asks for an older version of it"))
        else:
            file.tally.done[upgrade] = None


def _command(lock: str, upgrades: Iterable[Upgrade]) -> str:
    """What brings the lock file up to date; "" when there is none."""
    if not lock:
        return ""
    wanted = sorted({(normal_name(u.name), u.version) for u in upgrades})
    names = " ".join(name for name, _ in wanted)
    if lock == "uv.lock":
        return "uv lock " + " ".join(f'-P "{name}=={version}"' for name, version in wanted)
    return (
        f"poetry update --lock {names}"
        if lock == "poetry.lock"
        else f"pdm update --no-sync {names}"
    )


def _holds(locked: str, upgrade: Upgrade) -> bool:
    """True when the lock file has the package. It is not taken apart: its tool does that."""
    wanted = normal_name(upgrade.name)
    return any(
        normal_name(line.partition("=")[2].strip().strip('"')) == wanted
        for line in locked.splitlines()
        if line.startswith("name = ")
    )


def _override(document: Any, upgrades: Sequence[Upgrade]) -> None:
    """uv's `override-dependencies`: versions that hold whatever other packages ask for."""
    tool = document.setdefault("tool", tomlkit.table(is_super_table=True))
    uv = tool.setdefault("uv", tomlkit.table())
    if "override-dependencies" not in uv:
        uv["override-dependencies"] = tomlkit.array().multiline(True)
    array = uv["override-dependencies"]
    for upgrade in sorted(upgrades, key=lambda u: (normal_name(u.name), u.version)):
        array.append(f"{normal_name(upgrade.name)}=={upgrade.version}")


EDITOR = PyprojectEditor()
