"""Sessions of a tenant, seen and ended by who manages the people who have them."""

from __future__ import annotations

from vigie.model.access import NotAllowed, Role, manages
from vigie.model.text import T
from vigie.services.access import sessions
from vigie.services.failures import Conflict, NotFound
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import access
from vigie.stores.relational.fields import FLAG, ID, TIME, Field
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import SESSIONS

LISTING = Listing(
    "sessions",
    SESSIONS,
    {
        "id": Field(SESSIONS.c.id, ID),
        "user_id": Field(SESSIONS.c.user_id, ID, facet=True),
        "address": Field(SESSIONS.c.address, facet=True),
        "agent": Field(SESSIONS.c.agent),
        "created_at": Field(SESSIONS.c.created_at, TIME, sort=True),
        "last_used_at": Field(SESSIONS.c.last_used_at, TIME, sort=True),
        "expires_at": Field(SESSIONS.c.expires_at, TIME),
        "revoked_at": Field(SESSIONS.c.revoked_at, TIME),
        "revoked_why": Field(SESSIONS.c.revoked_why),
        "revoked": Field(SESSIONS.c.revoked_at.is_not(None), FLAG, facet=True),
    },
    sort="-last_used_at",
)


def revoke(platform: Platform, caller: Caller, session: str) -> None:
    """End somebody's session that began in the caller's tenant. Raises NotFound, also for
    another tenant's; NotAllowed for somebody whom the caller does not manage; Conflict for one
    that is over."""
    with platform.database.begin(SYSTEM) as work:
        row = access.session(work, session, lock=True)
        person = access.person(work, row["user_id"]) if row is not None else None
        if row is None or person is None or row["tenant_id"] != caller.tenant:
            raise NotFound(T("there is no session {id}", id=session[:100]))
        # Somebody who was taken out of the tenant since is nobody here.
        role = sessions.role_in(work, person, caller.tenant) or Role.AGENT
        if person["id"] != caller.principal.id and not manages(caller.principal.role, role):
            raise NotAllowed(
                T("you may not sign out somebody whose role is {role}", role=str(role)),
                T("Ask somebody whose own role is above it."),
            )
        if row["revoked_at"] is not None:
            raise Conflict(T("this session is over already"))
        sessions.end(work, platform, row, "revoked")
        with work.within(caller.scope):
            work.audit(caller.entry("session.revoke", "session", session, user=person["id"]))
