"""Debian packages: [epoch:]upstream[-revision].

Source: Debian Policy 4.7, section 5.6.12 ("Version").
"""

from __future__ import annotations

import re
from typing import Any

from vigie.triage.versions.keys import Key

_ALLOWED = re.compile(r"[A-Za-z0-9.+~:-]+").fullmatch
_DIGITS = re.compile(r"([0-9]+)")
# "~" sorts before the end of a part, letters after it, everything else after the letters.
_END = "\1"
_RANKS = {ord("~"): "\0"} | {ord(sign): chr(ord(sign) + 256) for sign in ".+-:"}


def key(version: str) -> Key | None:
    """The key of a version; None for signs that policy does not allow, or an empty part."""
    if not _ALLOWED(version):
        return None
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    if not (epoch.isdigit() and upstream and revision):
        return None
    return int(epoch), _part(upstream), _part(revision)


def _part(text: str) -> Key:
    """Text and number in turn; a part ends with a number and an empty text, and so "1.0." is
    "1.0.0", as a missing number counts as zero."""
    pieces: list[Any] = _DIGITS.split(text.translate(_RANKS))
    pieces[::2] = [piece + _END for piece in pieces[::2]]
    pieces[1::2] = map(int, pieces[1::2])
    if len(pieces) == 1 or pieces[-1] != _END:
        pieces += (0, _END)
    return tuple(pieces)
