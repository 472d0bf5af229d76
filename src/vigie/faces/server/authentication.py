"""Who a connection is: an access token, an API key, or the cookies of a browser."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from vigie.faces.server import cookies
from vigie.model.access import NotSignedIn, Principal
from vigie.model.text import T
from vigie.services.access import authentication
from vigie.services.access.api_keys import PREFIX as KEY_PREFIX
from vigie.services.access.visits import Visit, said_agent
from vigie.services.platform import Platform

TENANT = "vigie-tenant"


def authenticate(connection: HTTPConnection, platform: Platform) -> Principal:
    """The principal of a request, in the tenant of its header `Vigie-Tenant` (id or slug).

    Raises NotSignedIn when it shows nothing, or nothing that holds; NotAllowed for a tenant that
    is not theirs, and for a request that a page of somebody else's sent with our cookies.
    """
    tenant = connection.headers.get(TENANT, "").strip()[:200]
    visit = visit_of(connection)
    word = bearer_of(connection)
    if word.startswith(KEY_PREFIX):
        known = authentication.by_key(platform, word, tenant, visit)
    elif word:
        known = authentication.by_token(platform, word, tenant, visit)
    else:
        token = cookies.access_token(connection, platform)
        if not token:
            raise NotSignedIn(
                T("you are not signed in"), T("POST /api/v1/auth/sign-in, or send an API key.")
            )
        known = authentication.by_token(platform, token, tenant, visit)
        cookies.require_own_page(connection, platform, known.principal.session)
        connection.state.by_cookie = True
    connection.state.language = known.language
    connection.state.must = known.must
    return known.principal


def bearer_of(connection: HTTPConnection) -> str:
    """What the header `Authorization: Bearer …` holds; "" without one (RFC 6750, 2.1)."""
    kind, _, word = connection.headers.get("authorization", "").partition(" ")
    return word.strip() if kind.lower() == "bearer" else ""


def visit_of(connection: HTTPConnection) -> Visit:
    """The request as somebody's who is not known yet."""
    return Visit(
        connection.client.host if connection.client else "",
        said_agent(connection.headers.get("user-agent", "")),
        getattr(connection.state, "request_id", ""),
        cookies.device(connection),
    )
