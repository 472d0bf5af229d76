"""Portions: what is said of an asset in parts that can be concluded one after the other."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from vigie.services.recording.hearing import Numbers
from vigie.services.recording.sayings import Sayings
from vigie.triage.neighbours import Groups

PORTION = 500  # sayings, unless more of them belong together


def portions_of(sayings: Sayings) -> Iterator[list[int]]:
    """The places in `Sayings.current` of what is concluded together, in the order that they have
    there. What could be one finding is never parted."""
    groups = Groups()
    keys = Numbers()
    for saying in sayings.current:
        own = sayings.keys(saying)
        keys.append(own)
        if own:
            groups.add(own)
    members: dict[int, array[int]] = {}
    for number in range(len(sayings.current)):
        if own := keys[number]:
            members.setdefault(groups.group(own), array("Q")).append(number)
    del keys, groups
    portion: list[int] = []
    for numbers in members.values():
        portion += numbers
        if len(portion) >= PORTION:
            yield sorted(portion)
            portion = []
    if portion:
        yield sorted(portion)
