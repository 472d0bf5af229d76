"""Cookies of a browser's session, and proof that a request comes from a page of our own.

`__Host-` cookies are only taken over TLS, for this very host and all its paths, so no neighbour
on a sister domain can plant one (RFC 6265bis, 4.1.3). SameSite=Strict keeps other sites from
sending them; a header with a token bound to the session and the page's origin prove the rest.

Browsers refuse such names over plain HTTP. On this machine alone, where there is no TLS to be
had, cookies of other names stand in; what they hold is worth nothing elsewhere.
"""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from fastapi import Response
from starlette.requests import HTTPConnection

from vigie.model.access import NotAllowed
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.access.sessions import SignedIn, csrf_token
from vigie.services.platform import Platform

CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SECURE, _LOOPBACK = "__Host-vigie-", "vigie-development-"
_DEVICE_SECONDS = 365 * 24 * 3600


def access_token(connection: HTTPConnection, platform: Platform) -> str:
    """The access token of the browser, "" without one."""
    return _cookie(connection, platform, "access")


def refresh_token(connection: HTTPConnection, platform: Platform) -> str:
    """The refresh token of the browser, "" without one."""
    return _cookie(connection, platform, "refresh")


def device(connection: HTTPConnection) -> str:
    """The device cookie; it lets nobody in, so it is taken by either name."""
    names = (f"{_SECURE}device", f"{_LOOPBACK}device")
    return next((connection.cookies[n] for n in names if n in connection.cookies), "")[:256]


def give(
    response: Response, connection: HTTPConnection, platform: Platform, given: SignedIn
) -> None:
    """Set the cookies of a session. Raises UserError where a browser would not keep them."""
    secure = _is_secure(connection, platform)
    held = given.access_seconds
    _set(response, "access", given.access_token, held, secure=secure)
    if given.refresh_token:
        _set(response, "refresh", given.refresh_token, given.refresh_seconds, secure=secure)
    # Read by our own pages, which send it back in a header.
    kept = given.refresh_seconds
    _set(response, "csrf", given.csrf, kept, secure=secure, hidden=False)
    if given.device:
        _set(response, "device", given.device, _DEVICE_SECONDS, secure=secure)


def take_away(response: Response, connection: HTTPConnection, platform: Platform) -> None:
    """Have the browser forget its session; the device stays known."""
    secure = not _is_loopback_only(connection, platform)
    for name in ("access", "refresh", "csrf"):
        _set(response, name, "", 0, secure=secure)


def keep_sign_on(
    response: Response, connection: HTTPConnection, platform: Platform, word: str, seconds: int
) -> None:
    """Bind a sign-on to this browser. The provider's page sends the browser back to us, and a
    strict cookie would stay behind; it is good for one answer. "" takes it away."""
    secure = _is_secure(connection, platform)
    _set(response, "sign-on", word, seconds, secure=secure, strict=False)


def sign_on(connection: HTTPConnection, platform: Platform) -> str:
    """The word of the sign-on that this browser began, "" without one."""
    return _cookie(connection, platform, "sign-on")


def require_own_page(connection: HTTPConnection, platform: Platform, session: str) -> None:
    """Refuse what a page of somebody else's may have sent. What only reads is let through, but
    not a WebSocket: no rule of browsers keeps other pages from reading those.

    Raises NotAllowed.
    """
    is_socket = connection.scope["type"] == "websocket"
    if not is_socket and connection.scope["method"] in SAFE:
        return
    require_own_origin(connection, platform)
    if is_socket:  # a page cannot set headers there; its origin is always told
        if not connection.headers.get("origin"):
            raise _foreign()
        return
    shown = connection.headers.get(CSRF_HEADER, "")
    right = csrf_token(platform, session)
    if not hmac.compare_digest(shown.encode(errors="replace"), right.encode()):
        raise NotAllowed(
            T("the request lacks the token of your session's pages"),
            T("Send the value of the cookie whose name ends in csrf in the header X-CSRF-Token."),
        )


def require_own_origin(connection: HTTPConnection, platform: Platform) -> None:
    """Refuse a request that a browser says another site's page sent. Raises NotAllowed."""
    site = connection.headers.get("sec-fetch-site", "same-origin")
    origin = connection.headers.get("origin")
    if site not in ("same-origin", "none") or (
        origin is not None and origin not in own_origins(connection, platform)
    ):
        raise _foreign()


def own_origins(connection: HTTPConnection, platform: Platform) -> frozenset[str]:
    """Where our own pages come from: the platform's address; on this machine alone, also the
    address that was asked."""
    found = set()
    if platform.address:
        parts = urlsplit(platform.address)
        found.add(f"{parts.scheme}://{parts.netloc}")
    here = f"{_scheme(connection)}://{connection.headers.get('host', '')}"
    # A name of somebody else's may lead here too (DNS rebinding); those of this machine do not.
    local = _is_loopback_only(connection, platform) and _is_loopback(urlsplit(here).hostname or "")
    if local or not platform.address:
        found.add(here)
    return frozenset(found)


def _cookie(connection: HTTPConnection, platform: Platform, name: str) -> str:
    loopback = _is_loopback_only(connection, platform)
    return connection.cookies.get(f"{_LOOPBACK if loopback else _SECURE}{name}", "")


def _set(
    response: Response,
    name: str,
    value: str,
    seconds: int,
    *,
    secure: bool,
    hidden: bool = True,
    strict: bool = True,
) -> None:
    response.set_cookie(
        f"{_SECURE if secure else _LOOPBACK}{name}", value, max_age=seconds, path="/",
        secure=secure, httponly=hidden, samesite="strict" if strict else "lax",
    )  # fmt: skip


def _is_secure(connection: HTTPConnection, platform: Platform) -> bool:
    if _is_loopback_only(connection, platform):
        return False
    if _scheme(connection) == "https" or platform.address.startswith("https:"):
        return True
    raise UserError(
        T("a browser can only be signed in over TLS"),
        T("Give the server a certificate (VIGIE_TLS_CERTIFICATE), or set VIGIE_ADDRESS to the "
          "https:// address of the proxy before it."),
    )  # fmt: skip


def _is_loopback_only(connection: HTTPConnection, platform: Platform) -> bool:
    """Plain HTTP on this very machine: said by the socket itself, and by the platform's address
    if it has one. Behind a proxy that speaks TLS the address begins with https."""
    if _scheme(connection) != "http" or platform.address.startswith("https:"):
        return False
    server = connection.scope.get("server")
    named = (urlsplit(platform.address).hostname or "") if platform.address else "localhost"
    return _is_loopback(server[0] if server else "") and _is_loopback(named)


def _scheme(connection: HTTPConnection) -> str:
    return {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _foreign() -> NotAllowed:
    return NotAllowed(
        T("the request comes from a page of another site"),
        T("Open this platform at its own address."),
    )
