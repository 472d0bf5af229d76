"""Checkpoints of the audit log outside the database, and the verification that meets them.

Whoever puts the whole database back to an earlier state of itself is found out by a checkpoint
that lies elsewhere, and by nothing else: so each one is appended to a file in the platform's
folder and said in the process's log.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa
import structlog

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import audit
from vigie.services.audit import Checkpoint, Verdict
from vigie.services.failures import NotFound
from vigie.services.platform import Platform
from vigie.stores.relational.ids import PLATFORM, is_id
from vigie.stores.relational.scopes import SYSTEM, Scope, of_tenant
from vigie.stores.relational.tables.access import TENANTS

FILE = "audit-checkpoints.jsonl"
_LARGEST = 64 * 1024 * 1024  # bytes of a file of checkpoints
_log = structlog.get_logger("vigie.audit")


def sign_all(platform: Platform, scopes: Iterable[Scope] | None = None) -> list[Checkpoint]:
    """Sign every chain that has grown since it was last signed. Each checkpoint is in the
    database, in the file `audit-checkpoints.jsonl` of the folder, and in the log."""
    signed = []
    for scope in scopes if scopes is not None else audit.chains(platform.database):
        made = audit.sign(platform.database, scope, platform.sealing, platform.clock())
        if made is not None:
            append(platform.folder / FILE, made)
            _log.info("audit.checkpoint", **msgspec.to_builtins(made))
            signed.append(made)
    return signed


def append(path: Path, checkpoint: Checkpoint) -> None:
    """One line more, on the disk before this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as out:
        out.write(msgspec.json.encode(checkpoint) + b"\n")
        out.flush()
        os.fsync(out.fileno())


def read(path: Path) -> list[Checkpoint]:
    """The checkpoints of a file, a JSON object a line. A last line that was cut off half way is
    passed over. Raises UserError for what is no such file."""
    if path.stat().st_size > _LARGEST:
        raise UserError(
            T("{path} is larger than {limit} MiB", path=str(path), limit=_LARGEST >> 20),
            T("Give the file that the checkpoints were appended to."),
        )
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    try:
        lines = [line for line in whole.split(b"\n") if line.strip()]
        return [msgspec.json.decode(line, type=Checkpoint) for line in lines]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UserError(
            T("{path} holds no checkpoints of an audit log", path=str(path)),
            T("Give the file that the checkpoints were appended to."),
        ) from None


def scopes_of(platform: Platform, tenant: str) -> list[Scope]:
    """Every chain's, or that of one tenant (its id or short name; "platform" is the platform's
    own). Raises NotFound."""
    if not tenant:
        return list(audit.chains(platform.database))
    if tenant in ("platform", PLATFORM):
        return [SYSTEM]
    named = TENANTS.c.id == tenant if is_id(tenant) else TENANTS.c.slug == tenant
    with platform.database.read(SYSTEM) as work:
        found = work.run(sa.select(TENANTS.c.id).where(named)).scalar_one_or_none()
    if found is None:
        raise NotFound(
            T("there is no tenant {name}", name=tenant[:100]),
            T("Give its id or its short name; `platform` is the log of the platform itself."),
        )
    return [of_tenant(found)]


def verify_all(
    platform: Platform, scopes: Sequence[Scope], kept: Sequence[Checkpoint] = ()
) -> list[Verdict]:
    """What is found of each chain, and of every chain that a kept checkpoint is of and that is
    not there (any more)."""
    verdicts = [audit.verify(platform.database, one, platform.sealing, kept) for one in scopes]
    there = {scope.chain for scope in audit.chains(platform.database)}
    gone = sorted({one.chain for one in kept} - there)
    lost = T("the whole log is gone, and a checkpoint says that there was one")
    return [*verdicts, *(Verdict(chain, 0, 0, (lost,)) for chain in gone)]
