"""go.mod: versions in require directives, and the toolchain for Go's own standard library.

Source: Go Modules Reference, "go.mod files" and "Versions". go.sum is renewed by go itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.outlets.patches.editors._semver_ranges import above
from vigie.outlets.patches.editors._upgrades import Tally, folder_of, sound
from vigie.ports.patches import Edit, Reader, Upgrade

_BLOCK = re.compile(r"\s*(?P<verb>[a-z]+)\s*\(\s*(?://.*)?$")
_MODULE = re.compile(
    r"(?P<lead>\s*(?:require\s+)?)(?P<name>[^\s()/\"][^\s()\"]*)\s+(?P<version>v[^\s]+)"
)
_DIRECTIVE = re.compile(r"\s*(?P<verb>go|toolchain)\s+(?P<go>go)?(?P<version>\d[^\s]*)")
_MAJOR = re.compile(r"(?:/v|^gopkg\.in/.*\.v)(?P<major>\d+)$")
_STANDARD = frozenset({"stdlib", "std", "go", "toolchain", "golang.org/toolchain"})
_LARGEST = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class _Said:
    """A version in the file. `verb` is "require", "replace", "go" or "toolchain"."""

    verb: str
    name: str
    version: str
    start: int
    end: int


class GoModEditor:
    name = "go-mod"
    label = "go.mod"
    types = frozenset({"golang"})
    patterns = ("go.mod",)

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """Each required module to its version; a module that others bring is required as well."""
        text = read(path)
        if text is None:
            return
        said = list(_said(path, text))
        tally, changes, added = Tally(), [], {}
        for upgrade in sound(upgrades):
            if upgrade.name in _STANDARD:
                changes += _toolchain(said, upgrade, tally)
                continue
            version = "v" + upgrade.version.removeprefix("v")
            here = [one for one in said if one.verb == "require" and one.name == upgrade.name]
            why = _reason(said, here, upgrade, version)
            if why is not None:
                tally.leave(upgrade, why)
                continue
            if not here:
                if _known(path, read, upgrade):
                    added[upgrade] = version
                continue
            tally.done[upgrade] = None
            changes += [
                (one, _spelled(one, version)) for one in here if above(version, one.version)
            ]
        after = text
        for one, version in sorted(set(changes), key=lambda change: -change[0].start):
            after = after[: one.start] + version + after[one.end :]
        for upgrade, version in sorted(added.items(), key=lambda pair: pair[0].name):
            after = _required(after, upgrade.name, version)
            tally.done[upgrade] = None
        if tally.speaks:
            yield tally.edit(path, text, after, _command(tally.done))


def _known(path: str, read: Reader, upgrade: Upgrade) -> bool:
    """True when a module that is not required here is one of this module's all the same."""
    if path in upgrade.paths:
        return True
    sums = read(folder_of(path) + "go.sum") or ""
    return sums.startswith(f"{upgrade.name} ") or f"\n{upgrade.name} " in sums


def _command(upgrades: Iterable[Upgrade]) -> str:
    modules = sorted({f"{u.name}@v{u.version.removeprefix('v')}" for u in upgrades
                      if u.name not in _STANDARD})  # fmt: skip
    return f"go get {' '.join(modules)} && go mod tidy" if modules else ""


def _said(path: str, text: str) -> Iterator[_Said]:
    if len(text) > _LARGEST or "\x00" in text or not re.search(r"(?m)^\s*module\b", text):
        raise UserError(T("{path} is no go.mod", path=path), T("It was not touched."))
    block, place = "", 0
    for line in text.splitlines(keepends=True):
        code = line.partition("//")[0] if "://" not in line else line
        opened = _BLOCK.match(line.rstrip("\r\n"))
        if opened and not block:
            block = opened["verb"]
        elif block and code.strip() == ")":
            block = ""
        else:
            yield from _of_line(line, block, place)
        place += len(line)


def _of_line(line: str, block: str, place: int) -> Iterator[_Said]:
    bare = line.lstrip()
    if bare.startswith("//"):
        return
    verb = block or bare.split(maxsplit=1)[0] if bare.split() else ""
    if not block and (found := _DIRECTIVE.match(line)) is not None:
        yield _Said(found["verb"], "", found["version"], place + found.start("version"),
                    place + found.end("version"))  # fmt: skip
    elif verb == "replace":
        name = bare.removeprefix("replace").split()[:1]
        yield _Said("replace", name[0] if name else "", "", place, place)
    elif verb == "require" and (found := _MODULE.match(line)) is not None:
        yield _Said(verb, found["name"], found["version"], place + found.start("version"),
                    place + found.end("version"))  # fmt: skip


def _reason(
    said: Sequence[_Said], here: Sequence[_Said], upgrade: Upgrade, version: str
) -> Text | None:
    """Why the module cannot be raised here; None when it can."""
    if any(one.verb == "replace" and one.name == upgrade.name for one in said):
        return T("a replace directive stands in its place")
    major = version[1:].partition(".")[0]
    path_major = _MAJOR.search(upgrade.name)
    incompatible = any(one.version.endswith("+incompatible") for one in here)
    if (path_major["major"] if path_major else "1") != major and not (
        path_major is None and (major in ("0", "1") or incompatible)
    ):
        return T("{version} has another module path: the code that imports it has to change",
                 version=version)  # fmt: skip
    if not here and upgrade.direct is True:
        return T("it is not required here")
    return None


def _spelled(one: _Said, version: str) -> str:
    incompatible = one.version.endswith("+incompatible") and not version.endswith("+incompatible")
    return version + "+incompatible" if incompatible else version


def _toolchain(said: Sequence[_Said], upgrade: Upgrade, tally: Tally) -> list[tuple[_Said, str]]:
    """The toolchain line, else the go line: what the standard library is taken from."""
    wanted = upgrade.version.removeprefix("v").removeprefix("go")
    for verb in ("toolchain", "go"):
        for one in said:
            if one.verb == verb:
                tally.done[upgrade] = None
                return [(one, wanted)] if above(wanted, one.version) else []
    tally.leave(upgrade, T("no go or toolchain line says which Go is used"))
    return []


def _required(text: str, name: str, version: str) -> str:
    """The text with a module required `// indirect`, beside the other ones if there are any."""
    newline = "\r\n" if "\r\n" in text else "\n"
    line = f"{name} {version} // indirect"
    blocks = list(re.finditer(r"(?m)^require[ \t]*\([^)]*?(?=^\))", text))
    indirect = [block for block in blocks if "// indirect" in block[0]] or blocks
    if indirect:
        end = indirect[-1].end()
        return f"{text[:end]}\t{line}{newline}{text[end:]}"
    gap = "" if text.endswith("\n") else newline
    return f"{text}{gap}{newline}require {line}{newline}"


EDITOR = GoModEditor()
