"""API keys of a tenant: made by people, shown once, never more than their maker may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from vigie.model.access import (
    ROLE_PERMISSIONS,
    NotAllowed,
    Permission,
    PrincipalKind,
    Role,
    manages,
    scope_permissions,
)
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import records
from vigie.services.access.api_keys import new_key, require_networks
from vigie.services.failures import Conflict
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.stores.relational import access, keys
from vigie.stores.relational.database import Work
from vigie.stores.relational.fields import COUNT, DOCUMENT, FLAG, ID, TIME, Field
from vigie.stores.relational.ids import is_id, new_id
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import API_KEYS

KEY = Noun("api-key", API_KEYS)
Row = Mapping[str, Any]

LISTING = Listing(
    "api-keys",
    API_KEYS,
    {
        "id": Field(API_KEYS.c.id, ID),
        "name": Field(API_KEYS.c.name, sort=True),
        "hint": Field(API_KEYS.c.hint),
        "scopes": Field(API_KEYS.c.scopes, DOCUMENT),
        "networks": Field(API_KEYS.c.networks, DOCUMENT),
        "created_by": Field(API_KEYS.c.created_by, ID),
        "created_at": Field(API_KEYS.c.created_at, TIME, sort=True),
        "expires_at": Field(API_KEYS.c.expires_at, TIME),
        "last_used_at": Field(API_KEYS.c.last_used_at, TIME),
        "last_address": Field(API_KEYS.c.last_address),
        "revoked_at": Field(API_KEYS.c.revoked_at, TIME),
        "revoked": Field(API_KEYS.c.revoked_at.is_not(None), FLAG, facet=True),
        "revision": Field(API_KEYS.c.revision, COUNT),
    },
    search=(API_KEYS.c.name, API_KEYS.c.hint),
)


def grantable(role: Role) -> frozenset[Permission]:
    """What a key may do that somebody of this role made: what they may, and what those may whose
    roles they give (an owner makes keys for agents)."""
    below = [ROLE_PERMISSIONS[other] for other in Role if manages(role, other)]
    return ROLE_PERMISSIONS[role].union(*below)


def of_maker(platform: Platform, row: Row) -> frozenset[Permission]:
    """What the maker of a key (`keys.with_maker`) may still do in its tenant; nothing once they
    are gone."""
    if row["created_by"] is None:
        return frozenset()
    if row["role"] is None or row["super_admin"]:
        # Whoever belongs to no tenant is not seen from within one.
        with platform.database.read(SYSTEM) as work:
            maker = access.person(work, row["created_by"])
        lives = maker is not None and maker["super_admin"] and not maker["disabled_at"]
        return grantable(Role.SUPER_ADMIN) if lives else frozenset()
    return frozenset() if row["disabled_at"] else grantable(Role(row["role"]))


def create(
    work: Work, platform: Platform, caller: Caller, wanted: Mapping[str, Any]
) -> tuple[Row, str]:
    """A key of this `name`, `scopes`, `networks` and `expires_at`; its text is shown once and
    kept nowhere. Raises NotAllowed for a scope beyond the caller's own, UserError for one that
    there is not, a network that is none, or a time that is over."""
    if caller.principal.kind is not PrincipalKind.USER:
        raise NotAllowed(T("a key does not make keys"))
    key_id = new_id()
    made = new_key(UUID(caller.tenant), UUID(key_id))
    row = {
        **_checked(platform, caller, wanted), "id": key_id, "hash": made.hash, "hint": made.hint,
        "created_by": caller.principal.id, "created_at": platform.clock(),
    }  # fmt: skip
    return records.add(work, caller, KEY, row), made.text


def change(
    platform: Platform, caller: Caller, key_id: str, wanted: Mapping[str, Any],
    expected: int | None,
) -> Row:  # fmt: skip
    """Change its name, scopes, networks or end. Raises as `create`, NotFound, Outdated, and
    Conflict for a key that is revoked. What it may do afterwards must be what the caller may give
    and its maker too: nobody widens by another's key what they, or that other, may do."""
    with platform.database.read(caller.scope) as work:
        made = keys.with_maker(work, key_id) if is_id(key_id) else None
    makers = of_maker(platform, made) if made is not None else frozenset()
    with platform.database.begin(caller.scope) as work:
        before = records.find(work, KEY, key_id)
        _require_living(before)
        scopes = wanted.get("scopes", before["scopes"] or [])
        _require_grantable(caller, scopes)
        if "scopes" in wanted and (beyond := scope_permissions(scopes) - makers):
            raise NotAllowed(
                T("a key may not do more than whoever made it: {names}", names=_names(beyond)),
                T("Make a key of your own for that."),
            )
        values = _checked(platform, caller, wanted)
        return records.change(work, caller, KEY, key_id, values, expected)


def revoke(platform: Platform, caller: Caller, key_id: str, expected: int | None) -> None:
    """End its use with the next request. Raises NotFound, Outdated, Conflict."""
    now = platform.clock()
    with platform.database.begin(caller.scope) as work:
        _require_living(records.find(work, KEY, key_id))
        records.change(work, caller, KEY, key_id, {"revoked_at": now}, expected)


def _checked(platform: Platform, caller: Caller, wanted: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(wanted)
    if "scopes" in values:
        _require_grantable(caller, values["scopes"])
    if "networks" in values:
        values["networks"] = list(require_networks(values["networks"]))
    ends = values.get("expires_at")
    if isinstance(ends, datetime) and ends <= platform.clock():
        raise UserError(T("the key would be over before it begins"), T("Give a time to come."))
    return values


def _require_grantable(caller: Caller, scopes: list[str]) -> None:
    if not scopes:
        raise UserError(T("a key needs at least one scope"), T("For a pipeline it is ci."))
    role = caller.principal.role
    beyond = scope_permissions(scopes) - (grantable(role) if role is not None else frozenset())
    if beyond:
        raise NotAllowed(
            T("a key may not do more than you: {names}", names=_names(beyond)),
            T("Leave these out, or ask somebody who may."),
        )


def _names(permissions: Iterable[Permission]) -> list[str]:
    return sorted(str(permission) for permission in permissions)


def _require_living(row: Row) -> None:
    if row["revoked_at"] is not None:
        raise Conflict(T("this key is revoked"), T("Make a new one."))
