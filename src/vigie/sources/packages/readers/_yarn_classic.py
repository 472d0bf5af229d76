"""The format of Yarn 1's lock file: indented lines, "key value", quotes where needed.

Source: Yarn Classic documentation, "yarn.lock".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_KEYS = re.compile(r'\s*+(?:"((?:[^"\\]|\\.)*+)"|([^",\s][^,\s]*+))\s*+(?:,|:?$)')
_FIELD = re.compile(r'^(?:"((?:[^"\\]|\\.)*+)"|([^\s"]++))\s++(?:"((?:[^"\\]|\\.)*+)"|(\S.*))$')
_REQUIRED = ("dependencies:", "optionalDependencies:")


@dataclass(slots=True)
class ClassicEntry:
    """One entry: the descriptors ("name@range") that led to it, and what it was resolved to."""

    descriptors: list[str]
    line: int
    version: str = ""
    resolved: str = ""
    asks: dict[str, str] = field(default_factory=dict)


def classic_entries(text: str) -> Iterator[ClassicEntry]:
    """Every entry in the file's order. Raises ValueError for a line that is none of the format."""
    entry: ClassicEntry | None = None
    inside = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0:
            if entry is not None:
                yield entry
            entry = ClassicEntry(_descriptors(line, number), number)
            inside = False
        elif entry is None:
            raise ValueError(f"line {number} belongs to no entry")
        elif depth == 2:
            inside = line.strip() in _REQUIRED
            if not line.endswith(":"):
                name, value = _pair(line, number)
                if name == "version":
                    entry.version = value
                elif name == "resolved":
                    entry.resolved = value
        elif inside:
            name, value = _pair(line, number)
            entry.asks[name] = value
    if entry is not None:
        yield entry


def _descriptors(line: str, number: int) -> list[str]:
    found: list[str] = []
    at = 0
    if not line.endswith(":"):
        raise ValueError(f"line {number} is no head of an entry")
    while at < len(line) - 1:
        match = _KEYS.match(line, at)
        if match is None or match.end() == at:
            raise ValueError(f"line {number} is no head of an entry")
        found.append((match.group(1) or match.group(2)).removesuffix(":" if match[2] else ""))
        at = match.end()
    return found


def _pair(line: str, number: int) -> tuple[str, str]:
    match = _FIELD.match(line.strip())
    if match is None:
        raise ValueError(f"line {number} is no name and value")
    return match.group(1) or match.group(2), match.group(3) or match.group(4) or ""
