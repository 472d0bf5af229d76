"""Evaluation: whether a version is affected, by the OSV schema's algorithm ("Evaluation").

The schema sorts the events of a range and lets each that the version has reached overwrite the
one before. What is left at the end is the highest event reached, which is all that is looked
for here. Where a version cannot be compared the answer is undecided, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from vigie.model.advisories import Affected, EventKind, Range
from vigie.triage.versions import Key, key

_ZERO = "0"  # of "introduced" and "fixed": before all versions
_NO_LIMIT = "*"
_START: Key = ()  # below every key


class Standing(StrEnum):
    """What an advisory's entry says of a version."""

    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    UNDECIDED = "undecided"


def standing(entry: Affected, type_: str, version: str) -> Standing:
    """Whether this version is one of the entry's. `type_` is a purl type, whose order holds.

    A version "" is of a package that nobody knows the version of: it is affected where every
    version is.
    """
    if version and version in entry.versions:
        return Standing.AFFECTED
    own = key(type_, version) if version else None
    result = Standing.UNAFFECTED
    for span in entry.ranges:
        inside = _within(span, type_, own)
        if inside:
            return Standing.AFFECTED
        if inside is None:
            result = Standing.UNDECIDED
    if entry.versions and not entry.ranges:
        return _listed(entry.versions, type_, own)
    if entry.versions and not version:
        return Standing.UNDECIDED
    return result


def within(span: Range, type_: str, version: str) -> bool | None:
    """Whether the version lies in the range; None when it cannot be told."""
    return _within(span, type_, key(type_, version) if version else None)


def _listed(versions: Iterable[str], type_: str, own: Key | None) -> Standing:
    """Where nothing but a list speaks, "1.0" is also what the list calls "1.0.0"."""
    if own is None:
        return Standing.UNDECIDED
    if any(key(type_, one) == own for one in versions):
        return Standing.AFFECTED
    return Standing.UNAFFECTED


def _within(span: Range, type_: str, own: Key | None) -> bool | None:
    highest: Key | None = None
    affected = limited = False
    for kind, version in span.events:
        if kind is EventKind.LIMIT:
            limited = True
            continue
        at = _START
        if version != _ZERO or kind is EventKind.LAST_AFFECTED:
            known = key(type_, version)
            if known is None or own is None:
                return None
            if own < known or (own == known and kind is EventKind.LAST_AFFECTED):
                continue
            at = known
        # Of two events at one version the later in the record comes after the other.
        if highest is None or at >= highest:
            highest, affected = at, kind is EventKind.INTRODUCED
    return _before_limits(span, type_, own) if affected and limited else affected


def _before_limits(span: Range, type_: str, own: Key | None) -> bool | None:
    limits = [version for kind, version in span.events if kind is EventKind.LIMIT]
    if any(_NO_LIMIT in limit for limit in limits):
        return True
    known = [key(type_, limit) for limit in limits]
    if own is not None and any(at is not None and own < at for at in known):
        return True
    return None if own is None or None in known else False


def refused(entry: Affected, type_: str) -> tuple[str, ...]:
    """The versions in its ranges that the order of this type does not take."""
    said = dict.fromkeys(version for span in entry.ranges for _, version in span.events)
    return tuple(v for v in said if _NO_LIMIT not in v and key(type_, v) is None)
