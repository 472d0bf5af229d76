"""PyPI: PEP 440, with local versions, and below all of those, older spellings.

Source: packaging.python.org/specifications/version-specifiers ("Version scheme"); for older
spellings the order that setuptools had before PEP 440 and OSV still has.
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import DOTTED, ENDLESS, Key, dotted, without_zeros

_VERSION = re.compile(
    r"\s*v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)"
    r"(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?"
    r"(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?"
    r"(?:[-_.]?(dev)[-_.]?([0-9]*))?"
    r"(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*",
    re.I,
).fullmatch
_LOCAL = re.compile(r"[-_.]")
# Below everything, then a, b, rc, and the release itself.
_DEV_ONLY, _RELEASE = -1, 3
_PHASES = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}

_OLDER = re.compile(r"[a-z0-9.!+_~-]*[0-9][a-z0-9.!+_~-]*").fullmatch
_OLDER_PART = re.compile(r"[0-9]+|[a-z]+|\.|-|[^0-9a-z.-]+")
_OLDER_WORDS = {"pre": "c", "preview": "c", "-": "final-", "rc": "c", "dev": "@"}
_OLDER_EPOCH = -1


def key(version: str) -> Key | None:
    """The key of a version; None for what has no digit or has blanks inside."""
    if DOTTED(version):
        return 0, without_zeros(dotted(version)), _RELEASE, 0, -1, ENDLESS, ()
    match = _VERSION(version)
    if match is None:
        return _older(version.strip().lower())
    epoch, release, phase, pre, bare_post, post, post_count, dev, dev_count, local = match.groups()
    stage = _PHASES[phase.lower()] if phase else _RELEASE
    after = int(bare_post or post_count or 0) if bare_post or post else -1
    if dev and not phase and after < 0:
        stage = _DEV_ONLY
    return (
        int(epoch or 0),
        without_zeros(dotted(release)),
        stage,
        int(pre or 0),
        after,
        int(dev_count or 0) if dev else ENDLESS,
        _local(local.lower()) if local else (),
    )


def _local(text: str) -> Key:
    """Numbers are above words."""
    found: list[int | str] = []
    for part in _LOCAL.split(text):
        if part.isdigit():
            found += (1, int(part))
        else:
            found += (0, part)
    return tuple(found)


def _older(text: str) -> Key | None:
    if not _OLDER(text):
        return None
    found: list[str] = []
    for part in [*_OLDER_PART.findall(text), "final"]:
        word = _OLDER_WORDS.get(part, part)
        if word == ".":
            continue
        if word[0] in "0123456789":
            found.append(word.zfill(8))
            continue
        word = f"*{word}"
        if word < "*final":
            while found and found[-1] == "*final-":
                found.pop()
        while found and found[-1] == "00000000":
            found.pop()
        found.append(word)
    return _OLDER_EPOCH, tuple(found)
