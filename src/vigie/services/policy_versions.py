"""The versions of a policy: each text that it has had, who wrote it and when.

Whether a policy is the tenant's default is no part of its text, so that makes no version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.model.text import T
from vigie.services import records
from vigie.services.failures import NotFound
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.governance import POLICIES, POLICY_VERSIONS

POLICY = Noun("policy", POLICIES)
MOST = 500  # versions of a policy; the oldest go
_V = POLICY_VERSIONS.c
Row = dict[str, Any]


def listed(platform: Platform, caller: Caller, policy_id: str) -> list[Row]:
    """The versions without their texts, the newest first. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        records.find(work, POLICY, policy_id)
        columns = (_V.version, _V.name, _V.actor, _V.restored, _V.at)
        query = sa.select(*columns).where(work.mine(POLICY_VERSIONS), _V.policy_id == policy_id)
        return [dict(row) for row in work.run(query.order_by(_V.version.desc())).mappings()]


def read(platform: Platform, caller: Caller, policy_id: str, version: int) -> Row:
    """One version with its text. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        records.find(work, POLICY, policy_id)
        return find(work, policy_id, version)


def find(work: Work, policy_id: str, version: int) -> Row:
    """The version's row. Raises NotFound."""
    row = None
    if is_id(policy_id):
        query = sa.select(POLICY_VERSIONS).where(
            work.mine(POLICY_VERSIONS), _V.policy_id == policy_id, _V.version == version
        )
        row = work.run(query).mappings().one_or_none()
    if row is None:
        raise NotFound(T("the policy has no version {version}", version=version))
    return dict(row)


def locked(work: Work, policy_id: str) -> Row:
    """The policy's row, until the transaction ends nobody else's to change: two who write at once
    would both write the same version. Raises NotFound."""
    if is_id(policy_id):
        own = sa.and_(work.mine(POLICIES), POLICIES.c.id == policy_id)
        work.run(sa.select(POLICIES.c.id).where(own).with_for_update()).first()
    return records.find(work, POLICY, policy_id)


def keep(
    work: Work, caller: Caller, policy: Mapping[str, Any], *, restored: int | None = None
) -> None:
    """Keep what the policy says now as its version. `restored` is the one it was brought back
    from."""
    row = {
        "policy_id": policy["id"], "version": policy["version"], "name": policy["name"],
        "source": policy["source"], "actor": caller.principal.name,
        "actor_id": caller.principal.id, "restored": restored, "at": policy["updated_at"],
    }  # fmt: skip
    work.insert(POLICY_VERSIONS, [row])
    old = sa.and_(_V.policy_id == policy["id"], _V.version <= policy["version"] - MOST)
    work.run(sa.delete(POLICY_VERSIONS).where(work.mine(POLICY_VERSIONS), old))
