"""requirements.txt, constraints and what pip-tools compiles from and to.

Source: pip's documentation, "Requirements File Format"; pip-tools' README.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.patches.editors._python_ranges import (
    exact_version,
    normal_name,
    parse_requirement,
    raised,
    same_version,
)
from vigie.outlets.patches.editors._upgrades import Tally, by_name, folder_of
from vigie.ports.patches import Edit, Reader, Upgrade

_INCLUDE = re.compile(r"\s*(?:-r|--requirement|-c|--constraint)(?:\s+|=)(?P<file>[^\s#]+)")
_HASH = re.compile(r"--hash[= ]\s*[\w-]+:[0-9A-Za-z]+")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_MOST_INCLUDED = 200
_LONGEST_LINE = 1_000_000
_LARGEST = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class _Logical:
    """One requirement with its continuations: its place in the file and its text."""

    start: int
    text: str


class RequirementsEditor:
    name = "requirements"
    label = "requirements.txt"
    types = frozenset({"pypi"})
    patterns = (
        "requirements*.txt", "*requirements.txt", "*-requirements.txt", "requirements/*.txt",
        "constraints*.txt", "requirements*.in", "*requirements.in", "requirements/*.in",
    )  # fmt: skip

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The file and every file that it includes."""
        asked = by_name(upgrades, normal_name)
        waiting, seen = [path], {path}
        while waiting:
            place = waiting.pop(0)
            text = read(place)
            if text is None:
                continue
            _refuse(place, text)
            for line in _logical_lines(text):
                found = _included(place, line)
                if found and found not in seen and len(seen) < _MOST_INCLUDED:
                    seen.add(found)
                    waiting.append(found)
            edit = _edited(place, text, asked, compiled=_compiled(place, read))
            if edit is not None:
                yield edit


def _refuse(path: str, text: str) -> None:
    if "\x00" in text or len(text) > _LARGEST or max(map(len, text.split("\n"))) > _LONGEST_LINE:
        raise UserError(T("{path} is no list of requirements", path=path), T("It was not touched."))


def _logical_lines(text: str) -> Iterator[_Logical]:
    """Lines joined over their backslashes, each with where it starts; comments stay outside."""
    start, begun = 0, ""
    place = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if not begun:
            start = place
        begun += line
        place += len(line)
        if bare.endswith("\\") and not bare.lstrip().startswith("#"):
            continue
        yield _Logical(start, begun)
        begun = ""
    if begun:
        yield _Logical(start, begun)


def _included(path: str, line: _Logical) -> str:
    found = _INCLUDE.match(line.text)
    if found is None or "://" in found["file"] or "$" in found["file"]:
        return ""
    joined = posixpath.normpath(folder_of(path) + found["file"])
    outside = joined.startswith(("../", "/")) or joined == ".."
    return "" if outside or found["file"].startswith("/") else joined


def _compiled(path: str, read: Reader) -> bool:
    """True for a file of what is asked for whose pins lie in a file beside it."""
    return path.endswith(".in") and read(path.removesuffix(".in") + ".txt") is not None


def _edited(
    path: str, text: str, asked: dict[str, list[Upgrade]], *, compiled: bool
) -> Edit | None:
    tally, pieces, place = Tally(), [], 0
    for line in _logical_lines(text):
        pieces.append(text[place : line.start])
        pieces.append(_changed(line.text, asked, tally, floor=not compiled))
        place = line.start + len(line.text)
    after = "".join(pieces) + text[place:]
    return tally.edit(path, text, after) if tally.speaks else None


def _changed(line: str, asked: dict[str, list[Upgrade]], tally: Tally, *, floor: bool) -> str:
    comment = _COMMENT.search(line)
    code = line[: comment.start()] if comment is not None and "\\" not in line else line
    if not code.strip() or code.lstrip().startswith(("-", "#")):
        return line
    found = parse_requirement(code.replace("\\\r\n", "   ").replace("\\\n", "  "))
    upgrades = asked.get(normal_name(found.name), []) if found is not None else []
    if found is None or not upgrades:
        return line
    pinned = exact_version(found.specifiers)
    for upgrade in upgrades:
        if found.address:
            tally.leave(upgrade, T("it comes from an address, not from an index"))
        elif pinned and same_version(pinned, upgrade.version):
            tally.done[upgrade] = None
        elif pinned and upgrade.installed and not same_version(pinned, upgrade.installed):
            tally.leave(upgrade, T("{version} is asked for here, not {installed}", version=pinned,
                                   installed=upgrade.installed))  # fmt: skip
        else:
            return _upgraded(line, found.start, found.end, upgrade, tally, floor=floor)
    return line


def _upgraded(
    line: str, start: int, end: int, upgrade: Upgrade, tally: Tally, *, floor: bool
) -> str:
    hashes = list(_HASH.finditer(line))
    try:
        asked = raised(line[start:end], upgrade.version, floor=floor)
    except ValueError:
        tally.leave(upgrade, T("what is asked for leaves {version} out", version=upgrade.version))
        return line
    if asked == line[start:end]:
        tally.done[upgrade] = None
        return line
    if hashes and not upgrade.hashes:
        tally.leave(upgrade, T("its hashes are not known; run {command}",
                               command="pip-compile --generate-hashes"))  # fmt: skip
        return line
    tally.done[upgrade] = None
    if hashes:
        line = _with_hashes(line, hashes, upgrade.hashes)
    return line[:start] + asked + line[end:]


def _with_hashes(line: str, old: Sequence[re.Match[str]], new: Sequence[str]) -> str:
    """The new hashes in place of the old ones, set apart as those were."""
    first, last = old[0], old[-1]
    if len(old) > 1:
        gap = line[first.end() : old[1].start()]
    else:
        before = line[: first.start()]
        gap = before[len(before.rstrip(" \t\r\n\\")) :] or " "
    return line[: first.start()] + gap.join(f"--hash={h}" for h in new) + line[last.end() :]


EDITOR = RequirementsEditor()
