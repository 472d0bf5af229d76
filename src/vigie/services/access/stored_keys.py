"""The keys that sign access tokens, kept sealed in the database, and made anew in time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import uuid4
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from vigie.services.access.access_tokens import Audience
from vigie.services.access.signing_keys import (
    KeyRing,
    Rotation,
    SigningKey,
    key_ring,
    renewed,
    replaced,
)
from vigie.services.platform import Platform
from vigie.stores.relational.access import fact, lock, remember_first
from vigie.stores.relational.audit_chain import Entry
from vigie.stores.relational.database import Database, Work
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import SIGNING_KEYS

# For so long this process may not know that another made or withdrew a key.
KNOWN_FOR = timedelta(seconds=10)
_MARGIN = timedelta(minutes=5)
_NAME = "platform-id"
_known: WeakKeyDictionary[Database, tuple[datetime, KeyRing]] = WeakKeyDictionary()
_audiences: WeakKeyDictionary[Database, Audience] = WeakKeyDictionary()
_turn = threading.Lock()


def ring_of(platform: Platform, kid: str = "") -> KeyRing:
    """The keys that hold now, made when there are none. Looked up anew for a `kid` that is not
    known yet, but not for every token that somebody makes up."""
    now = platform.clock()
    with _turn:
        seen, ring = _known.get(platform.database, (None, None))
        fresh = seen is not None and abs(now - seen) < KNOWN_FOR
        if ring is not None and fresh and (not kid or ring.verifier(kid, now) is not None):
            return ring
        if ring is not None and kid and seen is not None and abs(now - seen) < timedelta(seconds=1):
            return ring
        with platform.database.read(SYSTEM) as work:
            ring = _stored(work, platform)
        if not ring.keys:
            ring = _renew(platform)
        _known[platform.database] = (now, ring)
        return ring


def renew(platform: Platform) -> KeyRing:
    """Make the next key when it is due and forget those that ended: a duty of the scheduler."""
    with _turn:
        ring = _renew(platform)
        _known[platform.database] = (platform.clock(), ring)
        return ring


def replace_all(platform: Platform, actor: str = "platform") -> KeyRing:
    """For when a key may be in wrong hands: every access token there is ends, here at once and
    in other processes within `KNOWN_FOR`. `actor` is who wants it, for the audit log."""
    with _turn:
        with platform.database.begin(SYSTEM) as work:
            lock(work, "signing-keys")
            ring = _stored(work, platform)
            now = platform.clock()
            fresh = replaced(ring, now - _MARGIN)
            _keep(work, platform, ring, fresh, now)
            work.audit(Entry("signing-key.replace-all", actor=actor, subject_kind="signing-key"))
        _known[platform.database] = (now, fresh)
        return fresh


def audience_of(platform: Platform) -> Audience:
    """Who issues this platform's tokens and for whom: a name of its own that does not change
    with the address that people reach it at."""
    known = _audiences.get(platform.database)
    if known is not None:
        return known
    with platform.database.read(SYSTEM) as work:
        name = fact(work, _NAME)
    if name is None:
        with platform.database.begin(SYSTEM) as work:
            name = remember_first(work, _NAME, str(uuid4()))
    issuer = f"urn:uuid:{name}"
    _audiences[platform.database] = Audience(issuer, issuer)
    return _audiences[platform.database]


def _renew(platform: Platform) -> KeyRing:
    with platform.database.begin(SYSTEM) as work:
        lock(work, "signing-keys")
        ring = _stored(work, platform)
        now = platform.clock()
        # The clocks of other servers may be behind: the very first key signs since a while ago.
        fresh = renewed(ring, now if ring.keys else now - _MARGIN)
        if fresh is not ring:
            _keep(work, platform, ring, fresh, now)
        return fresh


def _stored(work: Work, platform: Platform) -> KeyRing:
    table = SIGNING_KEYS
    rows = work.run(sa.select(table).where(table.c.retired_at.is_(None))).all()
    open_key = platform.sealing.open
    lifetime = platform.policy.sessions.access_lifetime()
    return key_ring(
        [(open_key(row.private_key, _place(row.kid)), row.signs_from) for row in rows],
        Rotation(tokens_last=lifetime + _MARGIN),
    )


def _keep(work: Work, platform: Platform, old: KeyRing, new: KeyRing, now: datetime) -> None:
    before, after = {k.kid for k in old.keys}, {k.kid for k in new.keys}
    for key in new.keys:
        if key.kid not in before:
            work.run(sa.insert(SIGNING_KEYS), [_row(key, platform, now)])
            work.audit(_entry("signing-key.create", key.kid))
    for kid in sorted(before - after):
        # The private half is of no use any more, and nobody can lose what is not there.
        gone = sa.update(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == kid)
        work.run(gone.values(retired_at=now, private_key=""))
        work.audit(_entry("signing-key.retire", kid))


def _row(key: SigningKey, platform: Platform, now: datetime) -> dict[str, object]:
    return {
        "kid": key.kid, "algorithm": str(key.algorithm), "created_at": now,
        "private_key": platform.sealing.seal(key.pem, _place(key.kid)),
        "public_key": key.public(), "signs_from": key.signs_from,
    }  # fmt: skip


def _place(kid: str) -> str:
    return f"signing-key/{kid}"


def _entry(action: str, kid: str) -> Entry:
    return Entry(action, actor="platform", subject_kind="signing-key", subject_id=kid)
