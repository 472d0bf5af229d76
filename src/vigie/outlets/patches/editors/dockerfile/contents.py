"""Which file of the build context lies where in the image, as far as COPY and ADD tell."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from vigie.outlets.patches.editors._upgrades import folder_of
from vigie.outlets.patches.editors.dockerfile.changes import Case
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.stages import Stage


def sources_of(one: Instruction) -> tuple[list[str], str]:
    """The sources of a COPY or ADD and where they go; ([], "") when that cannot be told."""
    listed = one.argument_list
    words = list(listed) if listed is not None else one.arguments.split()
    if one.heredocs or len(words) < 2:
        return [], ""
    return [word.strip("\"'") for word in words[:-1]], words[-1].strip("\"'")


def context_path(
    case: Case, stage: Stage, place: str, before: Instruction | None = None
) -> str | None:
    """The path in the target of what lies at `place` in the image; None when it is not known to
    come from there, or to be text."""
    found: str | None = None
    for one in stage.chain:
        if one is before:
            break
        if one.keyword not in ("COPY", "ADD") or one.flag("from") is not None:
            continue
        for path in _candidates(case, stage, one, place):
            if case.read(path) is not None:
                found = path
                break
    return found


def context_text(
    case: Case, stage: Stage, place: str, before: Instruction | None = None
) -> str | None:
    """The text of what lies at `place` in the image, None when it is not known."""
    path = context_path(case, stage, place, before)
    return case.read(path) if path is not None else None


def roots(case: Case) -> list[str]:
    """The folders that may be the build context: the Dockerfile's own, and the target's."""
    return list(dict.fromkeys((folder_of(case.path), "")))


def _candidates(case: Case, stage: Stage, one: Instruction, place: str) -> Iterator[str]:
    sources, goal = sources_of(one)
    home = stage.folder_before(one)
    if not sources or (not goal.startswith("/") and home is None):
        return
    where = posixpath.normpath(posixpath.join(home or "/", goal))
    several = len(sources) > 1 or goal.endswith("/") or goal in (".", "..")
    for source in sources:
        for root in roots(case):
            local = posixpath.normpath(posixpath.join("/", source)).lstrip("/")
            yield from _matching(case, root + local, where, place, several)


def _matching(case: Case, source: str, where: str, place: str, several: bool) -> Iterator[str]:
    folder, name = posixpath.split(place)
    pattern = source.rpartition("/")[2]
    if "*" in pattern or "?" in pattern:
        if folder == where and fnmatchcase(name, pattern):
            yield posixpath.join(folder_of(source), name)
    elif case.read(source) is not None:
        if place == (posixpath.join(where, pattern) if several else where):
            yield source
    elif where == "/" or place.startswith(where + "/"):
        yield posixpath.join(source, place[len(where) :].lstrip("/"))
