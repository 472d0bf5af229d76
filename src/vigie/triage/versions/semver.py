"""Semantic versions: npm, Cargo, Hex, Swift, and with an order of builds, Pub.

Source: https://semver.org/spec/v2.0.0.html, section 11; npm's `semver` for what is read
loosely (a leading "v" or "=", 1.2.3beta); Dart's `pub_semver` for builds. What tools write
short is read too: 1.2 is 1.2.0, and a fourth number is one more number.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import Key, without_zeros

_PLAIN = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)").fullmatch
_LOOSE = re.compile(
    r"\s*[=vV]*\s*([0-9]+)(?:\.([0-9]+)(?:\.([0-9]+)((?:\.[0-9]+)*)([A-Za-z][0-9A-Za-z.-]*)?)?)?"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?\s*"
).fullmatch
# A release is above all that comes before it: their first number is 0 or 1.
RELEASE = (2,)


def key(version: str) -> Key | None:
    """The key of a version; what stands behind "+" plays no part."""
    parts = _parts(version)
    return parts[0] if parts else None


def pub(version: str) -> Key | None:
    """The key of a version of Pub, where builds are ordered and none is below any."""
    parts = _parts(version)
    if parts is None:
        return None
    known, build = parts
    built = identifiers(build) if build else ()
    return None if built is None else (*known, built)


def _parts(version: str) -> tuple[Key, str] | None:
    match = _PLAIN(version)
    if match is not None:
        major, minor, patch = match.groups()
        return (int(major), int(minor), int(patch), (), RELEASE), ""
    match = _LOOSE(version)
    if match is None:
        return None
    major, minor, patch, more, adjoining, hyphened, build = match.groups()
    numbers = without_zeros([int(n) for n in more.split(".")[1:]]) if more else ()
    before = "-".join(filter(None, (adjoining, hyphened)))
    early = identifiers(before) if before else RELEASE
    if early is None:
        return None
    return (int(major), int(minor or 0), int(patch or 0), numbers, early), build or ""


def identifiers(text: str) -> Key | None:
    """The key of dot-separated identifiers, numbers below words; None when one is empty."""
    found: list[int | str] = []
    for name in text.split("."):
        if name.isdigit():
            found += (0, int(name))
        elif name:
            found += (1, name)
        else:
            return None
    return tuple(found)
