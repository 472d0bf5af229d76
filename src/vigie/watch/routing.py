"""Whom an event concerns: a rule's conditions held against what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType

from vigie.model.severity import Severity
from vigie.watch.hours import Window, end_of, within

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_CHOICE: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: to a finding, or (`finding` "") of another sort.

    What is not known of it is "" or None. `status` is the one that it changed to.
    """

    event: str
    finding: str = ""
    severity: Severity | None = None
    kind: str = ""
    decision: str = ""
    status: str = ""
    asset: str = ""
    asset_kind: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that are given must hold; an empty one asks nothing.

    `labels` names for each label the values that one of must be the asset's. A finding whose
    severity nobody said passes `severity` unless `unknown` is False: it may be anything.
    `severity`, `kinds` and `decisions` ask nothing of what is not about findings.
    """

    events: frozenset[str] = frozenset()
    severity: Severity | None = None
    unknown: bool = True
    kinds: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    asset_kinds: frozenset[str] = frozenset()
    labels: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_CHOICE)
    hours: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a rule keeps what is less severe than `below` for later."""

    windows: tuple[Window, ...] = ()
    below: Severity = Severity.CRITICAL


def listens(conditions: Conditions, event: str, moment: datetime, zone: tzinfo) -> bool:
    """Whether the rule holds for events of this kind at this time at all."""
    wanted = not conditions.events or event in conditions.events
    return wanted and (not conditions.hours or within(conditions.hours, moment, zone))


def concerns(conditions: Conditions, fact: Fact) -> bool:
    """Whether the rule is about this, its hours aside."""
    if conditions.events and fact.event not in conditions.events:
        return False
    if fact.finding and not _of_finding(conditions, fact):
        return False
    if conditions.statuses and fact.status not in conditions.statuses:
        return False
    if conditions.assets and fact.asset not in conditions.assets:
        return False
    if conditions.asset_kinds and fact.asset_kind not in conditions.asset_kinds:
        return False
    return all(fact.labels.get(name) in values for name, values in conditions.labels.items())


def _of_finding(conditions: Conditions, fact: Fact) -> bool:
    if conditions.kinds and fact.kind not in conditions.kinds:
        return False
    if conditions.decisions and fact.decision not in conditions.decisions:
        return False
    return severe_enough(conditions, fact.severity)


def severe_enough(conditions: Conditions, severity: Severity | None) -> bool:
    """Whether a finding of this severity passes."""
    if conditions.severity is None:
        return True
    if severity is None or severity is Severity.UNKNOWN:
        return conditions.unknown
    return severity.rank >= conditions.severity.rank


def quiet_until(
    quiet: Quiet, severity: Severity, moment: datetime, zone: tzinfo
) -> datetime | None:
    """Until when this is to be held back, None when it may go now.

    Hours that never end hold nothing back: nobody would ever be told.
    """
    if severity.rank >= quiet.below.rank or not within(quiet.windows, moment, zone):
        return None
    return end_of(quiet.windows, moment, zone)
