"""`security.yaml`: what the operator demands of everybody who comes in.

Each key is a clause. Whoever enforces one says so by its name (`lockout.free`), and a clause that
is in force and that nobody enforces is an error at start: a rule that only stands in a file is
worse than none.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access.lockout import Rule
from vigie.services.access.refresh_tokens import Limits
from vigie.services.outbound.addresses import Rules
from vigie.services.strict_files import read_strictly

_GUIDE = T("docs/guides/security.md shows every key and what it may hold.")
Tries = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Seconds = Annotated[float, msgspec.Meta(ge=0.1, le=3600)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=60 * 24 * 7)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=24 * 366)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_525)]
# Signed accounts of who did what are asked for long after; less than this helps nobody.
AuditDays = Annotated[int, msgspec.Meta(ge=90, le=36_525)]
# It can be raised, not lowered.
Length = Annotated[int, msgspec.Meta(ge=12, le=128)]
AccessMinutes = Annotated[int, msgspec.Meta(ge=1, le=60)]


def _check_networks(ranges: tuple[str, ...]) -> None:
    for each in ranges:
        ipaddress.ip_network(each)  # msgspec makes its ValueError an error that names the key


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Lockout(_Strict, frozen=True):
    """After `free` failures each more doubles the wait, from `first_seconds` to
    `longest_minutes`; the count halves every `halves_minutes`."""

    free: Tries = 4
    address_free: Tries = 20
    first_seconds: Seconds = 2.0
    longest_minutes: Minutes = 15
    halves_minutes: Minutes = 360
    address_halves_minutes: Minutes = 30

    def account_rule(self) -> Rule:
        return Rule(
            self.free, self.first_seconds, self.longest_minutes * 60.0, self.halves_minutes * 60.0
        )

    def address_rule(self) -> Rule:
        return Rule(
            self.address_free,
            self.first_seconds,
            self.longest_minutes * 60.0,
            self.address_halves_minutes * 60.0,
        )


class SecondFactor(_Strict, frozen=True):
    """Roles that get nothing but the setting up of a second factor until they have one."""

    required_for: frozenset[Role] = frozenset()


class Passwords(_Strict, frozen=True):
    minimum_length: Length = 12


class Sessions(_Strict, frozen=True):
    """How long an access token lives, a session without use, and a session in any case."""

    access_minutes: AccessMinutes = 15
    idle_hours: Hours = 24 * 7
    absolute_hours: Hours = 24 * 30

    def access_lifetime(self) -> timedelta:
        return timedelta(minutes=self.access_minutes)

    def limits(self) -> Limits:
        return Limits(
            idle=timedelta(hours=self.idle_hours), absolute=timedelta(hours=self.absolute_hours)
        )


class Networks(_Strict, frozen=True):
    """CIDR ranges that people and keys may come from; empty for anywhere."""

    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_networks(self.allowed)


class Outbound(_Strict, frozen=True):
    """What inside may be called all the same by webhooks, registries and sign-on: networks,
    addresses and host names, each also with `:port` (services/outbound)."""

    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            Rules(self.allowed)
        except UserError as error:
            raise ValueError(str(error)) from error


class Tls(_Strict, frozen=True):
    """The oldest version that is spoken where the server has a certificate."""

    minimum: str | float = "1.3"

    def __post_init__(self) -> None:
        if str(self.minimum) not in {"1.2", "1.3"}:
            raise ValueError("write 1.2 or 1.3")

    @property
    def version(self) -> str:
        """ "1.2" or "1.3", however YAML read it."""
        return str(self.minimum)


class Retention(_Strict, frozen=True):
    """Days that each noun is kept, counted from when it was closed or written; null for ever.
    A tenant may shorten what holds for it."""

    findings: Days | None = None
    runs: Days | None = None
    observations: Days | None = None
    imports: Days | None = 365
    events: Days | None = 365
    reports: Days | None = 365
    jobs: Days | None = 30
    deliveries: Days | None = 90
    sessions: Days | None = 90
    audit: AuditDays | None = None


class SecurityPolicy(_Strict, frozen=True):
    """Everything the file says, and the defaults for what it does not."""

    lockout: Lockout = Lockout()
    second_factor: SecondFactor = SecondFactor()
    password: Passwords = Passwords()
    sessions: Sessions = Sessions()
    networks: Networks = Networks()
    outbound: Outbound = Outbound()
    tls: Tls = Tls()
    retention: Retention = Retention()


def load_security_policy(path: Path | None) -> SecurityPolicy:
    """The policy of a file, the defaults without one. Raises UserError that names the key."""
    if path is None:
        return SecurityPolicy()
    policy = read_strictly(path, SecurityPolicy, _GUIDE)
    times = policy.sessions
    if not times.access_minutes <= times.idle_hours * 60 <= times.absolute_hours * 60:
        raise UserError(
            T("{name}: a session that is not used must end before its time is over in any case",
              name=str(path)),
            T("Set sessions.idle_hours to at most sessions.absolute_hours."),
        )  # fmt: skip
    return policy


def clauses(policy: SecurityPolicy) -> frozenset[str]:
    """Names of all clauses that are in force: every key but those whose value is null."""
    found = set()
    for section in msgspec.structs.fields(policy):
        values = getattr(policy, section.name)
        for key in msgspec.structs.fields(values):
            if getattr(values, key.name) is not None:
                found.add(f"{section.name}.{key.name}")
    return frozenset(found)


def every_clause() -> frozenset[str]:
    """Names of all clauses there can be."""
    return frozenset(
        f"{section.name}.{key.name}"
        for section in msgspec.structs.fields(SecurityPolicy)
        for key in msgspec.structs.fields(section.default)
    )


def unenforced(policy: SecurityPolicy, enforced: Iterable[str]) -> tuple[str, ...]:
    """Clauses in force that nobody enforces, sorted. Raises ValueError for a name that is no
    clause: an enforcer of nothing is a bug."""
    names = frozenset(enforced)
    unknown = names - every_clause()
    if unknown:
        raise ValueError(f"no such clause: {sorted(unknown)}")
    return tuple(sorted(clauses(policy) - names))


def require_enforced(policy: SecurityPolicy, enforced: Iterable[str]) -> None:
    """Raises UserError when a clause in force is not enforced by this build."""
    left = unenforced(policy, enforced)
    if left:
        raise UserError(
            T("the security policy asks for what nothing here enforces: {clauses}", clauses=left),
            T("Take these keys out of the file, or install the part that enforces them."),
        )
