"""NuGet: up to four numbers, and labels that differ not by case.

Source: learn.microsoft.com/nuget/concepts/package-versioning; NuGet.Versioning's comparer.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import DOTTED, Key, dotted
from vigie.triage.versions.semver import RELEASE

_VERSION = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?\s*"
).fullmatch
_LARGEST = 2**31 - 1  # a label above is no number to NuGet


def key(version: str) -> Key | None:
    """The key of a version: 1.0 is 1.0.0.0, what stands behind "+" plays no part."""
    numbers, labels = version, ""
    if not DOTTED(version):
        match = _VERSION(version)
        if match is None:
            return None
        numbers, labels = match[1], match[2] or ""
    found = dotted(numbers)
    if len(found) > 4:
        return None
    early = _labels(labels) if labels else RELEASE
    if early is None:
        return None
    found += [0] * (4 - len(found))
    return (*found, early)


def _labels(text: str) -> Key | None:
    found: list[int | str] = []
    for label in text.split("."):
        if not label:
            return None
        if label.isdigit() and int(label) <= _LARGEST:
            found += (0, int(label))
        else:
            found += (1, label.upper())
    return tuple(found)
