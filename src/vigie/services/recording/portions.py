"""Portions: what is said of an asset in parts that can be concluded one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.services.recording.sayings import Sayings
from vigie.services.recording.spilling import Spills
from vigie.triage.neighbours import Groups, may_be_about_anything

PORTION = 500  # sayings, unless more of them belong together


def portions_of(sayings: Sayings, spills: Spills) -> Iterator[list[int]]:
    """The places in `Sayings.current` of what is concluded together, in the order that they have
    there. What could be one finding is never parted."""
    pairs = spills.pairs()
    counted = bytearray(len(sayings.current))  # 1 for each that has keys
    together = False
    for number, saying in enumerate(sayings.current):
        own = sayings.keys(saying)
        pairs.extend((key, number) for key in own)
        counted[number] = bool(own)
        together = together or may_be_about_anything(own)
    if together:
        yield [number for number, counts in enumerate(counted) if counts]
        return
    groups = Groups(len(counted))
    groups.join(pairs)
    portion: list[int] = []
    for members in groups:
        if counted[members[0]]:
            portion += members
        if len(portion) >= PORTION:
            yield sorted(portion)
            portion = []
    if portion:
        yield sorted(portion)
