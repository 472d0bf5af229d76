"""Composer: up to four numbers or a date, a stability, and branches such as 2.x-dev.

Source: composer/semver's `VersionParser::normalize` and PHP's `version_compare`. A branch that
is no number (dev-main) compares with nothing.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import ENDLESS, NUMBERS, Key, dotted

_PLAIN = re.compile(r"[0-9]{1,5}(?:\.[0-9]+){0,3}").fullmatch
_STABILITY = r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*+)?)?([.-]?dev)?"
_CLASSIC = re.compile(rf"v?([0-9]{{1,5}}(?:\.[0-9]+){{0,3}}){_STABILITY}", re.I).fullmatch
_DATE = re.compile(
    rf"v?([0-9]{{4}}(?:[.:-]?[0-9]{{2}}){{1,6}}(?:[.:-]?[0-9]{{1,3}}){{0,2}}){_STABILITY}", re.I
).fullmatch
_BRANCH = re.compile(r"v?([0-9]+)((?:\.(?:[0-9]+|[x*])){0,3})[.-]?dev", re.I).fullmatch
_ALIAS = re.compile(r"([^,\s]++) ++as ++[^,\s]++").fullmatch
_FLAG = re.compile(r"@(?:stable|rc|beta|alpha|dev)$", re.I)
_BUILD = re.compile(r"([^,\s+]++)\+\S++").fullmatch
_BRANCH_NUMBER = 9_999_999
# What stands at a place, lowest first; a number n is _NUMBER + n, a patch above any.
_DEV, _ALPHA, _BETA, _RC, _END, _NUMBER = range(6)
_RANKS = {"a": _ALPHA, "alpha": _ALPHA, "b": _BETA, "beta": _BETA, "rc": _RC}


def key(version: str) -> Key | None:
    """The key of a version; None for a named branch and for what Composer cannot read."""
    if _PLAIN(version):
        return (*_four(dotted(version)), _END)
    return _spelled(_stripped(version.strip()))


def _stripped(version: str) -> str:
    """Without an alias ("1.x-dev as 1.2"), a stability flag ("@beta") and a build."""
    alias = _ALIAS(version)
    version = _FLAG.sub("", alias[1] if alias else version)
    build = _BUILD(version)
    return build[1] if build else version


def _spelled(version: str) -> Key | None:
    match = _CLASSIC(version)
    if match is not None:
        return (*_four(dotted(match[1])), *_modifiers(*match.groups()[1:]))
    match = _DATE(version)
    if match is not None:
        numbers = [_NUMBER + int(n) for n in NUMBERS.findall(match[1])]
        return (*numbers, *_modifiers(*match.groups()[1:]))
    match = _BRANCH(version)
    if match is None:
        return None
    said = [match[1], *match[2].split(".")[1:]]
    found = [_NUMBER + (int(n) if n.isdigit() else _BRANCH_NUMBER) for n in said]
    found += [_NUMBER + _BRANCH_NUMBER] * (4 - len(found))
    return (*found, _DEV, _END)


def _four(numbers: list[int]) -> list[int]:
    return [_NUMBER + n for n in numbers] + [_NUMBER] * (4 - len(numbers))


def _modifiers(stability: str | None, counts: str | None, dev: str | None) -> list[float]:
    found: list[float] = []
    if stability:
        word = stability.lower()
        if word == "stable":
            return [_END]  # whatever follows, says Composer
        found.append(_RANKS.get(word, ENDLESS))
        found += [_NUMBER + int(n) for n in NUMBERS.findall(counts or "")]
    if dev:
        found.append(_DEV)
    return [*found, _END]
