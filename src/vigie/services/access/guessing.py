"""The counts of failed sign-ins, kept where every server sees them (services/access/lockout).

A try is counted before it is looked at and taken back when it was right: of fifty guesses at
once, no more are looked at than of fifty in a row. While somebody waits, nothing is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from vigie.model.text import T
from vigie.services.access.lockout import (
    Failures,
    Rule,
    Watched,
    account_key,
    address_key,
    failed,
    is_forgotten,
    known_device,
    longest_wait,
    succeeded,
    taken_back,
)
from vigie.services.access.visits import Visit
from vigie.services.failures import TooMany
from vigie.services.platform import Platform
from vigie.stores.relational import access
from vigie.stores.relational.database import Work
from vigie.stores.relational.scopes import SYSTEM

# No record says anything after this long: 64 failures, halved every six hours.
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Try:
    """One try at one account from one address; the keys of both counts."""

    account: str
    address: str


def try_of(platform: Platform, name: str, visit: Visit) -> Try:
    """The try of a visit at the account of this name, which need not exist."""
    device = known_device(device_key(platform), name, visit.device)
    return Try(account_key(name, device), address_key(visit.address))


def device_key(platform: Platform) -> bytes:
    """What device cookies are sealed with."""
    return platform.sealing.derived("devices")


def count(work: Work, platform: Platform, tried: Try) -> float:
    """Count the try; 0.0 when it may be looked at, else the seconds to wait (not counted)."""
    now = platform.clock()
    records = _records(work, tried, now)
    seconds = longest_wait(records.values(), now)
    if seconds == 0.0:
        rules = _rules(platform, tried)
        for key, record in records.items():
            _set(work, key, failed(record, now, rules[key]), now)
    return seconds


def take_back(work: Work, platform: Platform, tried: Try) -> None:
    """The try was right as far as it went, and is not over: it was no failure."""
    now = platform.clock()
    rules = _rules(platform, tried)
    for key, record in _records(work, tried, now).items():
        _keep(work, key, taken_back(record, rules[key]), now, rules[key])


def forgive(work: Work, platform: Platform, tried: Try) -> None:
    """Somebody proved who they are, in every way that was asked."""
    now = platform.clock()
    rules = _rules(platform, tried)
    for key, record in _records(work, tried, now).items():
        watched = Watched.ACCOUNT if key == tried.account else Watched.ADDRESS
        _keep(work, key, succeeded(record, watched, now, rules[key]), now, rules[key])


def forget_old(platform: Platform) -> int:
    """Remove counts that say nothing any more, and questions that nobody answered: a duty."""
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        return access.forget_old(work, now - _KEPT, now)


def too_many(seconds: float) -> TooMany:
    """What is said while somebody waits: nothing about whether the account exists."""
    return TooMany(
        T("too many sign-ins have failed; wait before you try again"),
        T("Wait, or sign in with a passkey or from a browser that has signed in before."),
        after=seconds,
    )


def _rules(platform: Platform, tried: Try) -> Mapping[str, Rule]:
    lockout = platform.policy.lockout
    return {tried.account: lockout.account_rule(), tried.address: lockout.address_rule()}


def _records(work: Work, tried: Try, now: datetime) -> dict[str, Failures]:
    rows = access.attempts(work, (tried.account, tried.address), now)
    return {key: _read(record) for key, record in rows.items()}


def _keep(work: Work, key: str, record: Failures, now: datetime, rule: Rule) -> None:
    if is_forgotten(record, now, rule):
        access.set_attempt(work, key, None, now)
    else:
        _set(work, key, record, now)


def _set(work: Work, key: str, record: Failures, now: datetime) -> None:
    access.set_attempt(work, key, msgspec.to_builtins(record), now)


def _read(record: Any) -> Failures:
    return Failures() if record is None else msgspec.convert(record, Failures)
