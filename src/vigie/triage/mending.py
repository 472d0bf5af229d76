"""Which versions bring a fix that is named on one or several branches, and which are releases."""

from __future__ import annotations

import re

from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.triage.forgetting import kept
from vigie.triage.packages import plain_version
from vigie.triage.versions import compare, order

_NUMBERS = re.compile(r"\d+")
_PRERELEASE = re.compile(
    r"(?i)(?<=[\d._-])(?:a|b|c|rc|cr|m|alpha|beta|pre|preview|dev|snapshot|milestone|ea)"
    r"[._-]?\d*(?![a-z])"
)
# A hyphen after the numbers means a pre-release there (semver.org, item 9).
_SEMVER = frozenset({"npm", "cargo", "golang", "hex", "pub", "swift", "nuget"})


@kept(200_000)  # thousands of findings of one kernel name the same few versions
def mends(kind: str, installed: str, version: str, said: tuple[tuple[str, ...], ...]) -> bool:
    """True when going from `installed` to `version` brings the fix.

    Each item of `said` is one source's fixed versions. One source must say so, and none may
    have its fix only higher up on the very branch of `version`.
    """
    brings = False
    for named in said:
        above = _above(kind, named, installed)
        if not above:
            continue
        if _has_fix(kind, version, above):
            brings = True
        elif any(_branch(kind, v) == _branch(kind, version) for v in above):
            return False
    return brings


@kept(50_000)
def _above(kind: str, named: tuple[str, ...], installed: str) -> tuple[str, ...]:
    return tuple(v for v in order(kind, named) if is_above(kind, v, installed))


def _has_fix(kind: str, version: str, fixes: tuple[str, ...]) -> bool:
    """A version has the fix when it is not below the last one named, or not below one of its
    own branch, or of its own major line where that line has no later one."""
    sides = [(v, compare(kind, version, v)) for v in fixes]
    if any(side is None for _, side in sides):
        return version in fixes
    below = [v for v, side in sides if side is not None and side >= 0]
    later = [v for v, side in sides if side is not None and side < 0]
    if not later:
        return bool(below)
    if any(_branch(kind, v) == _branch(kind, version) for v in below):
        return True
    line = _line(version)
    return any(_line(v) == line for v in below) and all(_line(v) != line for v in later)


def _line(version: str) -> str:
    return next(iter(_NUMBERS.findall(plain_version(version))), "")


def _branch(kind: str, version: str) -> str:
    if kind in SYSTEM_TYPES:
        return ""  # a distribution release has one line of versions
    return ".".join(_NUMBERS.findall(plain_version(version))[:2])


def is_above(kind: str, version: str, installed: str) -> bool:
    """True when `version` is known to be higher; an epoch that only `installed` has is no
    matter, for some tools leave it out of the fix."""
    if kind in SYSTEM_TYPES and ":" in installed and ":" not in version:
        installed = plain_version(installed)
    return (compare(kind, version, installed) or 0) > 0


def is_prerelease(kind: str, version: str) -> bool:
    """True for an alpha, a release candidate and the like, which nobody is told to take."""
    if kind in SYSTEM_TYPES:
        return False
    text = plain_version(version).partition("+")[0]
    return bool(_PRERELEASE.search(text)) or (kind in _SEMVER and "-" in text)
