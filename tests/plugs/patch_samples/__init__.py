"""Samples of the patch editors: one module for each, named after it, with `SAMPLES`, `BROKEN` and
`asked`, which reads a file with its ecosystem's own parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.ports.patches import Upgrade


@dataclass(frozen=True)
class Sample:
    """Files of a target, the one that is edited, and what must come of it.

    `changes` are, for each file, the pieces that go and those that come, in the file's order;
    everything else stays to the byte. `left` are the packages that cannot be raised there.
    """

    name: str
    path: str
    files: Mapping[str, str]
    upgrades: tuple[Upgrade, ...]
    changes: Mapping[str, tuple[tuple[str, str], ...]]
    left: tuple[str, ...] = ()
    renew: str = ""
    done: tuple[str, ...] = field(default=())


def after(sample: Sample, path: str) -> str:
    """The text that is expected."""
    text = sample.files[path]
    place = 0
    for old, new in sample.changes.get(path, ()):
        at = text.index(old, place)
        text = text[:at] + new + text[at + len(old) :]
        place = at + len(new)
    return text
