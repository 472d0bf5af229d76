"""RPM packages: [epoch:]version[-release].

Source: rpm's manual, "rpm-version(7)", and `rpmvercmp` of rpm 4.18 (with "~" and "^").
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import Key, epoch_version_release

_ALLOWED = re.compile(r"[A-Za-z0-9._+~^%{}-]+").fullmatch
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
# What stands at a place, lowest first; a number n is _NUMBER + n. Separators count for nothing.
_TILDE, _END, _CARET, _LETTERS, _NUMBER = range(5)


def key(version: str) -> Key | None:
    """The key of a version; without a release it is below every release of that version."""
    parts = epoch_version_release(version, _ALLOWED)
    if parts is None:
        return None
    epoch, number, release = parts
    return epoch, _segments(number), () if release is None else _segments(release)


def _segments(text: str) -> Key:
    found: list[int | str] = []
    for segment in _SEGMENT.findall(text):
        if segment[0] <= "9":
            found.append(_NUMBER + int(segment))
        elif segment == "~":
            found.append(_TILDE)
        elif segment == "^":
            found.append(_CARET)
        else:
            found += (_LETTERS, segment)
    found.append(_END)
    return tuple(found)
