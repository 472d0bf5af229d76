"""Strings that fit a column."""

from __future__ import annotations

import re

from vigie.outlets.phrases.figures import line

_ZERO_WIDTH = "\u200b"
_JOINTS = re.compile(r"([/\\:;,@&?=_.+~-]+)(?=\w)")


def safe(text: str, longest: int = 0) -> str:
    """One line with nothing in it that acts."""
    return line(text, longest)


def breakable(text: str, widest: int, longest: int = 0) -> str:
    """The same; a word wider than `widest` characters may break at its joints, or anywhere.

    A path or a digest has no spaces and would run out of its column.
    """
    return " ".join(
        word if len(word) <= widest else _opened(word, widest)
        for word in line(text, longest).split(" ")
    )


def _opened(word: str, widest: int) -> str:
    pieces = _JOINTS.sub(rf"\1{_ZERO_WIDTH}", word).split(_ZERO_WIDTH)
    return _ZERO_WIDTH.join(
        _ZERO_WIDTH.join(piece[i : i + widest] for i in range(0, len(piece), widest))
        for piece in pieces
    )
