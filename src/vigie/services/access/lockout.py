"""Lockout: who guesses passwords waits longer and longer; who owns the account gets in again.

Failures are counted for the account and for the address apart. After a few free tries each more
failure doubles the wait, up to a cap; the count halves for each stretch of peace. Nothing is
ever locked for good, so nobody can lock another out for good:

- The longest wait is the cap (minutes), whatever was tried, and tries that are refused while
  waiting are not counted: the wait ends when it said it would. The stored count is bounded too.
- A browser that once signed in carries a device cookie (OWASP, "Slow down online guessing with
  device cookies"): its failures are counted on a record of its own, so an attacker elsewhere who
  keeps the account waiting does not keep its owner waiting (`new_device`, `known_device`).
- Only what can be guessed waits: a passkey cannot, so it lets in at any time.
- Nobody is told whether the account exists: unknown names are counted alike.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

_COUNT_CAP = 64.0
_FORGOTTEN = 0.5


class Watched(StrEnum):
    """What failures are counted for."""

    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Rule:
    """`free` failures cost nothing; then the wait is `first` seconds, doubled by each more, at
    most `longest`. The count halves every `halves` seconds without a failure."""

    free: int
    first: float = 2.0
    longest: float = 900.0
    halves: float = 21600.0


# Somebody who never stops has some hundred guesses a day at an account.
ACCOUNT_RULE = Rule(free=4)
# Behind one address may sit a whole company: more tries, sooner forgotten.
ADDRESS_RULE = Rule(free=20, halves=1800.0)


@dataclass(frozen=True, slots=True)
class Failures:
    """What is kept for one account or address: the count as it was at `last`."""

    count: float = 0.0
    last: datetime | None = None
    until: datetime | None = None


def wait(record: Failures, now: datetime) -> float:
    """Seconds until the next try is looked at; 0.0 when it is at once.

    Check this before the password, and say nothing about the password while it is not 0.
    """
    if record.until is None or record.last is None:
        return 0.0
    # A clock that was set back must not make the wait longer than it was.
    longest = (record.until - record.last).total_seconds()
    return min(max(0.0, (record.until - now).total_seconds()), longest)


def failed(record: Failures, now: datetime, rule: Rule) -> Failures:
    """The record after one more failure that was looked at. While waiting it stays as it is."""
    if wait(record, now) > 0.0:
        return record
    count = min(_decayed(record, now, rule) + 1.0, _COUNT_CAP)
    over = count - rule.free
    if over <= 0:
        return Failures(count, now)
    seconds = min(rule.first * 2.0 ** (over - 1.0), rule.longest)
    return Failures(count, now, now + timedelta(seconds=seconds))


def succeeded(record: Failures, watched: Watched, now: datetime, rule: Rule) -> Failures:
    """The record after the right password *and* second factor.

    An account starts anew. An address only loses one failure: else an attacker with one account
    of their own would wash their address clean between guesses at others'.
    """
    if watched is Watched.ACCOUNT:
        return Failures()
    count = max(0.0, _decayed(record, now, rule) - 1.0)
    return replace(record, count=count, last=now, until=None)


def taken_back(record: Failures, rule: Rule) -> Failures:
    """The record without the failure that was counted ahead for a try that was none."""
    count = max(0.0, record.count - 1.0)
    return replace(record, count=count, until=record.until if count > rule.free else None)


def is_forgotten(record: Failures, now: datetime, rule: Rule) -> bool:
    """Whether the record says nothing any more and its row can go."""
    return wait(record, now) == 0.0 and _decayed(record, now, rule) == 0.0


def longest_wait(records: Iterable[Failures], now: datetime) -> float:
    return max((wait(record, now) for record in records), default=0.0)


def new_device(server_key: bytes, name: str) -> str:
    """The value of a device cookie, given after each full sign-on and kept long: it lets nobody
    in, it only says that this browser once signed in to that account."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_device_seal(server_key, name, nonce)}"


def known_device(server_key: bytes, name: str, cookie: str) -> str:
    """Which device the cookie names; "" when it was not given here to this account."""
    nonce, _, seal = cookie[:256].partition(".")
    right = hmac.compare_digest(
        _device_seal(server_key, name, nonce).encode(), seal.encode(errors="replace")
    )
    return nonce if right else ""


def account_key(name: str, device: str = "") -> str:
    """The key of an account's record: a hash, for what is typed there may be a password.

    `device` is from `known_device`, never what a browser sent.
    """
    text = f"{_account(name)}\0{device}"
    return f"account:{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:40]}"


def address_key(address: str) -> str:
    """The key of an address's record. One IPv6 customer has a whole /64 to come from."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "address:unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return f"address:{ip.ipv4_mapped}"
        return f"address:{ipaddress.ip_network((ip, 64), strict=False)}"
    return f"address:{ip}"


def _account(name: str) -> str:
    return name[:320].strip().casefold()


def _device_seal(server_key: bytes, name: str, nonce: str) -> str:
    text = f"vigie device\0{_account(name)}\0{nonce}".encode(errors="replace")
    return hmac.new(server_key, text, hashlib.sha256).hexdigest()


def _decayed(record: Failures, now: datetime, rule: Rule) -> float:
    if record.last is None:
        return 0.0
    peace = max(0.0, (now - record.last).total_seconds())
    count = float(record.count * 0.5 ** (peace / rule.halves))
    # What is left of a failure long ago must not cost a free try, kept or not (`is_forgotten`).
    return count if count >= _FORGOTTEN else 0.0
