"""Patterns of file names, as plugs declare which files they want."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


class Patterns:
    """Which owners want a path, out of each one's patterns.

    A pattern without "/" is about the file's name ("go.mod", "*.jar"), one with a "/" about
    the end of the path ("*.dist-info/METADATA"), one that begins with "/" about the whole path
    from the root. "*" and "?" stay inside one name, "**" is any number of them. Paths are
    relative to the root, with "/" between.
    """

    def __init__(self, owners: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._named: dict[str, list[tuple[str, re.Pattern[str] | None]]] = {}
        self._wild: list[tuple[re.Pattern[str], str, re.Pattern[str] | None]] = []
        self._by_end: dict[str, list[tuple[re.Pattern[str], str, re.Pattern[str] | None]]] = {}
        for owner, patterns in owners:
            for pattern in patterns:
                self._add(owner, pattern)

    def _add(self, owner: str, pattern: str) -> None:
        name = pattern.rpartition("/")[2]
        whole = _path_pattern(pattern) if "/" in pattern else None
        if not any(sign in name for sign in "*?"):
            self._named.setdefault(name, []).append((owner, whole))
            return
        entry = (re.compile(_inside(name) + r"\Z", re.DOTALL), owner, whole)
        end = name.rpartition(".")[2]
        if "." in name and not any(sign in end for sign in "*?"):
            # Most wildcards are endings; a hundred thousand paths need not try them all.
            self._by_end.setdefault(end, []).append(entry)
        else:
            self._wild.append(entry)

    def owners(self, path: str) -> list[str]:
        """The owners of the patterns that this path fits, each once, in the order they came."""
        name = path.rpartition("/")[2]
        found: dict[str, None] = {}
        for owner, whole in self._named.get(name, ()):
            if whole is None or whole.match(path):
                found[owner] = None
        ended = self._by_end.get(name.rpartition(".")[2], ())
        for pattern, owner, whole in (*ended, *self._wild):
            if pattern.match(name) and (whole is None or whole.match(path)):
                found[owner] = None
        return list(found)


@lru_cache(maxsize=1000)
def _path_pattern(pattern: str) -> re.Pattern[str]:
    rooted = pattern.startswith("/")
    parts = [_inside(part) for part in pattern.strip("/").split("/")]
    return re.compile(("" if rooted else "(?:.*/)?") + "/".join(parts) + r"\Z", re.DOTALL)


def _inside(part: str) -> str:
    """One name of a path as a regular expression that does not cross a "/"."""
    if part == "**":
        return ".*"
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(sign, re.escape(sign)) for sign in part)
