"""Puts a platform together of its settings: which database, queue and cache, which plugs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.caches import Cache
from vigie.ports.queues import Queue
from vigie.services.access.security_policy import load_security_policy
from vigie.services.audit import head_key
from vigie.services.live import Announcer
from vigie.services.outbound import Outbound
from vigie.services.platform import Platform, Plugged
from vigie.services.redaction import Redactor
from vigie.services.sealing import open_sealing
from vigie.stores.relational import migration
from vigie.stores.relational.database import Database
from vigie.stores.relational.scopes import SYSTEM
from vigie.wiring.enforcement import check_policy
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.plugs import NOTIFIERS, OUTLETS, REPORTS, SCANNERS, TRACKERS, Plugs
from vigie.wiring.secrets import secrets_of
from vigie.wiring.words import words

OUTBOUND_VARIABLE = "VIGIE_OUTBOUND_ALLOWED"
# The server's own, when nothing keeps its folder from others.
_FOLDER_MODE = 0o700


@contextmanager
def opened(
    settings: PlatformSettings, environ: Mapping[str, str], redactor: Redactor | None = None
) -> Iterator[Platform]:
    """The platform of these settings, closed at the end.

    Raises UserError when a setting cannot hold, the schema is another version's, or nothing
    would keep tenants apart; SourceError when an engine does not answer.
    """
    platform = build_platform(settings, environ, redactor)
    try:
        reach(platform.database)
        migration.check_current(platform.database.engine)
        migration.check_application(platform.database.engine)
        # Whoever gets at the database alone can then not write an audit log that fits.
        sealing = open_sealing(platform.database, platform.secrets)
        platform.database.audit_key = head_key(sealing)
        yield replace(platform, sealing=sealing)
    finally:
        close_platform(platform)


def build_platform(
    settings: PlatformSettings, environ: Mapping[str, str], redactor: Redactor | None = None
) -> Platform:
    """The parts that the settings choose; nothing is asked of the engines yet."""
    settings.data.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    policy = load_security_policy(settings.security_policy)
    check_policy(policy)
    allowed = [one.strip() for one in environ.get(OUTBOUND_VARIABLE, "").split(",")]
    database, cache = Database(settings.database), _cache(settings)
    database.announce = Announcer(cache)
    return Platform(
        database=database,
        queue=_queue(settings, database),
        cache=cache,
        secrets=secrets_of(settings.data, environ, redactor),
        outbound=Outbound([*(one for one in allowed if one), *policy.outbound.allowed]),
        policy=policy,
        plugs=Plugged(
            Plugs(REPORTS), Plugs(SCANNERS), Plugs(OUTLETS), Plugs(NOTIFIERS), Plugs(TRACKERS)
        ),
        folder=settings.data,
        words=words,
        address=settings.address,
    )


def reach(database: Database) -> None:
    """Raises SourceError when the database does not answer."""
    with database.read(SYSTEM):
        pass


def at_address(platform: Platform, address: str) -> Platform:
    """The same platform, once it is known where people reach it."""
    return replace(platform, address=address)


def close_platform(platform: Platform) -> None:
    """Leave the engines."""
    platform.queue.close()
    platform.cache.close()
    platform.database.close()


def prepare_folder(settings: PlatformSettings) -> None:
    """Bring the folder's own SQLite to this version's schema."""
    settings.data.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        migration.upgrade(database.engine)
    finally:
        database.close()


def _queue(settings: PlatformSettings, database: Database) -> Queue:
    if not settings.queue_url:
        from vigie.stores.relational.queue import TableQueue  # noqa: PLC0415

        return TableQueue(database)
    if settings.queue_url.partition("://")[0] in ("nats", "tls", "ws", "wss"):
        from vigie.stores.queue.nats import NatsQueue  # noqa: PLC0415

        return NatsQueue(settings.queue_url)
    raise UserError(
        T("VIGIE_QUEUE_URL names no queue that Vigie knows"),
        T("Give nats://USER:PASSWORD@HOST:4222, or leave it out: the database has a queue."),
    )


def _cache(settings: PlatformSettings) -> Cache:
    if not settings.cache_url:
        from vigie.stores.cache.memory import MemoryCache  # noqa: PLC0415

        return MemoryCache()
    if settings.cache_url.partition("://")[0] in ("redis", "rediss", "unix"):
        from vigie.stores.cache.redis import RedisCache  # noqa: PLC0415

        return RedisCache(settings.cache_url)
    raise UserError(
        T("VIGIE_CACHE_URL names no cache that Vigie knows"),
        T("Give redis://:PASSWORD@HOST:6379/0, or leave it out: memory is one."),
    )
