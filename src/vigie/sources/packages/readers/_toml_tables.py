"""TOML with the lines of its arrays of tables, and without what makes its reader slow."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from vigie.ports.packages import PackageFile
from vigie.sources.packages.readers._records import refused, text_of

_MOST = 24 * 1024**2  # bytes; read by pure Python, about a second a MiB
# A key of very many dotted parts costs the reader the square of their number.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""")
_HEADER = re.compile(r"^[ \t]*+\[\[[ \t]*+([\w-]++)[ \t]*+\]\]", re.MULTILINE)


def toml_of(file: PackageFile, label: str) -> tuple[dict[str, Any], str]:
    """A TOML file's root table, and its text. Raises UserError when it is no TOML or too large."""
    text = text_of(file, _MOST)
    try:
        return load_toml(text), text
    except (ValueError, RecursionError) as error:
        raise refused(file, label, str(error)) from None


def load_toml(text: str) -> dict[str, Any]:
    """The root table. Raises ValueError for what is no TOML (v1.0.0), RecursionError."""
    if _LONG_KEY.search(text):
        raise ValueError("a key of too many parts")
    return tomllib.loads(text)


def tables_of(
    root: dict[str, Any], text: str, name: str
) -> list[tuple[dict[str, Any], int | None]]:
    """The tables of an array ("package" for [[package]]), each with the line of its header.

    The line is None when the array is not written as headers, one for each table.
    """
    tables = root.get(name)
    if not isinstance(tables, list):
        return []
    lines: list[int | None] = []
    line, at = 1, 0
    for found in _HEADER.finditer(text):
        if found.group(1) == name:
            line += text.count("\n", at, found.start())
            at = found.start()
            lines.append(line)
    if len(lines) != len(tables):
        lines = [None] * len(tables)
    return [
        (table, line) for table, line in zip(tables, lines, strict=True) if isinstance(table, dict)
    ]


def text_at(table: Any, *path: str) -> str:
    """The string at a path of keys; "" when it is absent or no string."""
    value = table
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def tables_at(table: Any, name: str) -> list[dict[str, Any]]:
    """The tables in an array; none when it is absent or something else."""
    value = table.get(name) if isinstance(table, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def table_at(table: Any, *path: str) -> dict[str, Any]:
    """The table at a path of keys; an empty one when it is absent or something else."""
    value = table
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
