"""RubyGems: numbers and words; a word makes a prerelease, missing parts are zero.

Source: Gem::Version of RubyGems 3.3 ("guides.rubygems.org/patterns/#prerelease-gems").
"""

from __future__ import annotations

import re

from vigie.triage.versions.keys import DOTTED, Key, dotted, without_zeros

_VERSION = re.compile(
    r"\s*[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\s*"
).fullmatch
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+")
# What stands at a place, lowest first; a number n is _NUMBER + n. A zero stands for what
# follows it: 1.0.a is below 1, and 1.0.1 above.
_WORD, _ZERO_BEFORE_WORD, _END, _NUMBER = range(4)


def key(version: str) -> Key | None:
    """The key of a version; None for one that `Gem::Version.correct?` refuses."""
    if DOTTED(version):
        return (*[_NUMBER + n for n in without_zeros(dotted(version))], _END)
    if not _VERSION(version):
        return None
    segments = _canonical(_SEGMENT.findall(version.replace("-", ".pre.")))
    found: list[int | str] = [_END]
    for segment in reversed(segments):
        if isinstance(segment, str):
            found += (segment, _WORD)
        elif segment:
            found.append(_NUMBER + segment)
        else:
            found.append(_ZERO_BEFORE_WORD if _is_below(found[-1]) else _NUMBER)
    return tuple(reversed(found))


def _is_below(rank: int | str) -> bool:
    return rank in (_WORD, _ZERO_BEFORE_WORD)


def _canonical(found: list[str]) -> list[int | str]:
    """Without the zeros at the end, and without those right before the first word."""
    segments = [int(text) if text.isdigit() else text for text in found]
    words = [at for at, segment in enumerate(segments) if isinstance(segment, str)]
    first = words[0] if words else len(segments)
    return [*_trimmed(segments[:first]), *_trimmed(segments[first:])]


def _trimmed(segments: list[int | str]) -> list[int | str]:
    end = len(segments)
    while end and segments[end - 1] == 0:
        end -= 1
    return segments[:end]
