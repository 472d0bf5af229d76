"""Maven: numbers and qualifiers of any spelling, in lists within lists.

Source: maven.apache.org/pom.html#version-order-specification; `ComparableVersion` of
Maven 3.9. That one goes in circles in places (1-0-alpha < 1 < 1-sp < 1-0-alpha); here all that
is below the plain version comes first, and all that is above it last.
"""

from __future__ import annotations

import re
from typing import Any

from vigie.triage.versions.keys import DOTTED, Key, dotted, without_zeros

_PIECE = re.compile(r"[0-9]+|[^0-9.-]+|[.-]")
_QUALIFIERS = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "snapshot": 4, "": 5, "sp": 6}
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_PLAIN, _UNKNOWN = 5, 7
# What stands at a place, lowest first; a number n is _NUMBER + n. Of words, lists and zeros
# there are two: those that make the version lower than without them, and those that do not.
_LOW_WORD, _LOW_LIST, _LOW_ZERO, _END, _WORD, _LIST, _NUMBER = range(7)

_Item = int | str | list[Any]


def key(version: str) -> Key | None:
    """The key of a version; every spelling has one, but an empty one."""
    if DOTTED(version):
        return (*[_NUMBER + n for n in without_zeros(dotted(version))], _END)
    return _ranked(_items(version.lower())) if version else None


def _items(version: str) -> list[_Item]:
    """Lists within lists, as Maven reads them: a hyphen, and a change between digits and
    letters, opens a list inside the current one."""
    top: list[_Item] = []
    lists = [top]

    def descend() -> None:
        inner: list[_Item] = []
        lists[-1].append(inner)
        lists.append(inner)

    pieces = _PIECE.findall(version)
    at_start = True  # nothing has been read since the last separator
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        if piece in (".", "-"):
            if at_start:
                lists[-1].append(0)
            if piece == "-":
                descend()
            at_start = True
            continue
        at_start = False
        is_number = piece[0] in "0123456789"
        before_number = following[:1].isdigit() and following.isascii()
        if not is_number and (before_number or not following) and lists[-1]:
            descend()  # .X at an end or before a number is read as -X
        lists[-1].append(int(piece) if is_number else _word(piece, before_number))
        if following not in ("", ".", "-"):
            descend()
    for items in reversed(lists):
        _trim(items)
    return top


def _word(text: str, before_number: bool) -> str:
    if before_number:
        text = _SHORT.get(text, text)
    return _ALIASES.get(text, text)


def _trim(items: list[_Item]) -> None:
    """Drop what is as good as nothing (0, "", an empty list) from the end, and from right
    before a list at the end."""
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if not item:
            del items[index]
        elif not isinstance(item, list):
            break


def _ranked(items: list[_Item]) -> Key:
    found: list[Any] = [_END]
    is_low = False  # whether what follows is below nothing at all
    for item in reversed(items):
        if isinstance(item, list):
            inner = _ranked(item)
            is_low = inner[0] < _END
            found += (inner, _LOW_LIST if is_low else _LIST)
        elif isinstance(item, str):
            order = _QUALIFIERS.get(item, _UNKNOWN)
            if order != _PLAIN:
                is_low = order < _PLAIN
            found += (item if order == _UNKNOWN else "", order, _LOW_WORD if is_low else _WORD)
        else:
            is_low = is_low and not item
            found.append(_LOW_ZERO if is_low else _NUMBER + item)
    return tuple(reversed(found))
