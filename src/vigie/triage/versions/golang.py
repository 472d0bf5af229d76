"""Go modules (v1.2.3, pseudo-versions, +incompatible) and the standard library (go1.22rc1).

Source: https://go.dev/ref/mod#versions; golang.org/x/mod/semver; go.dev/doc/toolchain#name.
"go1.21" is read as the release 1.21.0, as govulncheck does, and a vendor's own build
("go1.21.3-fips", "go1.21.3 X:boringcrypto") as the release it was made of.
"""

from __future__ import annotations

import re

from vigie.triage.versions import semver
from vigie.triage.versions.keys import Key

_TOOLCHAIN = re.compile(
    r"(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:(alpha|beta|rc)([0-9]+))?(?:[ +-].*)?"
).fullmatch


def key(version: str) -> Key | None:
    """The key of a module's or a toolchain's version; None for "(devel)" and the like."""
    if not version.startswith("go"):
        known = semver.key(version)
        if known is not None:
            return known
    match = _TOOLCHAIN(version)
    if match is None:
        return None
    major, minor, patch, stage, count = match.groups()
    early = (1, stage, 0, int(count)) if stage else semver.RELEASE
    return int(major), int(minor), int(patch or 0), (), early
