"""How much one tenant, or one address that is not known yet, may ask for in a while.

Token buckets in the cache, which several servers share when it is Redis. They keep one tenant
from taking the machine away from the others; what keeps guessers out is the lockout.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import structlog

from vigie.model.access import Permission
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services.access.lockout import address_key
from vigie.services.failures import TooMany
from vigie.services.platform import Platform

_log = structlog.get_logger("vigie.limits")
_P = Permission
_HEAVY = frozenset({_P.IMPORTS_WRITE, _P.SCANS_WRITE, _P.REPORTS_WRITE, _P.GATES_READ})


class Kind(StrEnum):
    """What endpoints have a bucket of their own. `HEAVY` ones begin work that takes long;
    `SIGN_IN` and `REFRESH` are counted by address."""

    READ = "read"
    WRITE = "write"
    HEAVY = "heavy"
    SIGN_IN = "sign-in"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second from then on."""

    burst: int
    rate: float

    @property
    def window(self) -> int:
        """Seconds after which an empty bucket is full again."""
        return max(1, round(self.burst / self.rate))


DEFAULTS: Mapping[Kind, Rate] = MappingProxyType({
    Kind.READ: Rate(3000, 300.0),
    Kind.WRITE: Rate(1000, 100.0),
    Kind.HEAVY: Rate(300, 5.0),
    Kind.SIGN_IN: Rate(60, 1.0),
    Kind.REFRESH: Rate(300, 10.0),
})  # fmt: skip


def kind_of(method: str, permission: Permission) -> Kind:
    """The bucket of a request that needs this permission."""
    if permission in _HEAVY and method != "GET":
        return Kind.HEAVY
    return Kind.READ if method in ("GET", "HEAD") else Kind.WRITE


def spend(platform: Platform, kind: Kind, whose: str, rate: Rate) -> None:
    """Take one from the bucket of a tenant. Raises TooMany when it is empty. A cache that is
    gone refuses nobody: readiness tells of it, and limits are not what keeps people out."""
    key = f"rate/{kind}/{whose}"
    try:
        wait = platform.cache.take_token(key, rate=rate.rate, burst=rate.burst, now=time.time())
    except SourceError as error:
        _log.warning("limits.unknown", reason=str(error))
        return
    if wait:
        raise TooMany(
            T("too many requests at once"),
            T("Wait as long as Retry-After says; whoever needs more asks the operator."),
            after=wait,
        )


def spend_of_address(platform: Platform, kind: Kind, address: str, rate: Rate) -> None:
    """The same for somebody who is not known yet; an IPv6 customer's whole /64 counts as one."""
    spend(platform, kind, address_key(address), rate)


def rates_of(text: str) -> Mapping[Kind, Rate]:
    """`read=300,heavy=5`: requests a second of some kinds; the others keep their defaults. Bursts
    grow with them. Raises UserError."""
    found = dict(DEFAULTS)
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = part.partition("=")
        try:
            kind, rate = Kind(name.strip()), float(value)
        except ValueError:
            rate = 0.0
        if not 0.01 <= rate <= 1_000_000:
            raise UserError(
                T("{value!r} is no rate limit", value=part[:100]),
                T("Write KIND=REQUESTS_A_SECOND; kinds are: {names}", names=[str(k) for k in Kind]),
            )
        usual = DEFAULTS[kind]
        found[kind] = Rate(max(1, round(usual.burst * rate / usual.rate)), rate)
    return MappingProxyType(found)
