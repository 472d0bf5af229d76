"""Versions of a type without a scheme of its own, and of no type: natural order.

Numbers count as numbers, words such as "rc" make a version lower, others higher: Maven's
order, which takes any spelling. Words without a number are no version.
"""

from __future__ import annotations

from vigie.triage.packages import plain_version
from vigie.triage.versions import maven
from vigie.triage.versions.keys import NUMBERS, Key


def key(version: str) -> Key | None:
    """The key of a version without its epoch and a leading "v"; None for mere words."""
    return maven.key(plain_version(version)) if NUMBERS.search(version) else None
