"""Counts and traces requests by their route's template, never by their address."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vigie.services.telemetry import traces
from vigie.services.telemetry.metrics import REQUEST_SECONDS, REQUESTS

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ELSEWHERE = "unmatched"


class Measured:
    """Every HTTP request, from its first byte to the last of its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Anybody may send any method; as a label each would be kept for ever.
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        began, status = time.perf_counter(), 0

        async def measured(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with traces.span(method, "SERVER", parent=sent, http__request__method=method) as span:
            try:
                await self.app(scope, receive, measured)
            finally:
                route = template_of(scope)
                span.name(f"{method} {route}")
                span.note(http__route=route, http__response__status_code=status,
                          vigie__request_id=scope.get("state", {}).get("request_id", ""),
                          vigie__tenant=tenant_of(scope))  # fmt: skip
                if status >= 500 or not status:
                    span.failed(str(status or "cut off"))
                # 0: the answer never began, as when whoever asked was gone.
                REQUESTS.labels(method, route, str(status)).inc()
                REQUEST_SECONDS.labels(method, route).observe(time.perf_counter() - began)


def template_of(scope: Scope) -> str:
    """`/api/v1/findings/{finding_id}`; "unmatched" for an address that is nobody's."""
    route = scope.get("route")
    path = str(getattr(route, "path", "") or "")
    if not path:
        return _ELSEWHERE
    # A route of an included router may only know its own end of the address.
    prefix = "/api/v1"
    return (
        path if path.startswith(prefix) or not scope["path"].startswith(prefix) else prefix + path
    )


def tenant_of(scope: Scope) -> str:
    """Whose request it was, "" when nobody was known."""
    caller = scope.get("state", {}).get("caller")
    return caller.tenant if caller is not None else ""
