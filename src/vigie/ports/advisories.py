"""The seam for a database of advisories, as far as matching asks it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from vigie.model.advisories import Advisory, Affected


class AdvisoryIndex(Protocol):
    """Answers by package. Names are normalised as `Affected.name` is."""

    def affecting(self, ecosystem: str, names: Collection[str]) -> Iterable[Affected]:
        """What is said about packages of these names in exactly this ecosystem
        ("Debian:12"). Withdrawn advisories are left out."""

    def advisories(self, ids: Collection[str]) -> Mapping[str, Advisory]:
        """The advisories of these ids; an id that is not there is missing."""

    def ecosystems(self) -> Mapping[str, int]:
        """Every ecosystem that has advisories, with its release where it has one, and how
        many records; an ecosystem that is not in it was never loaded: its silence is unknown."""


@dataclass(frozen=True, slots=True)
class AdvisoryRecord:
    """One record of a database of advisories: what it says, and about which packages."""

    advisory: Advisory
    affected: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadRecord:
    """A record that could not be read: its id or file, and why."""

    name: str
    why: str
