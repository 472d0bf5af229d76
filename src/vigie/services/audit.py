"""Proves that the audit log is whole: walks the chain, meets its head and its checkpoints.

What is found out: an entry that was changed, dropped, reordered or added, and a chain that was
cut short. What needs a copy kept elsewhere (`checkpoints`, or the log shipped as it grows): that
the whole database was put back to an earlier state of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vigie.model.text import T, Text
from vigie.services.sealing import Sealing
from vigie.stores.relational.audit_chain import ORIGIN, entry_hash, head_mac
from vigie.stores.relational.database import Database, Work
from vigie.stores.relational.ids import PLATFORM, new_id
from vigie.stores.relational.scopes import SYSTEM, Scope, of_tenant
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.governance import AUDIT, AUDIT_CHECKPOINTS, AUDIT_HEADS

_PAGE = 2000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What stood at place `seq` of a chain at some time, signed with Ed25519. Keep copies of
    it elsewhere: a chain that no longer meets it was rewritten."""

    chain: str
    seq: int
    hash: str
    key: str
    signature: str
    at: str = ""

    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        return f"vigie audit checkpoint\n{self.chain}\n{self.seq}\n{self.hash}".encode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one chain. It is whole when there are no `problems`."""

    chain: str
    entries: int
    checkpoints: int
    problems: tuple[Text, ...] = ()

    @property
    def whole(self) -> bool:
        """True when nothing speaks against it."""
        return not self.problems


def signer(sealing: Sealing) -> Ed25519PrivateKey:
    """The key that signs checkpoints; its own, derived from the platform's."""
    return Ed25519PrivateKey.from_private_bytes(sealing.derived("audit checkpoints"))


def head_key(sealing: Sealing) -> bytes:
    """The key that heads are sealed with; given to `Database.audit_key`."""
    return sealing.derived("audit heads")


def public_key(sealing: Sealing) -> str:
    """What others verify checkpoints with, in hex."""
    return signer(sealing).public_key().public_bytes_raw().hex()


def chains(database: Database) -> Iterator[Scope]:
    """The scope of every chain: the platform's, then each tenant's."""
    yield SYSTEM
    with database.read(SYSTEM) as work:
        tenants = [row.id for row in work.run(sa.select(TENANTS.c.id).order_by(TENANTS.c.id))]
    yield from (of_tenant(tenant) for tenant in tenants)


def verify(
    database: Database, scope: Scope, sealing: Sealing, kept: Sequence[Checkpoint] = ()
) -> Verdict:
    """Walk one chain from its beginning. `kept` are checkpoints that lay elsewhere.

    Reads one state of the database, so the log may grow meanwhile.
    """
    chain = scope.chain
    problems: list[Text] = []
    with database.read(scope) as work:
        signed = _checkpoints(work, chain)
        places = {c.seq: c for c in signed}
        expected, previous, count = 1, ORIGIN, 0
        hashes: dict[int, str] = {}
        wanted = set(places) | {c.seq for c in kept if c.chain == chain}
        try:
            for row in _entries(work, chain):
                count += 1
                problems += _broken(row, chain, expected, previous)
                expected, previous = row["seq"] + 1, row["hash"]
                if row["seq"] in wanted:
                    hashes[row["seq"]] = row["hash"]
                if len(problems) >= 20:
                    break
        except (ValueError, TypeError, OverflowError):  # what was written is no such value
            problems.append(T("an entry after entry {last} cannot be read", last=expected - 1))
        problems += _head_problems(work, chain, expected - 1, previous, sealing)
    for checkpoint in [*signed, *(c for c in kept if c.chain == chain)]:
        problems += _unmet(checkpoint, hashes, sealing)
    return Verdict(chain, count, len(signed), tuple(problems[:20]))


