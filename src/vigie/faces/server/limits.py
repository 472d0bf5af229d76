"""Rate limits at the door of the API, and what an answer says of them.

`RateLimit-Policy` stands on every answer that was counted; `RateLimit-Limit`, `-Remaining` and
`-Reset` on those that were refused (draft-ietf-httpapi-ratelimit-headers).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from vigie.faces.server import cookies
from vigie.model.access import Permission
from vigie.services.failures import TooMany
from vigie.services.platform import Platform
from vigie.services.rate_limits import DEFAULTS, Kind, Rate, kind_of, spend, spend_of_address


def spend_of_tenant(connection: HTTPConnection, tenant: str, permission: Permission) -> None:
    """Count a request of somebody of this tenant, once. Raises TooMany."""
    if getattr(connection.state, "rate", None) is not None:
        return
    kind = kind_of(connection.scope.get("method", "GET"), permission)
    rate = _announce(connection, kind)
    try:
        spend(_platform(connection), kind, tenant, rate)
    except TooMany as error:
        _announce(connection, kind, error.after)
        raise


class Doorkeeper:
    """Counts who knocks, by address."""

    def __init__(self, request: Request) -> None:
        self._request = request
        kind = Kind.REFRESH if request.url.path.endswith("/refresh") else Kind.SIGN_IN
        rate = _announce(request, kind)
        address = request.client.host if request.client else ""
        try:
            spend_of_address(_platform(request), kind, address, rate)
        except TooMany as error:
            _announce(request, kind, error.after)
            raise

    def require_own_page(self, by_cookie: bool) -> None:
        """A page of somebody else's must not sign a browser in. Raises NotAllowed."""
        if by_cookie:
            cookies.require_own_origin(self._request, _platform(self._request))


Door = Annotated[Doorkeeper, Depends(Doorkeeper)]


def headers_of(rate: tuple[Kind, Rate, float | None] | None) -> dict[str, str]:
    """The headers of an answer whose request was counted."""
    if rate is None:
        return {}
    kind, bucket, wait = rate
    found = {"RateLimit-Policy": f'"{kind}";q={bucket.burst};w={bucket.window}'}
    if wait is not None:
        reset = str(max(1, math.ceil(wait)))
        found |= {"RateLimit-Limit": str(bucket.burst), "RateLimit-Remaining": "0"}
        found |= {"RateLimit-Reset": reset}
    return found


def _announce(connection: HTTPConnection, kind: Kind, wait: float | None = None) -> Rate:
    rates: Mapping[Kind, Rate] = getattr(connection.app.state, "rates", DEFAULTS)
    connection.state.rate = (kind, rates[kind], wait)
    return rates[kind]


def _platform(connection: HTTPConnection) -> Platform:
    platform: Platform = connection.app.state.platform
    return platform
