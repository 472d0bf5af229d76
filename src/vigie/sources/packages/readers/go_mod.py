"""Go modules that a go.mod asks for, after its replacements and exclusions.

Source: the Go modules reference (go.mod files, go.sum files). Since Go 1.17 the file names
every module that is built from; an older one's indirect modules stand in its go.sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vigie.model.inventory import Package, Scope
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB, read_text
from vigie.sources.packages.readers._golang import is_local, module, standard_library
from vigie.sources.packages.readers._records import text_beside

_MOST = 16 * MIB
_LONGEST_LINE = 16_384
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`()]+|[()])')
_NUMBERS = re.compile(r"\d+")
_DIRECTIVES = frozenset({"require", "replace", "exclude", "retract", "tool", "godebug", "ignore"})


@dataclass(frozen=True, slots=True)
class _Required:
    version: str
    line: int
    indirect: bool


@dataclass(slots=True)
class _Module:
    go: str = ""
    go_line: int = 0
    toolchain: str = ""
    toolchain_line: int = 0
    required: dict[str, _Required] = field(default_factory=dict)
    # What stands in the place of a module, or of one version of it: path and version.
    replaced: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    excluded: set[tuple[str, str]] = field(default_factory=set)


class _GoMod:
    name = "go-mod"
    label = "go.mod"
    types = frozenset({"golang"})
    patterns: Sequence[str] = ("go.mod",)
    binaries = False
    installed = False

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package]:
        """What is required, and the standard library of the toolchain that the file fixes.

        A module that is replaced by a folder is the project's own code, and left out.
        """
        if _is_of_others(file.path, around):
            return
        told = _parsed(read_text(file, _MOST))
        library = _library(told)
        if library is not None:
            yield library
        for path, required in told.required.items():
            if (path, required.version) in told.excluded:
                continue
            found = _package(told, path, required)
            if found is not None:
                yield found
        if not _is_complete(told.go):
            sums = text_beside(file, around, "go.sum")
            for path, version in _summed(sums).items():
                found = _package(told, path, _Required(version, 0, indirect=True))
                if path not in told.required and found is not None:
                    yield found


READER = _GoMod()


def _is_of_others(path: str, around: Surroundings) -> bool:
    """True in the cache of modules, whose files speak for their authors, and in Go's own source,
    which is known by the version of the standard library."""
    if "/pkg/mod/" in f"/{path}":
        return True
    before, found, _ = f"/{path}".rpartition("/go/src/")
    return bool(found) and around.system.find(f"{before}/go/VERSION".lstrip("/")) is not None


def _parsed(text: str) -> _Module:
    told = _Module()
    block = ""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"line {number} is longer than any of a go.mod")
        code, _, comment = line.partition("//")
        words = ["".join(groups) for groups in _WORD.findall(code)]
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
            else:
                _take(told, block, words, number, comment)
        elif len(words) > 1 and words[1] == "(":
            block = words[0] if words[-1] != ")" else ""
        elif words[0] == "go" and len(words) == 2:
            told.go, told.go_line = words[1], number
        elif words[0] == "toolchain" and len(words) == 2:
            told.toolchain, told.toolchain_line = words[1], number
        elif words[0] in _DIRECTIVES:
            _take(told, words[0], words[1:], number, comment)
        elif words[0] != "module":
            raise ValueError(f"line {number} is no directive of a go.mod")
    return told


def _take(told: _Module, directive: str, words: list[str], line: int, comment: str) -> None:
    if directive == "require" and len(words) == 2:
        indirect = comment.strip().startswith("indirect")
        told.required[words[0]] = _Required(words[1], line, indirect)
    elif directive == "exclude" and len(words) == 2:
        told.excluded.add((words[0], words[1]))
    elif directive == "replace" and "=>" in words[1:-1]:
        arrow = words.index("=>")
        path, version = (*words[:arrow], "", "")[:2]
        target, target_version = (*words[arrow + 1 :], "", "")[:2]
        told.replaced[path, version] = (target, target_version)
    elif directive in ("require", "exclude", "replace"):
        raise ValueError(f"line {line} is no {directive} of a go.mod")


def _package(told: _Module, path: str, required: _Required) -> Package | None:
    version = required.version
    for key in ((path, version), (path, "")):
        if key in told.replaced:
            path, version = told.replaced[key]
            break
    if is_local(path):
        return None
    return module(path, version, line=required.line or None, direct=not required.indirect)


def _library(told: _Module) -> Package | None:
    """The standard library, when the file fixes its release: by `toolchain`, or since Go 1.21
    by a whole release in `go` ("1.22.1"; a plain "1.22" is the language, of any release)."""
    version, line = standard_library(told.toolchain), told.toolchain_line
    if not version and told.go.count(".") == 2 and _numbers(told.go) >= (1, 21):
        version, line = standard_library(f"go{told.go}"), told.go_line
    if not version:
        return None
    return module("stdlib", version, line=line, scope=Scope.RUNTIME, direct=True)


def _is_complete(go: str) -> bool:
    return _numbers(go) >= (1, 17)


def _summed(text: str) -> Mapping[str, str]:
    """The highest version of each module whose content go.sum vouches for."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and not words[1].endswith("/go.mod"):
            path, version = words[0], words[1]
            if path not in found or _numbers(version) > _numbers(found[path]):
                found[path] = version
    return found


def _numbers(version: str) -> tuple[int, ...]:
    # Enough to choose among what go.sum lists: numbers first, then the date of a commit.
    return tuple(int(number[:20]) for number in _NUMBERS.findall(version[:200]))
