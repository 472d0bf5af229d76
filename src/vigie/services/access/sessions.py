"""Sessions: begun when somebody proved who they are, refreshed, listed, and ended at once.

A session is a row and a family of refresh tokens. Access tokens name it, and every request looks
at the row, so an ended session is over with the next request.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from vigie.model.access import NotSignedIn, Role
from vigie.model.text import T
from vigie.services.access import access_tokens, refresh_tokens, stored_keys
from vigie.services.access.access_tokens import AccessClaims
from vigie.services.access.refresh_tokens import Family, Outcome
from vigie.services.access.visits import Visit, require_network
from vigie.services.platform import Platform
from vigie.stores.relational import access
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant

Person = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What somebody gets who is let in. `refresh_token` is "" when they go on with theirs;
    seconds are how long each lives. `device` is the value of a device cookie, "" for none."""

    session: str
    user: str
    tenant: str
    access_token: str = field(repr=False)
    access_seconds: int
    refresh_token: str = field(repr=False)
    refresh_seconds: int
    csrf: str = field(repr=False)
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody proved who they are: `amr` as in RFC 8176."""

    amr: tuple[str, ...]
    tenant: str = ""  # asked for by id or slug; "" for the first one of theirs
    sign_on: str = ""  # the tenant's provider that vouched for them: the session is good there


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was begun or refreshed. `hand_out` signs its access token when the
    transaction is over: signing may have to ask the database for the keys."""

    row: Mapping[str, Any]
    role: Role
    token: str = field(repr=False)


def begin(work: Work, platform: Platform, person: Person, proof: Proof, visit: Visit) -> Opened:
    """A new session, in a transaction of the system's scope. Raises NotSignedIn for somebody who
    belongs to no tenant, or not to the one that they ask for."""
    now = platform.clock()
    tenant = _tenant_for(work, person, proof.tenant)
    session = new_id()
    limits = platform.policy.sessions.limits()
    started = refresh_tokens.start(_key(platform), UUID(tenant), UUID(session), now, limits)
    methods = {
        "amr": list(proof.amr), "at": now.isoformat(), "entered": [], "sign_on": proof.sign_on
    }  # fmt: skip
    row = {
        "id": session, "tenant_id": tenant, "user_id": person["id"], "methods": methods,
        "family": msgspec.to_builtins(started.family), "address": visit.address,
        "agent": visit.agent, "created_at": now, "last_used_at": now,
        "expires_at": started.family.idle_until,
    }  # fmt: skip
    access.add_session(work, row)
    access.set_login(work, person["id"], now)
    entry = visit.entry_of(
        "session.begin", person["id"], person["name"] or person["email"], session=session,
        methods=list(proof.amr),
    )  # fmt: skip
    with work.within(of_tenant(tenant)):
        work.audit(entry)
    return Opened(row, _role(work, person, tenant), started.token)


def refresh(platform: Platform, text: str, visit: Visit) -> SignedIn:
    """New tokens for a refresh token. Raises NotSignedIn when the session is over, and ends it
    when the token was used before: somebody else has it (services/access/refresh_tokens)."""
    require_network(platform, visit.address)
    shown = refresh_tokens.read_refresh_token(_key(platform), text)
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        row = access.session(work, str(shown.family), lock=True)
        person = access.person(work, row["user_id"]) if row is not None else None
        if row is None or person is None or row["revoked_at"] or person["disabled_at"]:
            raise _over()
        family = msgspec.convert(row["family"], Family)
        limits = platform.policy.sessions.limits()
        decision = refresh_tokens.decide(_key(platform), shown, family, now, limits)
        if decision.family is not family:
            _store(work, row, person, decision.family, visit, now)
        if decision.outcome.lets_in:
            row = {**row, "expires_at": decision.family.idle_until}
            opened = Opened(row, _role(work, person, row["tenant_id"]), decision.token)
    if decision.outcome.lets_in:
        return hand_out(platform, opened)
    # Beyond the transaction: that the family has ended must be kept.
    raise NotSignedIn(
        T("your session has ended: its refresh token was used twice")
        if decision.outcome is Outcome.REPLAYED
        else T("your session has ended"),
        T("Sign in again."),
    )


