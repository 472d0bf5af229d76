"""Arch Linux packages: [epoch:]pkgver[-pkgrel].

Source: alpm-pkgver(7) and vercmp(8) of pacman 6. Unlike rpm, the length of a separator counts,
and letters right behind a number come before the end: 1.0rc < 1.0. Where a version ends with
a separator vercmp itself goes in circles (1.0..a > 1.0.1 > 1.0. > 1.0..a); here such an end
is above the plain end and below everything else.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import Key, epoch_version_release

_ALLOWED = re.compile(r"[!-.0-9;?-~]+").fullmatch
_SEGMENT = re.compile(r"([^A-Za-z0-9]*)(?:([0-9]+)|([A-Za-z]+)|$)")
# What stands at a place, lowest first; _BEHIND + n is a segment behind n separators.
_ADJOINING_LETTERS, _END, _OPEN_END, _BEHIND = range(4)


def key(version: str) -> Key | None:
    """The key of a version; without a pkgrel it is below every pkgrel of that version."""
    parts = epoch_version_release(version, _ALLOWED)
    if parts is None:
        return None
    epoch, number, release = parts
    return epoch, _segments(number), () if release is None else _segments(release)


def _segments(text: str) -> Key:
    found: list[int | str] = []
    for separators, digits, letters in _SEGMENT.findall(text):
        if digits:
            found += (_BEHIND + len(separators), 1, int(digits))
        elif not letters:
            found.append(_OPEN_END if separators else _END)
            break
        elif separators:
            found += (_BEHIND + len(separators), 0, letters)
        else:
            found += (_ADJOINING_LETTERS, letters)
    return tuple(found)
