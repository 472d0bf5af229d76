"""What every request goes through: its id, its limits, the headers of its answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import MutableMapping
from typing import Any

import anyio
import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vigie.faces.server.bugs import Guarded
from vigie.faces.server.limits import headers_of
from vigie.faces.server.measuring import Measured, tenant_of
from vigie.faces.server.problems import problem
from vigie.model.text import T
from vigie.services.platform import Platform
from vigie.stores.relational.ids import new_id

LARGEST_BODY = 1 << 20  # bytes
LARGEST_UPLOAD = 512 << 20
UPLOADS = ("/api/v1/imports",)
AT_ONCE = 2  # questions; measured: one leaves a processor idle, more wait for each other
TURN = 0.2  # seconds, after which a question that takes long no longer holds up the others
BODY_SECONDS = 300.0  # for a whole body to arrive

_REQUEST_ID = re.compile(r"[\w.-]{8,64}")


def content_policy(styles: str = "") -> str:
    """No inline script, nothing from elsewhere, in no frame (CSP Level 3). `styles` adds to where
    styles may come from: the page of the screens names its nonce there, nothing else does."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'{styles and ' ' + styles}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def install(app: FastAPI, platform: Platform) -> None:  # noqa: ARG001  limits will come from it
    """Put every request of the application through these, from the last named to the first."""
    app.add_middleware(Guarded)
    app.add_middleware(InTurn)
    app.add_middleware(Bounded)
    app.add_middleware(Measured)
    app.add_middleware(Marked)


class Marked:
    """Gives each request an id (the caller's own when it is a decent one), puts it into the log
    and the answer, and adds the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if _REQUEST_ID.fullmatch(asked) else new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.monotonic()
        status = 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers.update(headers_of(scope["state"].get("rate")))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, marked)
        finally:
            structlog.get_logger().info(
                "request", method=scope.get("method", ""), path=scope["path"], status=status,
                tenant=tenant_of(scope),
                seconds=round(time.monotonic() - began, 4),
            )  # fmt: skip
            structlog.contextvars.unbind_contextvars("request_id")


class Bounded:
    """Refuses bodies that are too large or take too long to arrive."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = LARGEST_UPLOAD if scope["path"].startswith(UPLOADS) else LARGEST_BODY
        said = Headers(scope=scope).get("content-length", "")
        if said.isascii() and said.isdigit() and int(said[:20]) > most:
            await _refuse(413, scope, receive, send)
            return
        deadline = time.monotonic() + BODY_SECONDS
        seen = 0
        whole = False

        async def bounded() -> Message:
            nonlocal seen, whole
            if whole:
                return await receive()  # only waits for the other side to hang up
            with anyio.move_on_after(max(0.0, deadline - time.monotonic())) as limit:
                message: MutableMapping[str, Any] = await receive()
            if limit.cancelled_caught:
                raise HTTPException(408)
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > most:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)


class InTurn:
    """Lets few questions be worked on at once, the others wait for their turn: one interpreter
    runs one thread at a time, and more of them only take it from each other.

    A turn ends when the answer begins, so that streams hold none, and after `TURN` seconds, so
    that slow questions hold up nobody; sign-in, which may wait for somebody else's server, and all
    that changes something need none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _quick(scope["path"]):
            await self.app(scope, receive, send)
            return
        await self._turns.acquire()
        waiting = True

        def end() -> None:
            nonlocal waiting
            if waiting:
                waiting = False
                self._turns.release()

        async def begun(message: Message) -> None:
            end()
            await send(message)

        late = asyncio.get_running_loop().call_later(TURN, end)
        try:
            await self.app(scope, receive, begun)
        finally:
            late.cancel()
            end()


def _quick(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/v1/auth/")


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Before the application is even asked."""
    answer = problem(
        Request(scope, receive), status, "too-large", T("Too large"),
        T("the request has more bytes than are taken"),
    )  # fmt: skip
    await answer(scope, receive, send)
