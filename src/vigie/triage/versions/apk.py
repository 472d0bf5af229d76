"""Alpine and Wolfi packages: digits{.digits}[letter]{_suffix[digits]}[~hash][-rdigits].

Source: apk-package(5) and the comparison of apk-tools 3. Behind the first dot a number with a
leading zero is read as decimals, by spelling (1.06 < 1.5 < 1.10), as Gentoo has it; apk-tools 2
counted the zeros instead, which differs for 1.09 and 1.010 and the like.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import Key

_SUFFIX = r"_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*"
_VERSION = re.compile(
    rf"([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:{_SUFFIX})*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?"
).fullmatch
_SUFFIXES = re.compile(r"_([a-z]+)([0-9]*)").findall
_BEFORE = {"alpha": 0, "beta": 1, "pre": 2, "rc": 3}
_AFTER = {"cvs": 0, "svn": 1, "git": 2, "hg": 3, "p": 4}
# What stands at a place, lowest first.
_EARLY, _END, _REVISION, _HASH, _COUNT, _LATE, _LETTER, _NUMBER = range(8)


def key(version: str) -> Key | None:
    """The key of a version; None for one that `apk version --check` calls invalid."""
    match = _VERSION(version)
    if match is None:
        return None
    first, numbers, letter, suffixes, commit, revision = match.groups()
    found: list[int | str] = [int(first)]
    for number in numbers.split(".")[1:]:
        if number[0] == "0":
            found += (_NUMBER, 0, number)
        else:
            found += (_NUMBER, 1, int(number))
    if letter:
        found += (_LETTER, letter)
    if suffixes:
        found += _suffixes(suffixes)
    if commit:
        found += (_HASH, commit)
    if revision:
        found += (_REVISION, int(revision))
    found.append(_END)
    return tuple(found)


def _suffixes(text: str) -> list[int]:
    found: list[int] = []
    for name, count in _SUFFIXES(text):
        found += (_EARLY, _BEFORE[name]) if name in _BEFORE else (_LATE, _AFTER[name])
        if count:
            found += (_COUNT, int(count))
    return found
