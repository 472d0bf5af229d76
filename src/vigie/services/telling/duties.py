"""What the platform does by itself to tell from time to time: digests, states of tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from vigie.services.platform import Platform
from vigie.services.scheduler import Duty
from vigie.services.telling.digests import release_digests, tenants_of
from vigie.services.telling.following import poll
from vigie.services.worker import Handler

# Nothing of this is a job: what is to be told is a row of the outbox, which the courier takes.
HANDLERS: Mapping[str, Handler] = MappingProxyType({})


def duties() -> Sequence[Duty]:
    """For the scheduler that leads."""
    return (
        Duty("digests", timedelta(minutes=1), release_digests),
        Duty("tickets", timedelta(minutes=1), poll_tickets),
    )


def poll_tickets(platform: Platform) -> int:
    """Have tickets looked at that nobody has looked at for a while; how many."""
    return sum(poll(platform, tenant) for tenant in tenants_of(platform))
