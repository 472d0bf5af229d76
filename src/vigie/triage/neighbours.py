"""Neighbours: which observations of one asset could be part of one finding at all.

A coarser rule than those that merge, by which a report of any length is merged in portions:
merged apart, two groups give the findings that they give merged together.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator

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


def may_be_about_anything(keys: Collection[int]) -> bool:
    """True when what has these keys could be one finding with whatever else is said."""
    return hash(_ANYTHING) in keys


class Groups:
    """Joins observations, which go by their numbers, that have a key in common, at once or by
    way of others. It needs a few bytes for each."""

    def __init__(self, count: int) -> None:
        self._above = array("I", range(count))

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """All that have a key in common: pairs of a key and a number, in their order."""
        of, first = 0, -1
        for key, number in pairs:
            if first < 0 or key != of:
                of, first = key, self._top(number)
                continue
            one, other = self._top(first), self._top(number)
            self._above[max(one, other)] = min(one, other)

    def __iter__(self) -> Iterator[list[int]]:
        """The numbers of each group, in their order; the groups by their first."""
        # From each to the next of its group; from the first of a group to its last as yet.
        nobody = len(self._above)
        following, last = array("I", [nobody]) * nobody, array("I", [nobody]) * nobody
        for number in range(nobody):
            top = self._top(number)
            if top != number:
                following[last[top]] = number
            last[top] = number
        for top in range(nobody):
            if self._above[top] == top:
                members, number = [], top
                while number != nobody:
                    members.append(number)
                    number = following[number]
                yield members

    def _top(self, number: int) -> int:
        above = self._above
        top = number
        while (next_ := above[top]) != top:
            top = next_
        while number != top:
            above[number], number = top, above[number]
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
