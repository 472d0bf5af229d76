"""Neighbours: which observations of one asset could be part of one finding at all.

A coarser rule than those that merge, by which a report of any length is merged in portions:
merged apart, two groups give the findings that they give merged together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.components import Component
from vigie.model.observations import Kind, Observation, Verdict
from vigie.triage.claims import is_statement
from vigie.triage.clusters import place_of
from vigie.triage.identifiers import names_of
from vigie.triage.packages import bare_name, package_key, source_key
from vigie.triage.paths import plain_path
from vigie.triage.places import page_of

_NO_COMPONENT = Component("")
_ANYTHING = ("anything",)  # a statement may be about whatever there is


def meeting_keys(observation: Observation) -> tuple[int, ...]:
    """What it shares with every observation that it could be one finding with, as numbers; none
    when it is no part of any finding and bears on none. Good within one process."""
    return tuple(dict.fromkeys(map(hash, _keys(observation))))


class Groups:
    """Joins what has a key in common, at once or by way of others."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}
        self._whole = False

    def add(self, keys: Sequence[int]) -> None:
        """The keys of one observation."""
        self._whole = self._whole or hash(_ANYTHING) in keys
        first = self._top(keys[0])
        for key in keys[1:]:
            self._above[self._top(key)] = first

    def group(self, keys: Sequence[int]) -> int:
        """The number of the group of an observation with these keys, once all are added."""
        return 0 if self._whole else self._top(keys[0])

    def _top(self, key: int) -> int:
        above = self._above
        top = key
        while (next_ := above.setdefault(top, top)) != top:
            top = next_
        while key != top:
            above[key], key = top, above[key]
        return top


def _keys(observation: Observation) -> Iterator[tuple[object, ...]]:
    if observation.verdict is not Verdict.FAIL:
        if observation.component is not None:  # it may tell what a package was built from
            yield from _package(observation.component)
        return
    if is_statement(observation):
        yield _ANYTHING
    if observation.kind is Kind.VULNERABILITY:
        yield from _package(observation.component or _NO_COMPONENT)
        for name in names_of(observation.rule):
            yield ("flaw", name)
        return
    yield _place(observation)
    if observation.kind is Kind.SECRET:
        for place in observation.locations:
            if place.anchor:
                yield ("secret", place.anchor)


def _package(component: Component) -> Iterator[tuple[object, ...]]:
    yield ("package", bare_name(package_key(component)))
    source = source_key(component)
    if source is not None:
        yield ("package", bare_name(source))


def _place(observation: Observation) -> tuple[object, ...]:
    if observation.kind is Kind.LICENCE and observation.component is not None:
        key = package_key(observation.component)
        return ("licence", key.type, key.name)
    place = place_of(observation)
    path = plain_path(place.path)
    if path or place.resource:
        return ("place", observation.kind.value, path or place.resource)
    return ("page", observation.kind.value, "" if place.path else page_of(place.url))