def end(work: Work, platform: Platform, session: Mapping[str, Any], why: str) -> None:
    """End a session; the caller writes the audit entry, in the session's tenant."""
    access.set_session(work, session["id"], {"revoked_at": platform.clock(), "revoked_why": why})


def of_person(platform: Platform, user_id: str) -> Sequence[Mapping[str, Any]]:
    """Somebody's own sessions that live, the latest used first."""
    with platform.database.read(SYSTEM) as work:
        return access.sessions_of(work, user_id, platform.clock())


def csrf_token(platform: Platform, session: str) -> str:
    """What a page of ours sends back in a header and a page of somebody else's cannot know: bound
    to the session, so that nobody's own fits another's."""
    key = platform.sealing.derived("csrf")
    return hmac.new(key, session.encode(), "sha256").hexdigest()[:32]


def session_of_refresh_token(platform: Platform, text: str) -> str:
    """Which session a refresh token is of. Raises NotSignedIn when it was not made here."""
    return str(refresh_tokens.read_refresh_token(_key(platform), text).family)


def role_in(work: Work, person: Person, tenant: str) -> Role | None:
    """What somebody is in a tenant; None when they may not enter it."""
    if person["super_admin"]:
        return Role.SUPER_ADMIN
    roles = {row["id"]: row["role"] for row in access.tenants_of(work, person["id"])}
    return Role(roles[tenant]) if tenant in roles else None


def _tenant_for(work: Work, person: Person, asked: str) -> str:
    theirs = access.tenants_of(work, person["id"])
    wanted = [row["id"] for row in theirs if not asked or asked in (row["id"], row["slug"])]
    if not wanted and person["super_admin"]:
        found = access.tenant_named(work, asked) if asked else access.first_tenant(work)
        wanted = [found["id"]] if found is not None else []
    if not wanted:
        raise NotSignedIn(
            T("you belong to no tenant that you could work in"),
            T("Ask an owner or administrator of your tenant to add you."),
        )
    tenant: str = wanted[0]
    return tenant


def _store(
    work: Work, row: Mapping[str, Any], person: Person, family: Family, visit: Visit, now: datetime
) -> None:
    values: dict[str, Any] = {"family": msgspec.to_builtins(family), "last_used_at": now}
    if family.ended:
        values |= {"revoked_at": now, "revoked_why": family.ended}
        entry = visit.entry_of(
            "session.replay", person["id"], person["name"] or person["email"],
            session=row["id"], outcome="refused",
        )  # fmt: skip
        with work.within(of_tenant(row["tenant_id"])):
            work.audit(entry)
    else:
        values |= {"expires_at": family.idle_until, "address": visit.address}
    access.set_session(work, row["id"], values)


def hand_out(platform: Platform, opened: Opened) -> SignedIn:
    """What the person gets, once the session is kept."""
    row = opened.row
    lifetime = platform.policy.sessions.access_lifetime()
    claims = AccessClaims(
        row["user_id"], row["tenant_id"], row["id"], opened.role, tuple(row["methods"]["amr"]),
        datetime.fromisoformat(row["methods"]["at"]),
    )  # fmt: skip
    audience = stored_keys.audience_of(platform)
    ring, now = stored_keys.ring_of(platform), platform.clock()
    signed = access_tokens.issue(ring, claims, audience, now, new_id(), lifetime)
    return SignedIn(
        row["id"], row["user_id"], row["tenant_id"], signed, int(lifetime.total_seconds()),
        opened.token, max(0, int((row["expires_at"] - now).total_seconds())),
        csrf_token(platform, row["id"]),
    )  # fmt: skip


def with_device(given: SignedIn, device: str) -> SignedIn:
    """The same, and a device cookie with it."""
    return replace(given, device=device)


def _role(work: Work, person: Person, tenant: str) -> Role:
    role = role_in(work, person, tenant)
    if role is None:
        raise _over()
    return role


def _over() -> NotSignedIn:
    return NotSignedIn(T("your session has ended"), T("Sign in again."))


def _key(platform: Platform) -> bytes:
    return platform.sealing.derived("refresh tokens")
