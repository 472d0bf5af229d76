"""Judging: what the advisories found under a package's names say of it, taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vigie.model.advisories import Affected
from vigie.model.observations import NO_FIX_STATED, Fix
from vigie.triage.matching.evaluation import Standing, standing
from vigie.triage.matching.fixes import fix_of
from vigie.triage.matching.lookups import Lookup, Named
from vigie.triage.matching.names import without_epoch

Found = Mapping[tuple[str, str], Sequence[Affected]]  # by ecosystem and name

_MOST_CUSTOMERS = "esm"  # its builds go on from what everybody has; other tiers' do not


@dataclass(frozen=True, slots=True)
class Hit:
    """One advisory that a package's version is affected by, or may be. `entries` are those that
    say so, `version` what they were compared with; `entitled` are versions with the fix that
    only paying customers get, empty when everybody gets one."""

    advisory: str
    standing: Standing
    version: str
    entries: tuple[Affected, ...]
    fix: Fix = NO_FIX_STATED
    entitled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """One entry, and the version to compare with it."""

    named: Named
    entry: Affected
    version: str


def judge(lookup: Lookup, found: Found) -> tuple[Hit, ...]:
    """What the package is affected by, or may be, one for each advisory."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for named in lookup.names:
        for entry in found.get((named.ecosystem, named.name), ()):
            said[entry.advisory].append(_Said(named, entry, _comparable(named, entry)))
    hits = (_hit(advisory, group, lookup.type) for advisory, group in said.items())
    return tuple(hit for hit in hits if hit is not None)


def _comparable(named: Named, entry: Affected) -> str:
    """Without rpm's epoch where the database leaves it out, and does so in this entry."""
    if named.epochs or any(":" in at for span in entry.ranges for _, at in span.events):
        return named.version
    return without_epoch(named.version)


def _hit(advisory: str, group: Sequence[_Said], type_: str) -> Hit | None:
    own = [said for said in group if _is_of_tier(said.named)]
    if own:
        # What was fixed for this tier alone, others still call affected.
        standings = [standing(said.entry, type_, said.version) for said in own]
        if Standing.UNAFFECTED in standings:
            return None
        return _together(advisory, own, standings, type_)
    everybody = [said for said in group if not said.named.tier]
    paid = [said for said in group if said.named.tier == _MOST_CUSTOMERS]
    asked = everybody or paid
    standings = [standing(said.entry, type_, said.version) for said in asked]
    hit = _together(advisory, asked, standings, type_)
    if hit is None or not paid or (everybody and hit.fix.versions):
        return hit
    entitled = fix_of([said.entry for said in paid], type_, paid[0].version).versions
    if not entitled:
        return hit
    return replace(hit, fix=hit.fix if everybody else NO_FIX_STATED, entitled=entitled)


def _is_of_tier(named: Named) -> bool:
    """True when the installed build is one of that tier, by its version or its name."""
    return bool(named.tier) and (named.tier in named.version.lower() or named.tier in named.name)


def _together(
    advisory: str, group: Sequence[_Said], standings: Sequence[Standing], type_: str
) -> Hit | None:
    """Affected when one entry says so; the fix is that of the name it was found by."""
    for wanted in (Standing.AFFECTED, Standing.UNDECIDED):
        telling = [s for s, got in zip(group, standings, strict=True) if got is wanted]
        if not telling:
            continue
        first = telling[0]
        entries = [s.entry for s in group if s.version == first.version]
        fix = fix_of(entries, type_, first.version)
        return Hit(advisory, wanted, first.version, tuple(s.entry for s in telling), fix)
    return None
