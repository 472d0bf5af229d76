"""CRAN: numbers with dots or hyphens between; 1.0 is below 1.0.0.

Source: R's `package_version` and "Writing R Extensions", section 1.1.1.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import Key

_VERSION = re.compile(r"[0-9]+(?:[.-][0-9]+)*").fullmatch


def key(version: str) -> Key | None:
    """The key of a version; None for anything but numbers."""
    if not _VERSION(version):
        return None
    return tuple(int(number) for number in version.replace("-", ".").split("."))
