"""Recognition: which stored finding a finding is, though its primary identity may have changed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from vigie.services.recording.spilling import Spilled
from vigie.stores.scratch.keyed import Keyed

NOBODY = -1


class Names(NamedTuple):
    """The identities of a finding: the primary one, and all of them."""

    fingerprint: str
    fingerprints: tuple[str, ...]


class Known(Protocol):
    """As much of a stored finding as tells which it is."""

    @property
    def id(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Named:
    """Findings by their identities: the `names` of each, by its number; `primary` are these
    numbers, by the primary identity, which no two share."""

    names: Spilled[Names]
    primary: Keyed[int]


@dataclass(frozen=True, slots=True)
class StoredFindings:
    """What the store has: `rows` by number, `primary` and `ids` the number of each by its primary
    identity and by its id, `identities` the id that each identity means."""

    rows: Sequence[Known]
    primary: Keyed[int]
    ids: Keyed[int]
    identities: Keyed[str]


@dataclass(frozen=True, slots=True)
class Recognised:
    """`known` gives for each finding, by its number, that of the stored row that it is, or
    `NOBODY`. `absorbed` are pairs of ids: the first row has become part of the second. `missing`
    are the numbers of rows that no finding is any more."""

    known: Sequence[int] = field(default_factory=lambda: array("q"))
    absorbed: tuple[tuple[str, str], ...] = ()
    missing: Sequence[int] = field(default_factory=lambda: array("Q"))


def recognise(findings: Named, stored: StoredFindings) -> Recognised:
    """Compare by the primary identity first, then by any. Of several rows that a finding could
    be it is the oldest, the others are absorbed by it."""
    known = array("q", [NOBODY]) * len(findings.names)
    taken = bytearray(len(stored.rows))
    if not taken:
        return Recognised(known)
    unknown = False
    for fingerprint, number in findings.primary:
        row = stored.primary.get(fingerprint)
        unknown = unknown or row is None
        if row is not None:
            known[number] = row
            taken[row] = True
    if unknown:
        _by_any_identity(findings, stored, known, taken)
    left = array("Q", (n for n in range(len(taken)) if not taken[n] and _is_open(stored, n)))
    if not left:
        return Recognised(known)
    homes = _homes(findings, stored, known, taken)
    absorbed = tuple((stored.rows[n].id, homes[n]) for n in left if n in homes)
    return Recognised(known, absorbed, array("Q", (n for n in left if n not in homes)))


def _by_any_identity(
    findings: Named, stored: StoredFindings, known: array[int], taken: bytearray
) -> None:
    for _, number in findings.primary:
        if known[number] != NOBODY:
            continue
        ids = {stored.identities.get(name) for name in findings.names[number].fingerprints}
        rows = {row for i in ids if i is not None and (row := stored.ids.get(i)) is not None}
        could = [(stored.rows[row].first_seen, stored.rows[row].id, row)
                 for row in rows if not taken[row]]  # fmt: skip
        if could:
            known[number] = min(could)[2]
            taken[known[number]] = True


def _homes(
    findings: Named, stored: StoredFindings, known: Sequence[int], taken: bytearray
) -> dict[int, str]:
    """The rows whose primary identity is one of a finding that is another row, with its id."""
    homes = {}
    for number, names in enumerate(findings.names):
        if known[number] == NOBODY:
            continue
        for name in names.fingerprints:
            row = stored.primary.get(name)
            if row is not None and not taken[row] and _is_open(stored, row):
                homes[row] = stored.rows[known[number]].id
    return homes


def _is_open(stored: StoredFindings, row: int) -> bool:
    return stored.rows[row].closed_at is None


def claim_identities(
    findings: Named, ids: Sequence[str], identities: Keyed[str], claimed: Keyed[bool]
) -> Iterator[tuple[str, str, bool]]:
    """What each identity means from now on, where that is new or another: the identity, the
    finding's id, and whether it moves to it. A finding keeps what it once was known by, unless
    it is another's now. `ids` are by the numbers of the findings, `claimed` is empty."""
    for fingerprint, number in findings.primary:
        for name in dict.fromkeys((fingerprint, *findings.names[number].fingerprints)):
            if name != fingerprint and (name in findings.primary or not claimed.add(name, True)):
                continue
            known = identities.get(name)
            if known is None or known != ids[number]:
                yield name, ids[number], known is not None
