"""Keys: what versions of one purl type are sorted by.

A key is a tuple that compares with every other key of the same scheme and with none of
another. Inside, a number at each place says what stands there, so that a number never meets
a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Key = tuple[Any, ...]

# No version of any registry is near it; what is longer is an attack or no version.
LONGEST = 256

# Above every number. A float compares with integers of any size.
ENDLESS = float("inf")

NUMBERS = re.compile(r"[0-9]+")
DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+)*").fullmatch


def dotted(version: str) -> list[int]:
    """The numbers of a version that DOTTED matches."""
    return [int(number) for number in version.split(".")]


def without_zeros(numbers: list[int]) -> tuple[int, ...]:
    """Numbers without the zeros at their end: 1.0.0 and 1 are one."""
    end = len(numbers)
    while end and not numbers[end - 1]:
        end -= 1
    return tuple(numbers[:end])


def epoch_version_release(
    version: str, allowed: Callable[[str], object]
) -> tuple[int, str, str | None] | None:
    """The parts of "[epoch:]version[-release]", as rpm and pacman write it; the release is None
    when there is none. None where the parts behind the epoch are not `allowed`."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    if not allowed(rest) or not (epoch.isascii() and epoch.isdigit()):
        return None
    number, dash, release = rest.rpartition("-")
    if not dash:
        return int(epoch), rest, None
    return (int(epoch), number, release) if number else None
