"""The audit log as a chain: each entry holds the hash of the one before it.

A dropped, changed, reordered or truncated entry breaks the chain or no longer meets its head
and its signed checkpoints. There is one chain for each tenant and one for the platform.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite
from sqlalchemy.engine import Connection

from vigie.stores.relational.scopes import Scope
from vigie.stores.relational.tables.governance import AUDIT, AUDIT_HEADS

ORIGIN = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing. `detail` holds plain values and never a secret.

    `outcome` is "done" or "refused"; `actor_kind` "user", "key" or "system".
    """

    action: str
    actor_kind: str = "system"
    actor_id: str = ""
    actor: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""
    address: str = ""
    outcome: str = "done"


def entry_hash(previous: str, chain: str, row: dict[str, Any]) -> str:
    """SHA-256 over the previous hash and the row in one fixed form: sorted keys, JSON, UTC
    microseconds. `row` has every column of the table but the hashes."""
    plain = {
        name: value.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
        if name not in ("hash", "previous", "tenant_id")
    }
    body = msgspec.json.encode([previous, chain, plain], order="deterministic")
    return hashlib.sha256(body).hexdigest()


def head_mac(key: bytes, chain: str, seq: int, last: str) -> str:
    """HMAC-SHA256 over the head: whoever only has the database cannot cut the chain short and
    write a head that fits. "" without a key."""
    if not key:
        return ""
    return hmac.new(key, f"{chain}\n{seq}\n{last}".encode(), hashlib.sha256).hexdigest()


def append(
    connection: Connection, scope: Scope, entries: Sequence[Entry], key: bytes = b""
) -> None:
    """Chain the entries to the scope's log. Holds the chain's head until the commit, so that
    no other transaction can take the same place."""
    if not entries:
        return
    chain = scope.chain
    seq, previous = _head(connection, chain)
    rows = []
    now = datetime.now(UTC)
    for entry in entries:
        seq += 1
        row = {
            "tenant_id": chain,
            "seq": seq,
            "action": entry.action,
            "actor_kind": entry.actor_kind,
            "actor_id": entry.actor_id,
            "actor": entry.actor,
            "subject_kind": entry.subject_kind,
            "subject_id": entry.subject_id,
            "detail": msgspec.json.decode(msgspec.json.encode(entry.detail)),
            "request_id": entry.request_id,
            "address": entry.address,
            "outcome": entry.outcome,
            "at": now,
        }
        row["hash"] = entry_hash(previous, chain, row)
        row["previous"] = previous
        previous = row["hash"]
        rows.append(row)
    connection.execute(sa.insert(AUDIT), rows)
    connection.execute(
        sa.update(AUDIT_HEADS)
        .where(AUDIT_HEADS.c.tenant_id == chain)
        .values(seq=seq, hash=previous, mac=head_mac(key, chain, seq, previous))
    )


def _head(connection: Connection, chain: str) -> tuple[int, str]:
    """The last place and hash, locked (SQLite: the whole transaction is)."""
    upsert: Any = upsert_sqlite if connection.dialect.name == "sqlite" else upsert_postgresql
    connection.execute(
        upsert(AUDIT_HEADS)
        .values(tenant_id=chain, seq=0, hash=ORIGIN)
        .on_conflict_do_nothing(index_elements=["tenant_id"])
    )
    query = sa.select(AUDIT_HEADS.c.seq, AUDIT_HEADS.c.hash).where(AUDIT_HEADS.c.tenant_id == chain)
    row = connection.execute(query.with_for_update()).one()
    return row.seq, row.hash
