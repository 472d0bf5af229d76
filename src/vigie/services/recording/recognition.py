"""Recognition: which stored finding a finding is, though its primary identity may have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Names(NamedTuple):
    """The identities of a finding: the primary one, and all of them."""

    fingerprint: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a stored finding as tells which it is; the whole has this `number`."""

    id: str
    fingerprint: str
    first_seen: datetime
    closed: bool
    number: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """`known` gives for each finding, by its primary identity, the stored row that it is.
    `absorbed` are pairs of rows: the first has become part of the second. `missing` are rows
    that no finding is any more."""

    known: Mapping[str, Known] = field(default_factory=dict)
    absorbed: tuple[tuple[str, str], ...] = ()
    missing: tuple[Known, ...] = ()


def recognise(
    findings: Sequence[Names], rows: Sequence[Known], identities: Mapping[str, str]
) -> Recognised:
    """Compare by the primary identity first, then by any. `rows` are the oldest first; of
    several that a finding could be it is the oldest, the others are absorbed by it."""
    by_id = {row.id: row for row in rows}
    primary = {row.fingerprint: row for row in rows}
    known: dict[str, Known] = {}
    taken: set[str] = set()
    for finding in findings:
        row = primary.get(finding.fingerprint)
        if row is not None:
            known[finding.fingerprint] = row
            taken.add(row.id)
    for finding in sorted(findings, key=lambda f: f.fingerprint):
        if finding.fingerprint in known:
            continue
        could = {identities[name] for name in finding.fingerprints if name in identities} - taken
        if could:
            row = min((by_id[i] for i in could), key=lambda r: (r.first_seen, r.id))
            known[finding.fingerprint] = row
            taken.add(row.id)
    homes = {
        name: known[finding.fingerprint].id
        for finding in findings
        if finding.fingerprint in known
        for name in finding.fingerprints
    }
    left = [row for row in rows if row.id not in taken and not row.closed]
    absorbed = [(row.id, homes[row.fingerprint]) for row in left if row.fingerprint in homes]
    inside = {one for one, _ in absorbed}
    return Recognised(known, tuple(absorbed), tuple(r for r in left if r.id not in inside))


def claim_identities(
    findings: Sequence[tuple[str, Names]], identities: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What each identity means from now on: those that are new, and those that move. A finding
    (by its id) keeps what it once was known by, unless it is another's now."""
    claims: dict[str, str] = {}
    for finding_id, finding in findings:
        claims[finding.fingerprint] = finding_id
    for finding_id, finding in sorted(findings, key=lambda pair: pair[1].fingerprint):
        for name in finding.fingerprints:
            claims.setdefault(name, finding_id)
    given = {name: own for name, own in claims.items() if name not in identities}
    moved = {
        name: own for name, own in claims.items() if identities.get(name, own) != own
    }  # fmt: skip
    return given, moved
