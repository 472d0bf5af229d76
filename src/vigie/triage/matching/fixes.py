"""Fixes: what an advisory says mends one installed version."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.model.advisories import Affected, EventKind
from vigie.model.observations import Fix, FixState
from vigie.triage.matching.evaluation import Standing, standing, within
from vigie.triage.versions import compare, key, order

_ENDED = frozenset({"end-of-life", "end of life"})


def fix_of(entries: Sequence[Affected], type_: str, version: str) -> Fix:
    """What these entries of one advisory, about one package, say of this version.

    Fixed versions are those above it that no entry calls affected, lowest first: that is the
    end of the branch it is on. An end that another range contains mends nothing.
    """
    named = {
        at
        for entry in entries
        for span in entry.ranges
        for kind, at in span.events
        if kind is EventKind.FIXED and key(type_, at) is not None
    }
    above = [at for at in named if not version or compare(type_, at, version) == 1]
    mending = [
        at for at in order(type_, above)
        if all(standing(entry, type_, at) is Standing.UNAFFECTED for entry in entries)
    ]  # fmt: skip
    if mending:
        return Fix(FixState.FIXED, tuple(mending))
    if any(entry.severity.lower() in _ENDED for entry in entries):
        return Fix(FixState.END_OF_LIFE)
    if not above and _goes_on(entries, type_, version):
        return Fix(FixState.NOT_FIXED)
    return Fix()


def _goes_on(entries: Sequence[Affected], type_: str, version: str) -> bool:
    """True when a range that the version is in has no end; one that ends with the last version
    known to be affected does not say what mends it."""
    return any(
        within(span, type_, version)
        and not any(kind is EventKind.LAST_AFFECTED for kind, _ in span.events)
        for entry in entries
        for span in entry.ranges
    )
