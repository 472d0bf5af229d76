"""Conan: parts of any spelling, a prerelease behind "-", a build behind "+".

Source: docs.conan.io, "Versions"; the `Version` class of Conan 2. That one compares 10 with
"1a" as texts but 2 with 10 as numbers, which goes in circles (1a < 2 < 10 < 1a); here 1a
comes right behind 1, as OpenSSL means it.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import DOTTED, ENDLESS, Key, dotted, without_zeros

_VERSION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*").fullmatch
_PART = re.compile(r"(-?[0-9]+|)(.*)")
# A prerelease begins with 0.
_RELEASE = (1,)


def key(version: str) -> Key | None:
    """The key of a version: 1.0 is 1, and a build is above none."""
    if DOTTED(version):
        flat = [piece for n in without_zeros(dotted(version)) for piece in (n, "")]
        return tuple(flat), _RELEASE, ()
    if not _VERSION(version):
        return None
    rest, plus, build = version.rpartition("+")
    if not plus:
        rest, build = version, ""
    main, dash, before = rest.partition("-")
    early = (0, _parts(before)) if dash else _RELEASE
    return _parts(main), early, (0, _parts(build)) if plus else ()


def _parts(text: str) -> Key:
    found: list[float | str] = []
    for part in text.split("."):
        match = _PART.match(part)
        digits, letters = match.groups() if match else ("", part)
        if digits:
            found += (int(digits), letters)
        else:
            found += (_rank(letters), letters)
    while found[-2:] == [0, ""]:
        del found[-2:]
    return tuple(found)


def _rank(letters: str) -> float:
    """Where texts stand among numbers: none first, "-x" below zero, words above all."""
    if not letters:
        return -ENDLESS
    return ENDLESS if letters >= "0" else -0.5