def sign(database: Database, scope: Scope, sealing: Sealing, now: Any) -> Checkpoint | None:
    """Sign where the chain stands now; None when nothing was added since the last time."""
    with database.begin(scope) as work:
        heads = AUDIT_HEADS
        row = work.run(sa.select(heads).where(_of(heads, scope.chain))).one_or_none()
        last = max((c.seq for c in _checkpoints(work, scope.chain)), default=0)
        if row is None or row.seq == last:
            return None
        unsigned = Checkpoint(scope.chain, row.seq, row.hash, sealing.key_id, "")
        signature = signer(sealing).sign(unsigned.signed()).hex()
        values = {
            "tenant_id": scope.chain, "id": new_id(), "seq": row.seq, "hash": row.hash,
            "key_id": sealing.key_id, "signature": signature, "at": now,
        }  # fmt: skip
        work.run(sa.insert(AUDIT_CHECKPOINTS), [values])
        return Checkpoint(
            scope.chain, row.seq, row.hash, sealing.key_id, signature, now.isoformat()
        )


def checkpoint_fits(checkpoint: Checkpoint, key: str) -> bool:
    """Whether `key` (hex, `public_key`) signed it."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(checkpoint.signature), checkpoint.signed())
    except (InvalidSignature, ValueError):
        return False
    return True


def entries(database: Database, scope: Scope, after: int = 0) -> Iterator[Row]:
    """The entries of one chain after a place, oldest first, page by page."""
    while True:
        with database.read(scope) as work:
            page = _page(work, scope.chain, after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1]["seq"]


def _entries(work: Work, chain: str) -> Iterator[Row]:
    after = 0
    while page := _page(work, chain, after):
        yield from page
        after = page[-1]["seq"]


def _page(work: Work, chain: str, after: int) -> list[Row]:
    query = (
        sa.select(AUDIT)
        .where(_of(AUDIT, chain), AUDIT.c.seq > after)
        .order_by(AUDIT.c.seq)
        .limit(_PAGE)
    )
    return [dict(row) for row in work.run(query).mappings()]


def _of(table: sa.Table, chain: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = table.c.tenant_id == chain
    return found


def _checkpoints(work: Work, chain: str) -> list[Checkpoint]:
    rows = work.run(sa.select(AUDIT_CHECKPOINTS).where(_of(AUDIT_CHECKPOINTS, chain)))
    return [Checkpoint(chain, r.seq, r.hash, r.key_id, r.signature, r.at.isoformat()) for r in rows]


def _broken(row: Row, chain: str, expected: int, previous: str) -> list[Text]:
    seq = row["seq"]
    if seq != expected:
        return [T("entry {seq} stands where {expected} should be", seq=seq, expected=expected)]
    if row["previous"] != previous:
        return [T("entry {seq} does not follow the one before it", seq=seq)]
    if entry_hash(previous, chain, row) != row["hash"]:
        return [T("entry {seq} was changed", seq=seq)]
    return []


def _head_problems(
    work: Work, chain: str, last: int, previous: str, sealing: Sealing
) -> Iterator[Text]:
    row = work.run(sa.select(AUDIT_HEADS).where(_of(AUDIT_HEADS, chain))).one_or_none()
    if row is None:
        if last:
            yield T("the head of the log is gone")
        return
    if (row.seq, row.hash) != (last, previous):
        yield T("the log ends at entry {last}, and its head says {head}", last=last, head=row.seq)
    elif row.mac != head_mac(head_key(sealing), chain, row.seq, row.hash) and row.seq:
        yield T("the head of the log was not written by this platform")


def _unmet(checkpoint: Checkpoint, hashes: dict[int, str], sealing: Sealing) -> Iterator[Text]:
    if not checkpoint_fits(checkpoint, public_key(sealing)):
        yield T("the checkpoint at entry {seq} is not signed by this platform", seq=checkpoint.seq)
    elif hashes.get(checkpoint.seq) != checkpoint.hash:
        yield T("the log does not meet its checkpoint at entry {seq}", seq=checkpoint.seq)


def chain_name(chain: str) -> Text | str:
    """For people."""
    return T("the platform") if chain == PLATFORM else chain
