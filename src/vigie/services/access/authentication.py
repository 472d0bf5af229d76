"""Who a request is from, and what they may do in the tenant that they ask for.

Nothing is remembered between two requests: the session, the person, the tenant and the role are
read each time, by primary keys, so what is revoked or taken away is gone with the next request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from vigie.model.access import (
    ROLE_PERMISSIONS,
    NotAllowed,
    NotSignedIn,
    Permission,
    Principal,
    PrincipalKind,
    Role,
)
from vigie.model.text import T
from vigie.services.access import access_tokens, stored_keys
from vigie.services.access.api_keys import StoredKey, permissions_of_key, read_key
from vigie.services.access.keys import of_maker
from vigie.services.access.visits import Visit, require_network
from vigie.services.platform import Platform
from vigie.stores.relational import access, keys
from vigie.stores.relational.scopes import SYSTEM, of_tenant

# RFC 8176: any of these says that it took more than a password.
STRONG = frozenset({"otp", "hwk", "swk", "mfa", "sc"})
ABOUT_ONESELF = frozenset({Permission.ME_READ, Permission.ME_WRITE})
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is signed in. `language` is theirs; `must` names what they have to do before
    they may do anything else: "change-password", "set-up-second-factor"."""

    principal: Principal
    language: str = "en"
    must: tuple[str, ...] = ()


def by_token(platform: Platform, token: str, tenant: str, visit: Visit) -> Known:
    """Who an access token is of, in the tenant (id or slug; "" for the session's own).

    Raises NotSignedIn for a token that does not hold or whose session is over, NotAllowed for a
    tenant or from a network that is not theirs.
    """
    require_network(platform, visit.address)
    now = platform.clock()
    ring = stored_keys.ring_of(platform, access_tokens.key_id(token))
    claims = access_tokens.verify(ring, token, stored_keys.audience_of(platform), now)
    with platform.database.read(SYSTEM) as work:
        row = access.standing(work, claims.session, tenant)
    if row is None or row["user_id"] != claims.subject or _is_over(row, now):
        raise NotSignedIn(T("your session has ended"), T("Sign in again."))
    role = _role(row)
    must = must_do(platform, row, role)
    allowed = ROLE_PERMISSIONS[role]
    principal = Principal(
        PrincipalKind.USER, row["user_id"], row["acts_in"], role,
        allowed & ABOUT_ONESELF if must else allowed, row["id"], tuple(row["methods"]["amr"]),
        row["name"] or row["email"],
    )  # fmt: skip
    if role is Role.SUPER_ADMIN and row["role"] is None and not must:
        _enter(platform, row, principal, visit)
    return Known(principal, row["language"], must)


def by_key(platform: Platform, text: str, tenant: str, visit: Visit) -> Known:
    """Who an API key is of: what its scopes allow and its maker may still do. Raises as
    `by_token`; a key works in its own tenant alone."""
    require_network(platform, visit.address)
    shown, now = read_key(text), platform.clock()
    with platform.database.read(of_tenant(str(shown.tenant))) as work:
        row = keys.with_maker(work, str(shown.id))
    allowed = permissions_of_key(shown, _stored(row), visit.address, now)
    if row is None:
        raise NotSignedIn(T("this API key is not accepted"))
    if tenant and tenant not in (row["tenant_id"], row["slug"]):
        raise NotAllowed(
            T("an API key works in the tenant that it was made in, and in no other"),
            T("Make one in the other tenant."),
        )
    allowed &= of_maker(platform, row)
    if row["last_used_at"] is None or now - row["last_used_at"] >= _USED_EVERY:
        with platform.database.begin(of_tenant(row["tenant_id"])) as work:
            keys.mark_used(work, row["id"], visit.address, now, now - _USED_EVERY)
    return Known(
        Principal(PrincipalKind.KEY, row["id"], row["tenant_id"], None, allowed, name=row["name"])
    )


def must_do(platform: Platform, row: Mapping[str, Any], role: Role) -> tuple[str, ...]:
    """What somebody has to do first: a password of their own, a second factor where the security
    policy asks for one and this session was begun without."""
    found = []
    if row["must_change"]:
        found.append("change-password")
    weak = STRONG.isdisjoint(row["methods"]["amr"])
    if weak and role in platform.policy.second_factor.required_for:
        found.append("set-up-second-factor")
    return tuple(found)


def _is_over(row: Mapping[str, Any], now: datetime) -> bool:
    return bool(row["revoked_at"] or row["disabled_at"]) or row["expires_at"] <= now


def _role(row: Mapping[str, Any]) -> Role:
    """What the person is there. A tenant that is not theirs looks like one that is not there."""
    if row["acts_in"] is not None and row["super_admin"]:
        return Role.SUPER_ADMIN
    elsewhere = row["methods"]["sign_on"] and row["acts_in"] != row["tenant_id"]
    if row["acts_in"] is None or row["role"] is None or row["closed_at"] or elsewhere:
        raise NotAllowed(
            T("you do not belong to this tenant"), T("GET /api/v1/me names those that you do.")
        )
    return Role(row["role"])


def _stored(row: Mapping[str, Any] | None) -> StoredKey | None:
    if row is None or row["closed_at"] is not None:
        return None
    return StoredKey(
        UUID(row["tenant_id"]), UUID(row["id"]), row["hash"], tuple(row["scopes"] or ()),
        row["expires_at"], tuple(row["networks"] or ()), row["revoked_at"] is not None,
    )  # fmt: skip


def _enter(platform: Platform, row: Mapping[str, Any], principal: Principal, visit: Visit) -> None:
    """Write down, once for a session and tenant, that a super-admin went in."""
    if row["acts_in"] in row["methods"]["entered"]:
        return
    with platform.database.begin(SYSTEM) as work:
        now = access.session(work, row["id"], lock=True)
        if now is None or row["acts_in"] in now["methods"]["entered"]:
            return
        methods = {**now["methods"], "entered": [*now["methods"]["entered"], row["acts_in"]]}
        access.set_session(work, row["id"], {"methods": methods})
        with work.within(of_tenant(row["acts_in"])):
            work.audit(
                visit.entry_of("tenant.enter", principal.id, principal.name, session=row["id"])
            )
